"""Hits, citations and answers: values that cannot be built wrong."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corpus.model import Document, Kind, PageRange, Passage, Section
from corpus.offsets import Span
from qa.selection import Filter
from qa.written.model import Written

NAMED_APART = (Kind.BOX, Kind.TABLE, Kind.FOOTNOTE)


class Status(StrEnum):
    """What came of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a question was refused."""

    NOT_FOUND = "niet-gevonden"
    OTHER_SUBJECT = "andere-onderwerp"
    TOO_VAGUE = "te-vaag"
    FALSE_PREMISE = "onjuiste-aanname"
    NO_QUESTION = "geen-vraag"
    INVALID_INPUT = "ongeldige-invoer"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands, in the names people use; the same for quotes and passages."""

    document: str
    document_title: str
    section: str
    sections: tuple[str, ...]
    chapter_title: str
    heading: str
    page: PageRange
    footnote: str

    def to_record(self) -> dict[str, Any]:
        """The fields of the batch contract. `page` is one number, or two where the span runs over a page."""
        first, last = self.page
        return {
            "section": self.section,
            "sections": list(self.sections),
            "heading": self.heading,
            "page": first if first == last else [first, last],
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Higher scores are better; rank counts from 1."""

    passage: Passage
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its place: `document.text[start:end] == quote`, and `source_spans` hold the same letters.

    `sha256` is the hash of the document's source, so that the source offsets identify the place for ever. `speaker` is
    who says it where the text tells so, in the text's own words; `also` are other places that say the same. `row` is a
    table row with the names of its columns, where the text tells which value stands in which; never a quote itself.
    """

    quote: str
    place: Place
    passage_id: str
    start: int
    end: int
    source_spans: tuple[Span, ...]
    sha256: str
    speaker: str = ""
    also: tuple[Place, ...] = ()
    row: str = ""

    def to_record(self) -> dict[str, Any]:
        """The fields of the batch contract, plus `source_spans` for a quote that jumps over a footnote or table."""
        return {
            "quote": self.quote,
            "document": self.place.document,
            **self.place.to_record(),
            "footnote": self.place.footnote or None,
            "passage_id": self.passage_id,
            "start": self.start,
            "end": self.end,
            "source_start": self.source_spans[0][0],
            "source_end": self.source_spans[-1][1],
            "source_spans": [list(span) for span in self.source_spans],
            "sha256": self.sha256,
            "speaker": self.speaker,
            "also": [{"document": place.document, **place.to_record()} for place in self.also],
            "row": self.row,
        }


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A hit with its words and place, as shown to people and programs."""

    hit: Hit
    text: str
    place: Place

    def to_record(self) -> dict[str, Any]:
        """The fields of the batch contract."""
        return {
            "id": self.hit.passage.id,
            "text": self.text,
            **self.place.to_record(),
            "score": round(self.hit.score, 4),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question came to: quotes, or a refusal with a reason and no quotes. Nothing else can be built.

    `searched` is the question that was searched for, completed from the turns before it. `nearest` are quotes for a
    refusal: what the documents do say about the subject, checked like any other, never an answer. `written` is what a
    language model made of it, None where none was asked. `filter` says in which documents was looked, None for all.
    """

    question: str
    status: Status
    reason: Reason | None
    text: str
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[FoundPassage, ...]
    searched: str = ""
    language: str = "nl"
    nearest: tuple[Citation, ...] = ()
    contact: str = ""
    written: Written | None = None
    filter: Filter | None = None

    def __post_init__(self) -> None:
        refused = self.status is Status.REFUSED
        if refused != (self.reason is not None) or refused == bool(self.citations):
            raise ValueError("an answer has quotes and no reason; a refusal has a reason and no quotes")
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence {self.confidence} is not between 0 and 1")

    def to_record(self, question_id: str, took_ms: float) -> dict[str, Any]:
        """One line of the batch contract, and what came after it; `filter` only where not all was searched."""
        record = {
            "id": question_id,
            "question": self.question,
            "searched": self.searched or self.question,
            "language": self.language,
            "status": str(self.status),
            "reason": str(self.reason) if self.reason else "",
            "answer": self.text,
            "confidence": round(self.confidence, 4),
            "citations": [citation.to_record() for citation in self.citations],
            "passages": [passage.to_record() for passage in self.passages],
            "nearest": [citation.to_record() for citation in self.nearest],
            "contact": self.contact,
            "written": self.written.to_record() if self.written else None,
            "took_ms": round(took_ms, 1),
        }
        return record | ({"filter": self.filter.to_record()} if self.filter else {})


def place_of(document: Document, section: Section, page: PageRange) -> Place:
    """The names under which a span in a section is known.

    The heading is the nearest title above: a footnote has none of its own, so it takes that of the part it stands in.
    """
    around = document.enclosing(section)
    titles = [s.title for s in around if s.kind is not Kind.FOOTNOTE and s.title]
    return Place(
        document=document.id,
        document_title=document.title,
        section=around[0].label,
        sections=(around[0].label, *(s.label for s in around if s.kind in NAMED_APART)),
        chapter_title=around[0].title,
        heading=titles[-1],
        page=page,
        footnote=section.number if section.kind is Kind.FOOTNOTE else "",
    )
