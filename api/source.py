"""What the source view is made of: blocks and pieces of text, a table of contents, and where a quote stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Document, Kind
from corpus.offsets import Span

HEADINGS = (Kind.CHAPTER, Kind.SUBHEADING, Kind.BOX)


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that look alike: plain text, a mark, a link, a footnote's number, or the (empty) start of a page."""

    kind: str
    text: str
    address: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Something that starts on a new line. `rows` are a table's; `blocks` stand inside a box."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    level: int = 0
    anchor: str = ""
    title: str = ""
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """A line of the table of contents."""

    level: int
    name: str
    address: str
    page: int


def marked(document: Document, source_spans: Sequence[Span]) -> list[Span]:
    """Where source spans stand in the text; spans with only white space between them are one. Empty when nowhere."""
    found = sorted(piece for span in source_spans for piece in document.offsets.to_text(*span))
    merged: list[Span] = []
    for start, end in found:
        if merged and not document.text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return [span for span in merged if document.text[slice(*span)].strip()]


def contents_of(document: Document) -> list[Contents]:
    """Chapters, subheadings, boxes and tables, with the page each starts on."""
    shown = (*HEADINGS, Kind.TABLE)
    return [
        Contents(
            min(len(s.path), 3),
            f"{s.number} {s.title}".strip() or s.label,
            f"#s{n}",
            document.pages(s.start, s.end)[0],
        )
        for n, s in enumerate(document.sections)
        if s.kind in shown
    ]
