"""Lists: runs of items with the sentence that introduces them."""

from collections.abc import Sequence

from corpus.blocks import Block, BlockKind, Placed
from corpus.model import Unit
from corpus.parts import ItemList

FLOATS = (BlockKind.TABLE, BlockKind.FOOTNOTE)


def find_lists(text: str, placed: Sequence[Placed], units: Sequence[Unit]) -> tuple[ItemList, ...]:
    """Runs of items in one section; a footnote or table between two items does not end a list, a new "1." does."""
    lists: list[ItemList] = []
    run: list[Placed] = []
    above: Placed | None = None
    for one in placed:
        if one.block.kind in FLOATS:
            continue
        if run and not _goes_on(run[-1], one):
            lists.append(_list(text, above, run, units))
            run = []
        if one.block.kind is BlockKind.ITEM:
            run.append(one)
        else:
            above = one
    return tuple([*lists, _list(text, above, run, units)] if run else lists)


def _goes_on(last: Placed, one: Placed) -> bool:
    if one.block.kind is not BlockKind.ITEM or one.section != last.section:
        return False
    number, before = _number(one.block), _number(last.block)
    return (number is None and before is None) or (number is not None and before is not None and number == before + 1)


def _number(block: Block) -> int | None:
    marker = block.number.strip(" .)")
    return int(marker) if marker.isdigit() else None


def _list(text: str, above: Placed | None, run: Sequence[Placed], units: Sequence[Unit]) -> ItemList:
    """The sentence above introduces the list when it stands in the same section and ends in a colon."""
    introduction = None
    if above and above.block.kind is BlockKind.PARAGRAPH and above.section == run[0].section:
        last = max((u for u in units if above.start <= u.start and u.end <= above.end), key=_end, default=None)
        if last and text[last.start : last.end].rstrip("”’\"' ").endswith(":"):
            introduction = (last.start, last.end)
    return ItemList(introduction, tuple((p.start, p.end) for p in run), _number(run[0].block) is not None)


def _end(unit: Unit) -> int:
    return unit.end
