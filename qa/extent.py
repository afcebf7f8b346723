"""How far a quote reaches: whole lists and tables, what a sentence leans on, and what limits it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from corpus.model import Document, Unit, UnitKind
from corpus.offsets import Span
from qa.sentence import points_back, starts_loosely

LONGEST_LIST, LONGEST_UNASKED_LIST = 1400, 500
# A sentence may lean on one that leans on another.
MOST_LEANT_ON = 2
# What takes back or narrows the sentence before it must not be cut off.
LIMITS = re.compile(
    r"\W*((dit|dat) (geldt|gold) (echter )?(niet|alleen)|echter|maar|toch|tenzij|mits|behalve|uitgezonderd|"
    r"met uitzondering van|daarentegen|daar staat tegenover|wel\b|niet all?e|(een )?uitzondering|desondanks|"
    r"desalniettemin)\b"
    r"|\W*(\w+[\s,]+){1,4}(echter|daarentegen)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\W*maar (liefst|ook)\b", re.IGNORECASE)


def unit_at(document: Document, start: int) -> int:
    """The position of the unit that starts here."""
    return bisect_left(document.units, start, key=lambda unit: unit.start)


def neighbour(document: Document, position: int, step: int) -> int | None:
    """The unit before (-1) or after (1) one, when it stands in the same section, and both are prose of one piece.

    A piece is running text, or one item of a list.
    """
    other = position + step
    if not 0 <= other < len(document.units):
        return None
    one, two = document.units[position], document.units[other]
    if one.section != two.section or one.kind is not two.kind or one.kind is UnitKind.ROW:
        return None
    if one.kind is UnitKind.SENTENCE:
        return other
    item = item_at(document, one.start)
    return other if item is not None and item == item_at(document, two.start) else None


def item_at(document: Document, place: int) -> Span | None:
    """The item of a list that holds a place of the text."""
    lists = document.parts.lists
    number = bisect_right(lists, place, key=lambda one: one.items[0][0]) - 1
    if number < 0:
        return None
    items = lists[number].items
    item = items[bisect_right(items, place, key=lambda one: one[0]) - 1]
    return item if place < item[1] else None


def whole_list(document: Document, position: int, asked: bool) -> tuple[int, int] | None:
    """The whole table or list of records around a row or record; None for other units and when it is too long."""
    text, unit = document.text, document.units[position]
    if unit.kind is not UnitKind.ROW and not _is_record(text, unit):
        return None
    first, last = _run(text, document.units, position)
    start, end = document.units[first].start, document.units[last].end
    if end - start > (LONGEST_LIST if asked else LONGEST_UNASKED_LIST):
        return None
    return (start if first == last else _with_bullet(text, start)), end


def widened(document: Document, first: int, last: int) -> tuple[int, int]:
    """Units `first` to `last` with what they lean on, the list they announce, and what limits them."""
    units, text = document.units, document.text
    for _ in range(MOST_LEANT_ON):
        before = neighbour(document, first, -1)
        if before is None:
            break
        own, other = (text[units[n].start : units[n].end] for n in (first, before))
        if not starts_loosely(own) and not points_back(own, other):
            break
        first = before
    after = neighbour(document, last, 1)
    if after is not None and limits(text[units[after].start : units[after].end]):
        last = after
    return units[first].start, _with_list(text, units, last)


def limits(text: str) -> bool:
    """Whether a sentence takes back or narrows the one before it."""
    return bool(LIMITS.match(text)) and not ASIDE.match(text)


def _with_list(text: str, units: Sequence[Unit], position: int) -> int:
    """The end of a sentence, or of the list it announces with a colon: as many whole items as may be quoted."""
    first = units[position]
    end = first.end
    if text[end - 1] != ":":
        return end
    for unit, following in zip(units[position + 1 :], [*units[position + 2 :], None], strict=False):
        if unit.kind is not UnitKind.ITEM or unit.section != first.section or unit.end - first.start > LONGEST_LIST:
            break
        if following is None or "\n" in text[unit.end : following.start]:
            end = unit.end
    return end


def _with_bullet(text: str, start: int) -> int:
    """Where the line of an item starts, its bullet included: in a list all items look alike."""
    line = text.rfind("\n", 0, start) + 1
    return start if any(letter.isalnum() for letter in text[line:start]) else line


def _is_record(text: str, unit: Unit) -> bool:
    """Whether a list item is a name or a term rather than a sentence."""
    return unit.kind is UnitKind.ITEM and text[unit.end - 1] not in ".!?;:"


def _run(text: str, units: Sequence[Unit], position: int) -> tuple[int, int]:
    """First and last unit of the table or list of records around a unit."""

    def alike(other: Unit) -> bool:
        same = other.section == units[position].section and other.kind is units[position].kind
        return same and (other.kind is UnitKind.ROW or _is_record(text, other))

    first = last = position
    while first and alike(units[first - 1]):
        first -= 1
    while last + 1 < len(units) and alike(units[last + 1]):
        last += 1
    return first, last
