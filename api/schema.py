"""What goes over HTTP: the batch contract's fields in camelCase, as the Dutch API Design Rules ask."""

from typing import Annotated, Any, Literal

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


class WrittenSentenceOut(Message):
    """Een zin van het taalmodel. `citations` zijn nummers in de lijst citaten, vanaf 1."""

    text: Annotated[str, Field(description="Leeg bij een zin die niet gesteund is: die wordt niet getoond.")]
    citations: list[int]
    level: Literal["letterlijk", "gesteund", "niet gesteund"]
    why: str


class UsageOut(Message):
    """Wat het taalmodel verbruikte."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: float
    counted: Annotated[bool, Field(description="Onwaar als de tokens zijn geschat.")]


class WrittenOut(Message):
    """Wat een taalmodel van de citaten maakte, of waarom dat niet lukte (`fallback`)."""

    sentences: list[WrittenSentenceOut]
    model: str
    prompt: str
    usage: UsageOut
    fallback: str
    note: str


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
    written: WrittenOut | None
    took_ms: float


class Problem(BaseModel):
    """Een fout, volgens RFC 9457."""

    status: int
    title: str
    detail: str


def answer_out(record: dict[str, Any]) -> AnswerOut:
    """The message for a record of the batch contract."""
    return AnswerOut.model_validate(record)
