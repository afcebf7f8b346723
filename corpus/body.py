"""Lines to blocks, by layout: chapters, headings, boxes, paragraphs, list items, tables and footnotes in order."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.blocks import Block, BlockKind
from corpus.footnotes import Footnote, find_footnotes, marked_footnotes
from corpus.headings import Page, heading_at
from corpus.hierarchy import arrange
from corpus.layout import BULLET, NUMBERED, SENTENCE_END, Layout, measure_layout, printed_width, starts_lower
from corpus.lines import Line
from corpus.marked import shown_marker
from corpus.reading import Mark
from corpus.tables import Table, find_tables
from corpus.words import Vocabulary

# A bullet can be a dash, but a dash can also stand in a sentence.
DASHES = "-–—*"
FEWEST_LINES, WIDER = 3, 1.05
# How an entry in a list of sources ends.
ENDS_WITH_YEAR = re.compile(r"\b(?:19|20)\d{2}\)?\.?$")


def find_blocks(lines: Sequence[Line], known: Vocabulary, marks: dict[int, Mark]) -> list[Block]:
    """Every line in exactly one block. A footnote or table that interrupts a paragraph comes after that paragraph."""
    layout = measure_layout(lines)
    footnotes = marked_footnotes(lines, marks) or find_footnotes(lines, layout)
    in_notes = {line for note in footnotes for line in note.lines}
    tables = find_tables([line for line in lines if line not in in_notes], layout, marks)
    in_tables = {line for table in tables for line in (*table.caption, *table.rows)}
    body = [line for line in lines if line not in in_notes and line not in in_tables]
    page = Page(body, layout, known, marks)
    blocks = arrange(_body_blocks(page), layout, page.headings_are_marked)
    return _with_floats(blocks, _floats(footnotes, tables))


def _floats(footnotes: Sequence[Footnote], tables: Sequence[Table]) -> list[Block]:
    floats = [Block(BlockKind.FOOTNOTE, note.lines, note.number) for note in footnotes]
    floats += [Block(BlockKind.TABLE, t.rows, t.number, t.title, t.caption) for t in tables]
    return sorted(floats, key=_first)


def _first(block: Block) -> int:
    return min(line.start for line in (*block.caption, *block.lines))


def _with_floats(blocks: list[Block], floats: list[Block]) -> list[Block]:
    """Place each float after the last block that starts before it."""
    waiting = list(floats)
    placed: list[Block] = []
    for block in blocks:
        while waiting and block.lines and _first(waiting[0]) < block.lines[0].start:
            placed.append(waiting.pop(0))
        placed.append(block)
    return placed + waiting


def _body_blocks(page: Page) -> list[Block]:
    blocks: list[Block] = []
    chapter = 0
    position = 0
    while position < len(page.lines):
        previous = blocks[-1] if blocks else None
        block = heading_at(page, position, chapter, previous)
        if block is None:
            block = _text_block(page, position, chapter, previous)
        elif block.kind is BlockKind.CHAPTER and block.number.isdigit():
            chapter = int(block.number)
        blocks.append(block)
        position += len(block.lines)
    return blocks


def _text_block(page: Page, position: int, chapter: int, previous: Block | None) -> Block:
    first = page.lines[position]
    marker = _item_marker(page, position, previous)
    block = Block(BlockKind.ITEM if marker else BlockKind.PARAGRAPH, [first], marker or "")
    for following in range(position + 1, len(page.lines)):
        last, line = page.lines[following - 1], page.lines[following]
        if _breaks(last, line, _own_layout(block, page.layout)) or _item_marker(page, following, block):
            break
        if _starts_sources(block, last, line) or heading_at(page, following, chapter, block):
            break
        block.lines.append(line)
    return block


def _own_layout(block: Block, layout: Layout) -> Layout:
    """The column of a paragraph that is set wider than the text, in a smaller letter: its own lines show its width."""
    widths = sorted(printed_width(line.text) for line in block.lines[:-1])
    if len(widths) < FEWEST_LINES or widths[len(widths) // 2] < WIDER * layout.column:
        return layout
    return replace(layout, column=widths[len(widths) // 2])


def _breaks(last: Line, line: Line, layout: Layout) -> bool:
    """Whether a new paragraph starts at `line`: white above it, or the line before stops short of the margin.

    In the middle of a sentence only white or a very short line before a capital counts.
    """
    if not layout.wrapped:
        return True
    white = line.gap > 0 and line.page == last.page
    if SENTENCE_END.search(last.text):
        return white or not layout.is_full(last)
    return (white and not starts_lower(line.text)) or (line.text[0].isupper() and layout.is_short(last))


def _starts_sources(block: Block, last: Line, line: Line) -> bool:
    """Whether a page opens with an entry of a list of sources, while an item without a full stop ended the last one."""
    record = block.kind is BlockKind.ITEM and not SENTENCE_END.search(last.text) and last.text[-1] != "-"
    return record and line.page > last.page and bool(ENDS_WITH_YEAR.search(line.text))


def _item_marker(page: Page, position: int, previous: Block | None) -> str | None:
    """The bullet or number that opens a list item here; a dash inside a sentence or a number out of turn does not."""
    line, before = page.lines[position], page.lines[position - 1] if position else None
    mark = page.marks.get(line.start)
    if mark and mark.kind == "item":
        return shown_marker(line, mark)
    bullet = BULLET.match(line.text)
    if bullet and bullet.group()[0] not in DASHES:
        return bullet.group()
    if before and not page.layout.closes(before):
        return None
    if bullet:
        return None if before and not SENTENCE_END.search(before.text) else bullet.group()
    if number := NUMBERED.match(line.text):
        expected = {1}
        if previous and previous.kind is BlockKind.ITEM and previous.number.strip(" .)").isdigit():
            expected.add(int(previous.number.strip(" .)")) + 1)
        return number.group() if int(number[1]) in expected else None
    return None
