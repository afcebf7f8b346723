"""Finds the headings of a text that marks none: short lines on their own, chapters in turn, captions of boxes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.blocks import HEADINGS, Block, BlockKind
from corpus.layout import BULLET, NUMBERED, SENTENCE_END, Layout, starts_lower
from corpus.lines import Line
from corpus.reading import Mark
from corpus.tables import BOX_CAPTION
from corpus.words import Vocabulary

CHAPTER = re.compile(r"(\d{1,2})\.?\s+(?=[^\W\d_])")
NUMBERED_HEADING = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s+(?=\S)")
ANY_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=\S)")
# Parts of a report that carry no number but are no subheading either: the terms of the genre in Dutch.
UNNUMBERED_CHAPTER = re.compile(
    r"(management|publieks)?samenvatting|summary|voorwoord|inhoud(sopgave)?|colofon|nawoord|literatuur(lijst)?|"
    r"bronnen(lijst)?|bibliografie|begrippen(lijst)?|afkortingen(lijst)?|bijlagen?\b.*|lijst van .+",
    re.IGNORECASE,
)
LONGEST_HEADING_WORDS = 14
# A name that heads a group of records is spoken of elsewhere in the report too; this often is not chance.
KNOWN_NAME = 3


@dataclass(frozen=True, slots=True)
class Page:
    """What judging a line needs: all lines of the body, the column, the words, and what the file itself marks."""

    lines: Sequence[Line]
    layout: Layout
    known: Vocabulary
    marks: dict[int, Mark] = field(default_factory=dict)

    @property
    def headings_are_marked(self) -> bool:
        """Whether the file says which lines are headings, so that none is guessed."""
        return any(mark.kind == "heading" for mark in self.marks.values())


def heading_at(page: Page, position: int, chapter: int, previous: Block | None) -> Block | None:
    """The heading that starts at a line, if one does: chapter, box or subheading.

    `chapter` is the number of the last numbered chapter, `previous` the block above.
    """
    line = page.lines[position]
    before = page.lines[position - 1] if position else None
    after = page.lines[position + 1] if position + 1 < len(page.lines) else None
    mark = page.marks.get(line.start)
    if mark:
        return marked_heading(line, mark) if mark.kind == "heading" else None
    joined = before and not (page.layout.closes(before) or line.gap)
    if joined and not (previous and previous.kind in HEADINGS) and not _heads_records(page, position, previous):
        return None
    if box := box_caption(line):
        return box
    if page.headings_are_marked or not _looks_like_heading(line, after, page.layout):
        return None
    return _unmarked(line, after, chapter)


def box_caption(line: Line) -> Block | None:
    """The box that a line opens, if it is the caption of one ("tekstkader 2 Wat bewoners vinden")."""
    box = BOX_CAPTION.match(line.text)
    if box is None:
        return None
    return Block(BlockKind.BOX, [line], f"{box['name'].lower()} {box['number']}", line.text[box.end() :].strip())


def marked_heading(line: Line, mark: Mark) -> Block:
    """The chapter or subheading that a line is by its mark, or a box if it says so itself."""
    if box := box_caption(line):
        return box
    number = ANY_NUMBER.match(line.text)
    title = line.text[number.end() :] if number else line.text
    if mark.level == 1:
        return Block(BlockKind.CHAPTER, [line], number[1] if number else "", title)
    return Block(BlockKind.SUBHEADING, [line], number[1] if number else "", title, level=mark.level)


def _unmarked(line: Line, after: Line | None, chapter: int) -> Block | None:
    numbered = CHAPTER.match(line.text)
    if numbered and int(numbered[1]) == chapter + 1 and not _starts_list(line, after):
        return Block(BlockKind.CHAPTER, [line], numbered[1], line.text[numbered.end() :])
    if UNNUMBERED_CHAPTER.fullmatch(line.text):
        return Block(BlockKind.CHAPTER, [line], "", line.text)
    if deep := NUMBERED_HEADING.match(line.text):
        level = 1 + deep[1].count(".")
        return Block(BlockKind.SUBHEADING, [line], deep[1], line.text[deep.end() :], level=level)
    if line.text[0].isdigit() or BULLET.match(line.text):
        return None
    return Block(BlockKind.SUBHEADING, [line], "", line.text)


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


def _heads_records(page: Page, position: int, previous: Block | None) -> bool:
    """Whether a line under a full line heads a new group in a list of names rather than ending the item above.

    Its words are known from elsewhere in the report, and the word above it is not one that waits for a name
    ("Gemeente / Achtkarspelen").
    """
    if position == 0 or position + 1 == len(page.lines) or previous is None or previous.kind is not BlockKind.ITEM:
        return False
    line, before, after = page.lines[position], page.lines[position - 1], page.lines[position + 1]
    fresh = BULLET.match(after.text) and not BULLET.match(line.text) and line.text[0].isupper()
    if not fresh or SENTENCE_END.search(before.text) or before.text[-1] in "-,&/":
        return False
    own = page.known.own(line.text) if len(line.words) == 1 else page.known.runs(line.words)
    return own >= KNOWN_NAME and not page.known.waits_for_a_name(before.words[-1])


def _starts_list(line: Line, after: Line | None) -> bool:
    """Whether a numbered line is the first of a run of numbered lines rather than a chapter's title."""
    here, there = NUMBERED.match(line.text), after and NUMBERED.match(after.text)
    return bool(here and there and int(there[1]) == int(here[1]) + 1)
