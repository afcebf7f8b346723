"""A document to passages: windows of whole units that never leave their section."""

import re
from collections import Counter
from functools import lru_cache
from hashlib import sha256
from itertools import groupby

from corpus.model import Document, Passage, Section, Unit, UnitKind
from corpus.sentences import LONGEST

# Short units (the names in a list) are taken together up to about a paragraph.
SHORTEST = 400
LONGEST_LEAD = 250


def chunk(document: Document, size: int, stride: int) -> list[Passage]:
    """Windows of `size` units, each starting `stride` units after the one before, in reading order.

    A window stays inside one section and under LONGEST characters, and takes more than `size` units while it is
    under SHORTEST characters. A table is one window. With `size` 1 every unit is its own passage.
    """
    counts: Counter[str] = Counter()
    passages = []
    for section_index, run in groupby(document.units, key=lambda unit: unit.section):
        section = document.sections[section_index]
        for start, end in _windows(list(run), size, stride):
            name = passage_id(section, document.text[start:end])
            counts[name] += 1
            unique = _copied(name, counts[name])
            passages.append(Passage(unique, document.id, section, document.pages(start, end), start, end))
    return passages


def lead_of(document: Document, start: int, end: int) -> str:
    """What must be known to understand `text[start:end]`: the sentence that introduces its list, its table's columns.

    "" where the span holds that itself, or needs nothing; never longer than LONGEST_LEAD.
    """
    for found in document.parts.lists:
        if (
            found.introduction
            and found.items[0][0] < end
            and start < found.items[-1][1]
            and start > found.introduction[0]
        ):
            return document.text[slice(*found.introduction)][-LONGEST_LEAD:]
    for table in document.parts.tables:
        section = document.sections[table.section]
        if table.columns and section.start <= start and end <= section.end and start > table.columns[0][0]:
            return "; ".join(document.text[slice(*column)] for column in table.columns)[:LONGEST_LEAD]
    return ""


def _windows(units: list[Unit], size: int, stride: int) -> list[tuple[int, int]]:
    spans = []
    first = 0
    while first < len(units):
        last = first
        while last + 1 < len(units) and _takes(units, first, last + 1, size):
            last += 1
        spans.append((units[first].start, units[last].end))
        if last + 1 == len(units):
            break
        first = min(first + stride, last + 1)
    return spans


def _takes(units: list[Unit], first: int, candidate: int, size: int) -> bool:
    """Whether a window from `first` still takes the unit `candidate`."""
    if units[candidate].end - units[first].start > LONGEST or size == 1:
        return False
    table = units[candidate].kind is UnitKind.ROW
    return table or candidate - first < size or units[candidate - 1].end - units[first].start < SHORTEST


def passage_id(section: Section, text: str, copy: int = 1) -> str:
    """Document, section path and a hash of the words; `copy` counts passages of a document that are alike in these."""
    name = f"{section.document_id}/{_address(section.path)}/{sha256(text.encode()).hexdigest()[:10]}"
    return _copied(name, copy)


def _copied(name: str, copy: int) -> str:
    return name if copy == 1 else f"{name}-{copy}"


@lru_cache(maxsize=1024)
def _address(path: tuple[str, ...]) -> str:
    """The labels of a section as a part of an address: letters, digits and hyphens."""
    return "/".join(re.sub(r"[^\w]+", "-", label.lower()).strip("-") for label in path)
