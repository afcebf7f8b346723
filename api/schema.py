"""What goes over HTTP: the batch contract's fields in camelCase, as the Dutch API Design Rules ask."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Page = int | tuple[int, int]


class Message(BaseModel):
    """Base of every message: camelCase outside, snake_case inside, nothing unknown accepted."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class QuestionIn(Message):
    """Een vraag, of een gesprek waarvan de laatste vraag wordt beantwoord."""

    question: Annotated[str, Field(min_length=1, description="De vraag, in gewoon Nederlands.")]
    earlier: Annotated[list[str], Field(description="De eerdere vragen in dit gesprek, de oudste eerst.")] = []


class PlaceOut(Message):
    """Een plaats in een document."""

    document: str
    section: str
    sections: list[str]
    heading: str
    page: Page


class CitationOut(Message):
    """Een letterlijk citaat met zijn vindplaats."""

    quote: str
    document: str
    section: str
    sections: list[str]
    heading: str
    page: Page
    footnote: str | None
    passage_id: str
    start: int
    end: int
    source_start: int
    source_end: int
    source_spans: list[tuple[int, int]]
    sha256: str
    speaker: str
    also: list[PlaceOut]


class PassageOut(Message):
    """Een gevonden passage; een hogere score is beter."""

    id: str
    text: str
    section: str
    sections: list[str]
    heading: str
    page: Page
    score: float


class AnswerOut(Message):
    """Een antwoord met citaten, of een weigering met een reden."""

    id: str
    question: str
    searched: str
    language: str
    status: str
    reason: str
    answer: str
    confidence: float
    citations: list[CitationOut]
    passages: list[PassageOut]
    nearest: list[CitationOut]
    contact: str
    took_ms: float


class Problem(BaseModel):
    """Een fout, volgens RFC 9457."""

    status: int
    title: str
    detail: str


def answer_out(record: dict[str, Any]) -> AnswerOut:
    """The message for a record of the batch contract."""
    return AnswerOut.model_validate(record)
