"""Looks at blocks once more, now that all are known: which headings head others, lead-ins, lists of sources."""

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.blocks import HEADINGS, Block, BlockKind
from corpus.layout import Layout, printed_width

YEAR_END = re.compile(r"\b(?:19|20)\d{2}\)?\.?$")
# A lead-in is set smaller or in italics, so its full lines are wider or narrower than the column's.
OTHER_WIDTH = 0.05
FEWEST_SOURCES = 2
SHORTEST_STEM = 5


def arrange(blocks: list[Block], layout: Layout, headings_are_marked: bool) -> list[Block]:
    """The same blocks in the same order, with levels set; a block SOURCES without lines opens a list of sources.

    Where the file marks its headings their levels are its own, and the width of lines says little (columns).
    """
    if headings_are_marked:
        return _with_sources(blocks)
    _nest_groups(blocks)
    for chapter, block in pairwise(blocks):
        if chapter.kind is BlockKind.CHAPTER and _is_lead_in(block, layout):
            block.kind = BlockKind.LEAD_IN
    return _with_sources(blocks)


def _nest_groups(blocks: Sequence[Block]) -> None:
    """A heading right under which another stands heads a group: the headings that follow are one level deeper.

    Where the first of them repeats its word ("Provincies", "Provincie Friesland") only those that do are; else all
    up to the next such heading or chapter.
    """
    stem: str | None = None
    for block, following in pairwise([*blocks, Block(BlockKind.PARAGRAPH, [])]):
        if block.kind in (BlockKind.CHAPTER, BlockKind.BOX):
            stem = None
        if block.kind is not BlockKind.SUBHEADING or block.number or block.level != 2:
            continue
        if following.kind is BlockKind.SUBHEADING and not following.number and following.level == 2:
            own = block.title.lower()[: max(SHORTEST_STEM, len(block.title) - 3)]
            stem = own if following.title.lower().startswith(own) else ""
        elif stem is not None:
            if block.title.lower().startswith(stem):
                block.level = 3
            else:
                stem = None


def _is_lead_in(block: Block, layout: Layout) -> bool:
    """Whether the first paragraph of a chapter is set to another width than the text."""
    if block.kind is not BlockKind.PARAGRAPH or len(block.lines) < 2 or not layout.column:
        return False
    widths = sorted(printed_width(line.text) for line in block.lines[:-1])
    return abs(widths[len(widths) // 2] / layout.column - 1) > OTHER_WIDTH


def _with_sources(blocks: list[Block]) -> list[Block]:
    """Paragraphs at the end of the document that all end in a year are its sources, also without a heading."""
    start = len(blocks)
    while start and blocks[start - 1].kind is BlockKind.PARAGRAPH and YEAR_END.search(blocks[start - 1].text):
        start -= 1
    sources = blocks[start:]
    if len(sources) < FEWEST_SOURCES or not start or blocks[start - 1].kind in HEADINGS:
        return blocks
    for block in sources:
        block.kind = BlockKind.ITEM
    return [*blocks[:start], Block(BlockKind.SOURCES, []), *sources]
