"""What a PDF says of itself: its title and its outline (bookmarks)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pypdf.generic import Destination

from corpus.pdf.file import BoundedReader
from corpus.pdf.notes import body_size
from corpus.pdf.print import Print
from corpus.pdf.tables import CELL, join_lines

# Titles that a program made up, and names of files.
NO_TITLE = re.compile(
    r"^microsoft (office )?(word|powerpoint|excel)\b|^(untitled|naamloos|document|titel|title)\s?\d*$|"
    r"\S*\.(docx?|pdf|indd|odt|rtf|pptx?|xlsx?|tex|qxp)$|^[\w-]*_[\w-]*$|^\S*\d{4,}\S*$",
    re.IGNORECASE,
)
LONGEST_TITLE = 200
SAME_SIZE = 0.5
SHOWN = 0.6
INDENT = 8.0
LEADING = 2.0
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: its title, depth from 1, and page from 1, or 0 where only print says so."""

    title: str
    level: int
    page: int


def read_outline(reader: BoundedReader) -> list[Bookmark]:
    """The outline's entries that point to a page, in order; none where there is no outline, or a broken one."""
    try:
        return _entries(reader, reader.outline, 1)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        return []


def _entries(reader: BoundedReader, entries: Any, level: int) -> list[Bookmark]:
    found: list[Bookmark] = []
    for entry in entries:
        if isinstance(entry, list):
            found += _entries(reader, entry, level + 1)
        elif isinstance(entry, Destination) and entry.title:
            page = reader.get_destination_page_number(entry)
            if page is not None:
                found.append(Bookmark(str(entry.title), level, page + 1))
    return found


def read_contents(prints: Sequence[Print]) -> list[Bookmark]:
    """A printed table of contents as bookmarks without a page: entries led by dots, their level by their indent."""
    entries = [line for line in prints if line.led]
    places: list[float] = []
    for place in sorted(line.x0 for line in entries):
        if not places or place - places[-1] > INDENT:
            places.append(place)
    found = []
    for line in entries:
        level = max(i for i, place in enumerate(places, 1) if place <= line.x0 + INDENT)
        found.append(Bookmark(line.text.split(CELL)[0], level, 0))
    return found


def find_title(reader: BoundedReader, pages: Sequence[Sequence[Print]]) -> str:
    """The title in the file's properties if a person wrote it and the first pages show its words; else the largest
    text on the first page; else what the properties say; else "".
    """
    try:
        given = " ".join(str(reader.metadata.title or "" if reader.metadata else "").split())
    except (AttributeError, KeyError, TypeError, ValueError):
        given = ""
    if len(given) > LONGEST_TITLE or NO_TITLE.search(given):
        given = ""
    shown = {word for page in pages[:2] for line in page for word in WORD.findall(line.text.casefold())}
    words = WORD.findall(given.casefold())
    if words and sum(word in shown for word in words) >= SHOWN * len(words):
        return given
    body = body_size([line for page in pages for line in page])
    return (largest_text(pages[0], body) if pages else "") or given


def largest_text(page: Sequence[Print], body: float) -> str:
    """The first lines in the largest type on a page, if that is larger than the body of the document."""
    lines = [line for line in page if not line.table and any(letter.isalpha() for letter in line.text)]
    size = max((line.style[0] for line in lines), default=0.0)
    if size <= body:
        return ""
    largest = [i for i, line in enumerate(lines) if line.style[0] >= size - SAME_SIZE]
    title = [lines[i] for n, i in enumerate(largest) if i == largest[0] + n]
    close = [title[0]]
    for line in title[1:]:
        if close[-1].y - line.y > LEADING * line.size:
            break
        close.append(line)
    text = join_lines([line.text for line in close])
    return text if len(text) <= LONGEST_TITLE else ""
