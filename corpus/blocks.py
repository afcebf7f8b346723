"""Lines to blocks: chapters, headings, boxes, paragraphs, list items, tables and footnotes, in reading order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.footnotes import find_footnotes
from corpus.layout import BULLET, NUMBERED, SENTENCE_END, Layout, measure_layout, starts_lower
from corpus.lines import Line
from corpus.tables import BOX_CAPTION, find_tables

CHAPTER = re.compile(r"(\d{1,2})\.?\s+(?=[^\W\d_])")
NUMBERED_HEADING = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s+(?=\S)")
# Parts of a report that carry no number but are no subheading either: the terms of the genre in Dutch.
UNNUMBERED_CHAPTER = re.compile(
    r"(management|publieks)?samenvatting|summary|voorwoord|inhoud(sopgave)?|colofon|nawoord|literatuur(lijst)?|"
    r"bronnen(lijst)?|bibliografie|begrippen(lijst)?|afkortingen(lijst)?|bijlagen?\b.*|lijst van .+",
    re.IGNORECASE,
)
LONGEST_HEADING_WORDS = 14
# A bullet can be a dash, but a dash can also stand in a sentence.
DASHES = "-–—*"


class BlockKind(StrEnum):
    """What a block is on paper."""

    CHAPTER = "chapter"
    SUBHEADING = "subheading"
    BOX = "box"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    FOOTNOTE = "footnote"


@dataclass(slots=True)
class Block:
    """Lines that are read as one; `number` and `title` are set for what opens a section.

    A table keeps its caption apart, since other text may stand between the caption and the rows.
    """

    kind: BlockKind
    lines: list[Line]
    number: str = ""
    title: str = ""
    caption: list[Line] = field(default_factory=list)


def find_blocks(lines: Sequence[Line]) -> list[Block]:
    """Every line in exactly one block. A footnote or table that interrupts a paragraph comes after that paragraph."""
    layout = measure_layout(lines)
    footnotes = find_footnotes(lines, layout)
    in_notes = {line for note in footnotes for line in note.lines}
    tables = find_tables([line for line in lines if line not in in_notes], layout)
    in_tables = {line for table in tables for line in (*table.caption, *table.rows)}
    floats = [Block(BlockKind.FOOTNOTE, note.lines, note.number) for note in footnotes]
    floats += [Block(BlockKind.TABLE, t.rows, t.number, t.title, t.caption) for t in tables]
    body = [line for line in lines if line not in in_notes and line not in in_tables]
    return _with_floats(_body_blocks(body, layout), floats)


def _with_floats(blocks: list[Block], floats: list[Block]) -> list[Block]:
    """Place each float after the last block that starts before it."""
    waiting = sorted(floats, key=lambda block: (block.lines or block.caption)[0].start)
    placed: list[Block] = []
    for block in blocks:
        while waiting and (waiting[0].lines or waiting[0].caption)[0].start < block.lines[0].start:
            placed.append(waiting.pop(0))
        placed.append(block)
    return placed + waiting


def _body_blocks(lines: list[Line], layout: Layout) -> list[Block]:
    blocks: list[Block] = []
    chapter = 0
    position = 0
    while position < len(lines):
        block = _heading(lines, position, layout, chapter, blocks[-1] if blocks else None)
        if block is None:
            block = _text_block(lines, position, layout, chapter, blocks[-1] if blocks else None)
        elif block.kind is BlockKind.CHAPTER and block.number:
            chapter = int(block.number)
        blocks.append(block)
        position += len(block.lines)
    return blocks


def _heading(lines: list[Line], position: int, layout: Layout, chapter: int, previous: Block | None) -> Block | None:
    """The heading that starts here, if one does: chapter, box or subheading."""
    line = lines[position]
    before = lines[position - 1] if position else None
    after = lines[position + 1] if position + 1 < len(lines) else None
    if before and not (layout.closes(before) or line.gap) and not _is_heading(previous):
        return None
    if box := BOX_CAPTION.match(line.text):
        return Block(BlockKind.BOX, [line], f"{box['name'].lower()} {box['number']}", line.text[box.end() :].strip())
    if not _looks_like_heading(line, after, layout):
        return None
    numbered = CHAPTER.match(line.text)
    if numbered and int(numbered[1]) == chapter + 1 and not _starts_list(line, after):
        return Block(BlockKind.CHAPTER, [line], numbered[1], line.text[numbered.end() :])
    if UNNUMBERED_CHAPTER.fullmatch(line.text):
        return Block(BlockKind.CHAPTER, [line], "", line.text)
    if deep := NUMBERED_HEADING.match(line.text):
        return Block(BlockKind.SUBHEADING, [line], deep[1], line.text[deep.end() :])
    if line.text[0].isdigit() or BULLET.match(line.text):
        return None
    return Block(BlockKind.SUBHEADING, [line], "", line.text)


def _is_heading(block: Block | None) -> bool:
    return block is not None and block.kind in (BlockKind.CHAPTER, BlockKind.SUBHEADING, BlockKind.BOX)


def _looks_like_heading(line: Line, after: Line | None, layout: Layout) -> bool:
    """Short, alone on its line, no end of a sentence, and what follows starts afresh."""
    return (
        after is not None
        and len(line.words) <= LONGEST_HEADING_WORDS
        and layout.may_be_title(line)
        and line.text[-1] not in ".,;:!"
        and not starts_lower(line.text)
        and any(letter.isalpha() for letter in line.text)
        and not starts_lower(after.text)
    )


def _starts_list(line: Line, after: Line | None) -> bool:
    """Whether a numbered line is the first of a run of numbered lines rather than a chapter's title."""
    here, there = NUMBERED.match(line.text), after and NUMBERED.match(after.text)
    return bool(here and there and int(there[1]) == int(here[1]) + 1)


def _text_block(lines: list[Line], position: int, layout: Layout, chapter: int, previous: Block | None) -> Block:
    first = lines[position]
    before = lines[position - 1] if position else None
    marker = _item_marker(first, before, layout, previous)
    block = Block(BlockKind.ITEM if marker else BlockKind.PARAGRAPH, [first], marker or "")
    for following in range(position + 1, len(lines)):
        last, line = lines[following - 1], lines[following]
        if _breaks(last, line, layout) or _item_marker(line, last, layout, block):
            break
        if _heading(lines, following, layout, chapter, block):
            break
        block.lines.append(line)
    return block


def _breaks(last: Line, line: Line, layout: Layout) -> bool:
    """Whether a new paragraph starts at `line`: white above it, or the line before stops short of the margin.

    In the middle of a sentence only white or a very short line before a capital counts.
    """
    white = line.gap > 0 and line.page == last.page
    if SENTENCE_END.search(last.text):
        return white or not layout.is_full(last)
    return (white and not starts_lower(line.text)) or (line.text[0].isupper() and layout.is_short(last))


def _item_marker(line: Line, before: Line | None, layout: Layout, previous: Block | None) -> str | None:
    """The bullet or number that opens a list item here; a dash inside a sentence or a number out of turn does not."""
    bullet = BULLET.match(line.text)
    if bullet and bullet.group()[0] not in DASHES:
        return bullet.group()
    if before and not layout.closes(before):
        return None
    if bullet:
        return None if before and not SENTENCE_END.search(before.text) else bullet.group()
    if number := NUMBERED.match(line.text):
        expected = {1}
        if previous and previous.kind is BlockKind.ITEM and previous.number.strip(" .)").isdigit():
            expected.add(int(previous.number.strip(" .)")) + 1)
        return number.group() if int(number[1]) in expected else None
    return None
