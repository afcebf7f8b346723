"""The values everything else passes around: a document, its sections, and passages that are spans of it."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any

from corpus.offsets import OffsetMap, Span
from corpus.parts import Parts

PageRange = tuple[int, int]
"""First and last page of a span; page 1 is the first page of the document."""

LINE_BREAK = " \t\r\n\f\v\u00a0-\u2010\u00ad"
"""What may vanish where two lines are joined: white space and hyphens."""


PRINTED_LINE = re.compile(r"[^\n\f]+")
# Of these many the hash is remembered, and with it their words.
DOCUMENTS_HASHED = 32


class Kind(StrEnum):
    """What a section is on paper."""

    CHAPTER = "chapter"
    SUBHEADING = "subheading"
    LEAD_IN = "lead-in"
    BOX = "box"
    TABLE = "table"
    FOOTNOTE = "footnote"
    SOURCES = "sources"


class UnitKind(StrEnum):
    """What a unit of reading is: a sentence of running text, of a list item, or one row of a table."""

    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter, subheading, box, table or footnote: the span `text[start:end]`, its title included.

    `path` holds the labels from the chapter down to this section; `number` is "" where the paper shows none.
    """

    document_id: str
    number: str
    title: str
    kind: Kind
    path: tuple[str, ...]
    start: int
    end: int

    @property
    def label(self) -> str:
        """The short name people refer to it by: "5", "Samenvatting", "tekstkader 2", "voetnoot 7"."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest span that is quoted: a sentence or a table row. `section` is a position in `Document.sections`."""

    kind: UnitKind
    section: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A report as read: `source` is untouched, `text` is repaired for reading, `offsets` joins both.

    Sections are ordered by start, chapters first among equals; units are ordered by start and never overlap;
    `page_starts` are ascending source offsets, the first one 0.
    """

    id: str
    title: str
    source: str
    text: str
    offsets: OffsetMap
    sections: tuple[Section, ...]
    units: tuple[Unit, ...]
    page_starts: tuple[int, ...]
    parts: Parts

    @property
    def removed(self) -> tuple[Span, ...]:
        """Source spans that are not readable text: page numbers and running heads, not white space or line hyphens."""
        kept = sorted((start, start + length) for _, start, length in self.offsets.runs)
        edges = zip([(0, 0), *kept], [*kept, (len(self.source),) * 2], strict=True)
        gaps = [(left[1], right[0]) for left, right in edges]
        pieces = [piece for gap in gaps for piece in PRINTED_LINE.finditer(self.source, *gap)]
        return tuple(_trimmed(self.source, *piece.span()) for piece in pieces if piece.group().strip(LINE_BREAK))

    @property
    def sha256(self) -> str:
        """Hash of the source in UTF-8: the file's own hash when that is UTF-8 without a byte order mark."""
        return _sha256(self.source)

    def source_spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where `text[start:end]` stands in the source: one span, or more where a footnote or table was read around.

        Pieces with only white space and hyphens between them are one span.
        """
        spans: list[Span] = []
        for left, right in self.offsets.to_source(start, end):
            if spans and spans[-1][1] <= left and not self.source[spans[-1][1] : left].strip(LINE_BREAK):
                spans[-1] = (spans[-1][0], right)
            else:
                spans.append((left, right))
        return tuple(spans)

    def page_of(self, source_offset: int) -> int:
        """The page that holds a source offset; counts from 1."""
        return bisect_right(self.page_starts, source_offset)

    def pages(self, start: int, end: int) -> PageRange:
        """First and last page of `text[start:end]`."""
        pieces = self.offsets.to_source(start, end)
        return self.page_of(pieces[0][0]), self.page_of(pieces[-1][1] - 1)

    def enclosing(self, section: Section) -> list[Section]:
        """The sections that hold a section, from its chapter down to itself."""
        before = bisect_right(self.sections, section.start, key=lambda one: one.start)
        return [one for one in self.sections[:before] if section.end <= one.end]

    def to_json(self) -> dict[str, Any]:
        """Everything but what can be computed, as JSON values."""
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "text": self.text,
            "offsets": self.offsets.runs,
            "sections": [[s.number, s.title, s.kind, s.path, s.start, s.end] for s in self.sections],
            "units": [[u.kind, u.section, u.start, u.end] for u in self.units],
            "page_starts": self.page_starts,
            "parts": self.parts.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Document":
        """The inverse of `to_json`."""
        return cls(**cls.parts_from_json(data))

    @staticmethod
    def parts_from_json(data: Mapping[str, Any]) -> dict[str, Any]:
        """Some fields, or all, from their JSON values; sections come with the document's id."""
        name = data.get("id", "")
        read: dict[str, Callable[[Any], Any]] = {
            "offsets": lambda runs: OffsetMap(tuple((t, s, n) for t, s, n in runs)),
            "sections": lambda rows: tuple(
                Section(name, number, title, Kind(kind), tuple(path), start, end)
                for number, title, kind, path, start, end in rows
            ),
            "units": lambda rows: tuple(Unit(UnitKind(kind), *place) for kind, *place in rows),
            "page_starts": tuple,
            "parts": Parts.from_json,
        }
        return {field: read[field](value) if field in read else value for field, value in data.items()}


@lru_cache(DOCUMENTS_HASHED)
def _sha256(source: str) -> str:
    """Each quote of an answer carries the hash of its document: the same few are asked for again and again."""
    return sha256(source.encode("utf-8")).hexdigest()


def _trimmed(source: str, start: int, end: int) -> Span:
    inside = source[start:end]
    return start + len(inside) - len(inside.lstrip(LINE_BREAK)), start + len(inside.rstrip(LINE_BREAK))


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document inside one section; its text is `document.text[start:end]`, never typed.

    `id` is document id, section path and a hash of the content, so it survives re-indexing and edits elsewhere.
    """

    id: str
    document_id: str
    section: Section
    page: PageRange
    start: int
    end: int
