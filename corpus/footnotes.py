"""Finds footnotes: numbered in sequence at the foot of a page, below white, and marked in the text above."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.layout import SENTENCE_END, Layout, starts_lower
from corpus.lines import Line
from corpus.reading import Mark

NOTE = re.compile(r"(\d{1,3})\s+(?=\S)")


@dataclass(slots=True)
class Footnote:
    """A note and its printed lines, those carried over to the next page included."""

    number: str
    lines: list[Line]


def find_footnotes(lines: Sequence[Line], layout: Layout) -> list[Footnote]:
    """Footnotes in order of number."""
    notes: list[Footnote] = []
    for page in _pages(lines):
        if notes and not SENTENCE_END.search(notes[-1].lines[-1].text):
            notes[-1].lines += _carried_over(page, notes[-1].lines[-1].page, len(notes) + 1)
        position = 0
        while position < len(page):
            if not _starts_note(page, position, len(notes) + 1, notes):
                position += 1
                continue
            stop = _note_end(page, position, len(notes) + 1, layout)
            notes.append(Footnote(str(len(notes) + 1), page[position:stop]))
            position = stop
    return notes


def marked_footnotes(lines: Sequence[Line], marks: dict[int, Mark]) -> list[Footnote]:
    """Footnotes where the file marks their lines; only the first line of a note has its number in its mark.

    A number may come back: files that count per page or per chapter start again.
    """
    notes: list[Footnote] = []
    for line in lines:
        mark = marks.get(line.start, Mark())
        if mark.kind == "footnote" and (mark.number or not notes):
            notes.append(Footnote(mark.number, [line]))
        elif mark.kind == "footnote":
            notes[-1].lines.append(line)
    return notes


def _pages(lines: Sequence[Line]) -> Iterator[list[Line]]:
    for _, page in groupby(lines, key=lambda line: line.page):
        yield list(page)


def _number(line: Line) -> int:
    match = NOTE.match(line.text)
    return int(match[1]) if match else 0


def _starts_note(page: list[Line], position: int, expected: int, notes: list[Footnote]) -> bool:
    """Right number, below white or another note, and its marker stands higher on the page."""
    line = page[position]
    if _number(line) != expected or not position:
        return False
    below_note = bool(notes) and notes[-1].lines[-1] == page[position - 1]
    marker = re.compile(rf"[^\s\d][.,;:!?)\]’”\"']*\s?{expected}(?![\d.,]*\d)")
    return bool(line.gap or below_note) and any(marker.search(above.text) for above in page[:position])


def _note_end(page: list[Line], start: int, number: int, layout: Layout) -> int:
    """A note runs to the next one, to the foot of the page, or to where other matter follows its last full stop."""
    for position in range(start + 1, len(page)):
        last, line = page[position - 1], page[position]
        if _number(line) == number + 1:
            return position
        if SENTENCE_END.search(last.text) and not layout.is_full(last) and (line.gap or starts_lower(line.text)):
            return position
    return len(page)


def _carried_over(page: list[Line], note_page: int, following: int) -> list[Line]:
    """The rest of a note that did not fit its page: below white, in the middle of a sentence, to the next note."""
    if not page or page[0].page != note_page + 1:
        return []
    for position in range(len(page) - 1, 0, -1):
        line = page[position]
        if line.gap and starts_lower(line.text):
            stop = next((i for i in range(position, len(page)) if _number(page[i]) == following), len(page))
            return page[position:stop]
    return []
