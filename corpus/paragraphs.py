"""Paragraphs to a Reading: the source of a file that has no printed lines is its paragraphs, one a line."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from corpus.lines import Line
from corpus.reading import Mark, Reading

PAGE_BREAK = "\f"
"""Stands in raw text where a new page starts; readers see to it that no other form feed reaches it."""

WHITE = re.compile(r"\s+")
INVISIBLE = re.compile("[\xad\u200b\u2060\ufeff\ud800-\udfff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the source to be; `tight` when no white stands above it.

    A mark of kind "title" is the file's own title; `breaks` are the places in `text` where a page starts.
    """

    text: str
    mark: Mark
    tight: bool = False
    breaks: tuple[int, ...] = ()


def squeeze(raw: str) -> str:
    """White space becomes single spaces, outer white goes; non-breaking hyphens become plain, soft ones go.

    A page break stays, and counts as nothing: a word may go on behind it.
    """
    raw = INVISIBLE.sub("", raw).replace("\u2011", "-")

    def single(white: re.Match[str]) -> str:
        breaks = white.group().count(PAGE_BREAK)
        outer = white.start() == 0 or white.end() == len(raw)
        return ("" if outer or breaks == len(white.group()) else " ") + PAGE_BREAK * breaks

    return WHITE.sub(single, raw)


def cut_breaks(squeezed: str) -> tuple[str, list[int]]:
    """The text without page breaks and without white at its end, and where in it they stood."""
    first, *others = squeezed.split(PAGE_BREAK)
    text, places = first, []
    for piece in others:
        places.append(len(text))
        text += piece
    text = text.rstrip()
    return text, [min(place, len(text)) for place in places]


def assemble(paragraphs: list[Paragraph], title: str = "", warnings: tuple[str, ...] = ()) -> Reading:
    """The source is the paragraphs, a blank line between blocks; every line is one paragraph, with its mark.

    A row whose first cells are empty begins with tabs in the source, so that its columns can be counted there; its
    line does not.
    """
    source: list[str] = []
    lines: list[Line] = []
    page_starts = [0]
    marks: dict[int, Mark] = {}
    position = 0
    for paragraph in paragraphs:
        between = "" if not lines else "\n" if paragraph.tight else "\n\n"
        position += len(between)
        page_starts += [position + place for place in paragraph.breaks]
        text = paragraph.text.lstrip()
        start = position + len(paragraph.text) - len(text)
        position += len(paragraph.text)
        page = bisect_right(page_starts, start)
        lines.append(Line(start, position, text, page, int(bool(lines) and not paragraph.tight)))
        marks[start] = paragraph.mark
        source += (between, paragraph.text)
    starts = tuple(start for start in page_starts if start < max(1, position))
    return Reading("".join(source), tuple(lines), starts, (), marks, True, title, warnings)
