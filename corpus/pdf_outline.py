"""What a PDF says of itself: its title and its outline (bookmarks)."""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from pypdf.generic import Destination

from corpus.pdf_file import BoundedReader
from corpus.pdf_print import Print

PROGRAM = re.compile(r"^microsoft (office )?(word|powerpoint|excel)\b|^(untitled|naamloos|document|titel|title)\s?\d*$", re.I)
FILE_NAME = re.compile(r"\S*\.(docx?|pdf|indd|odt|rtf|pptx?|xlsx?|tex|qxp)$|^[\w-]*_[\w-]*$|^\S*\d{4,}\S*$", re.I)
LONGEST_TITLE = 200
SAME_SIZE = 0.5


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: its title, depth from 1, and page from 1."""

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


def find_title(reader: BoundedReader, first_page: list[Print]) -> str:
    """The title in the file's properties if a person wrote it; else the largest text on the first page; else ""."""
    try:
        given = str((reader.metadata or {}).get("/Title", "") or "").strip()
    except (AttributeError, KeyError, TypeError, ValueError):
        given = ""
    if given and len(given) <= LONGEST_TITLE and not PROGRAM.search(given) and not FILE_NAME.search(given):
        return " ".join(given.split())
    return largest_text(first_page)


def largest_text(page: list[Print]) -> str:
    """The lines in the largest type on a page, if that type is used for little else."""
    lines = [line for line in page if not line.table and any(letter.isalpha() for letter in line.text)]
    sizes = {line.style[0] for line in lines}
    if len(sizes) < 2:
        return ""
    largest = [line for line in lines if line.style[0] >= max(sizes) - SAME_SIZE]
    text = " ".join(line.text for line in largest)
    return text if len(text) <= LONGEST_TITLE else ""


def stem_of(name: object) -> str:
    """The file's name without suffix."""
    return PurePath(str(name)).stem
