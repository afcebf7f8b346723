"""What came of a gold question, read from the record that every other program gets too."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from corpus.model import LINE_BREAK, Document, PageRange
from corpus.offsets import Span
from eval.gold import GoldQuestion

NO_PAGE = (0, 0)
FAILED = "failed"
"""The status of a question on which the program broke: it has no result and counts as 0."""

Place = tuple[Span, ...]
"""Source spans of one quote or passage, in reading order."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as it was given. `spans` are source offsets, `start` and `end` offsets of the readable text.

    `page` is NO_PAGE where none was said.
    """

    text: str
    spans: Place
    start: int
    end: int
    page: PageRange
    sections: tuple[str, ...]
    heading: str
    sha256: str
    document: str = ""

    @property
    def hash(self) -> str:
        """Names the words without holding them."""
        return sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A gold question and its answer; `document` is what the gold points into, None when only a service knows it.

    `passages` are the places of the passages that were found, best first; those in other documents are empty.
    """

    gold: GoldQuestion
    status: str
    reason: str
    confidence: float
    text: str
    quotes: tuple[Quoted, ...]
    passages: tuple[Place, ...] = ()
    passage_ids: tuple[str, ...] = ()
    document: Document | None = None

    @property
    def answered(self) -> bool:
        """Whether there was an answer, whole or partial."""
        return self.status in ("answered", "partial")


def outcome_of(
    gold: GoldQuestion, record: Mapping[str, Any], document: Document | None, places: Mapping[str, Place]
) -> Outcome:
    """The outcome in a record of the batch contract; `places` says where a passage of the gold's document stands."""
    names = tuple(passage["id"] for passage in record["passages"])
    return Outcome(
        gold=gold,
        status=record["status"],
        reason=record["reason"],
        confidence=record["confidence"],
        text=record["answer"],
        quotes=tuple(_quoted(citation) for citation in record["citations"]),
        passages=tuple(places.get(name, ()) for name in names),
        passage_ids=names,
        document=document,
    )


def failed(gold: GoldQuestion, error: Exception, document: Document | None) -> Outcome:
    """The outcome of a question on which the program broke."""
    return Outcome(gold, FAILED, type(error).__name__, 0.0, f"Er ging iets mis: {error}", (), document=document)


def is_verbatim(quote: Quoted, document: Document) -> bool:
    """Whether a quote is what the document says, by its readable text and by its source; trusts no code under test."""
    source = "".join(document.source[start:end] for start, end in quote.spans)
    return (
        quote.sha256 == sha256(document.source.encode()).hexdigest()
        and document.text[quote.start : quote.end] == quote.text
        and _letters(source) == _letters(quote.text) != ""
    )


def true_page(quote: Quoted, document: Document) -> PageRange:
    """First and last page of a quote, counted from where the document's pages start."""
    first, last = quote.spans[0][0], quote.spans[-1][1] - 1
    return bisect_right(document.page_starts, first), bisect_right(document.page_starts, last)


def is_whole(quote: Quoted, document: Document) -> bool:
    """Whether a quote starts and ends where sentences, items or rows of the document do; a bullet may stand before."""
    if quote.end > len(document.text):
        return False
    starts = {unit.start for unit in document.units}
    begin = quote.start
    while begin < quote.end and begin not in starts and not document.text[begin].isalnum():
        begin += 1
    return begin in starts and quote.end in {unit.end for unit in document.units}


def _quoted(citation: Mapping[str, Any]) -> Quoted:
    page = citation["page"]
    spans = citation.get("source_spans") or [[citation["source_start"], citation["source_end"]]]
    return Quoted(
        text=citation["quote"],
        spans=tuple((start, end) for start, end in spans),
        start=citation["start"],
        end=citation["end"],
        page=(page, page) if isinstance(page, int) else (page[0], page[1]) if page else NO_PAGE,
        sections=tuple(citation["sections"]),
        heading=citation["heading"],
        sha256=citation.get("sha256", ""),
        document=citation.get("document", ""),
    )


def _letters(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, LINE_BREAK)))
