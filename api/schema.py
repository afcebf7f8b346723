"""What goes over HTTP: the batch contract's fields in camelCase, as the Dutch API Design Rules ask."""

from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_camel as _to_camel

from qa.selection import Selection

Page = int | tuple[int, int]

# The API has a version of its own: its major number is the one in the address.
API_VERSION = "1.2.0"
MOST_TURNS = 50
MOST_DOCUMENTS = 1000
QUESTION, CONVERSATION = "vraag", "gesprek"
EXAMPLE_QUESTION = "Wat kost een rit met de buurtbus?"
EXAMPLE_DOCUMENT = "evaluatie-regioplan-veenkamp"
EXAMPLE_PASSAGE = f"{EXAMPLE_DOCUMENT}/2/de-buurtbus/c453861ae6"
EXAMPLE_QUOTE = "Een rit kost 1,50 euro."


@cache
def to_camel(name: str) -> str:
    """The name of a field outside."""
    return _to_camel(name)


class Message(BaseModel):
    """Base of every message: camelCase outside, snake_case inside, nothing unknown accepted."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


def _said(text: str, **more: Any) -> Any:
    return Field(description=text, **more)


Question = Annotated[str, _said("De vraag, in gewoon Nederlands.", min_length=1, examples=[EXAMPLE_QUESTION])]
Turn = Annotated[str, Field(min_length=1)]
Document = Annotated[str, _said("Het kenmerk van het document.", examples=[EXAMPLE_DOCUMENT])]
Section = Annotated[str, _said("Het nummer van het deel, of de titel als het geen nummer heeft.", examples=["2"])]
Sections = Annotated[list[str], _said("Het deel, met kader, tabel of voetnoot erbij.", examples=[["2", "tabel 1"]])]
Heading = Annotated[str, _said("De titel die er het dichtst boven staat.", examples=["De buurtbus"])]
PageNumber = Annotated[Page, _said("De bladzijde, of de eerste en de laatste.", examples=[2])]
Sha256 = Annotated[str, _said("De hash van de bron, zodat de plaats in de bron voorgoed vaststaat.")]
Spans = Annotated[list[tuple[int, int]], _said("De stukken van de bron waar de tekst staat: begin en einde.")]


WithEvidence = Annotated[bool, _said("Geef bij het antwoord ook het bewijs.", strict=True)]
Collection = Annotated[str, _said("De collectie: de map waar een document in staat.", examples=["hr"])]
Year = Annotated[int | None, _said("Het jaar van een document, als dat vaststaat.", examples=[2021])]
DocumentKind = Annotated[str, _said("Het soort document, als dat vaststaat.", examples=["evaluatie"])]


class SelectionIn(Message):
    """In welke documenten wordt gezocht; wat leeg is, beperkt niets."""

    collectie: Collection = ""
    documenten: Annotated[
        list[Annotated[str, Field(min_length=1)]],
        _said("Zoek alleen in deze documenten.", max_length=MOST_DOCUMENTS, examples=[[EXAMPLE_DOCUMENT]]),
    ] = []
    jaar: Annotated[Year, Field(strict=True)] = None
    soort: DocumentKind = ""
    herken_filter: Annotated[
        bool, _said("Beperk het zoeken als de vraag zelf een document noemt (de evaluatie van 2021).", strict=True)
    ] = True

    @property
    def selection(self) -> Selection:
        """What was chosen."""
        return Selection(tuple(self.documenten), self.collectie, self.jaar, self.soort, self.herken_filter)


class QuestionIn(SelectionIn):
    """Een vraag, met de vragen die eraan voorafgingen."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"question": EXAMPLE_QUESTION}, {"question": EXAMPLE_QUESTION, "evidence": True}]
        }
    )

    question: Question
    earlier: Annotated[
        list[Turn], _said("De eerdere vragen in dit gesprek, de oudste eerst.", max_length=MOST_TURNS)
    ] = []
    evidence: WithEvidence = False

    @property
    def asked(self) -> tuple[str, tuple[str, ...]]:
        """The question, and the turns before it."""
        return self.question, tuple(self.earlier)


class ConversationIn(SelectionIn):
    """Een gesprek waarvan de laatste vraag wordt beantwoord."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"turns": ["Wat is de buurtbus?", "Wat kost een rit?"]}]})

    turns: Annotated[
        list[Turn], _said("Alle vragen van het gesprek, de oudste eerst.", min_length=1, max_length=MOST_TURNS)
    ]
    evidence: WithEvidence = False

    @property
    def asked(self) -> tuple[str, tuple[str, ...]]:
        """The last question, and the turns before it."""
        return self.turns[-1], tuple(self.turns[:-1])


def _sort_of_question(content: Any) -> str:
    return CONVERSATION if isinstance(content, dict) and "turns" in content else QUESTION


AskedIn = Annotated[
    Annotated[QuestionIn, Tag(QUESTION)] | Annotated[ConversationIn, Tag(CONVERSATION)],
    Discriminator(_sort_of_question),
]
"""A question by itself, or a conversation: what is sent says which."""


class PlaceOut(Message):
    """Een plaats in een document."""

    document: Document
    section: Section
    sections: Sections
    heading: Heading
    page: PageNumber


class CitationOut(Message):
    """Een letterlijk citaat met zijn vindplaats."""

    quote: Annotated[str, _said("Het citaat, letter voor letter.", examples=[EXAMPLE_QUOTE])]
    document: Document
    section: Section
    sections: Sections
    heading: Heading
    page: PageNumber
    footnote: Annotated[str | None, _said("Het nummer van de voetnoot waar het citaat in staat.")]
    passage_id: Annotated[str, _said("De passage waar het citaat in staat.")]
    start: Annotated[int, _said("Begin van het citaat in de leesbare tekst van het document.")]
    end: Annotated[int, _said("Einde van het citaat in de leesbare tekst van het document.")]
    source_start: Annotated[int, _said("Begin van het citaat in de onveranderde bron.")]
    source_end: Annotated[int, _said("Einde van het citaat in de onveranderde bron.")]
    source_spans: Spans
    sha256: Sha256
    speaker: Annotated[str, _said("Wie dit zegt, als de tekst dat noemt.")]
    also: Annotated[list[PlaceOut], _said("Andere plaatsen die hetzelfde zeggen.")]
    row: Annotated[str, _said("De rij van een tabel met de namen van de kolommen erbij, als die bekend zijn.")]


class PassageOut(Message):
    """Een gevonden passage; een hogere score is beter."""

    id: Annotated[str, _said("Het kenmerk van de passage.")]
    text: Annotated[str, _said("De tekst van de passage.")]
    section: Section
    sections: Sections
    heading: Heading
    page: PageNumber
    score: Annotated[float, _said("Hoe goed de passage bij de vraag past.")]


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


class FilterOut(Message):
    """Waarin is gezocht, als dat niet alle documenten zijn. Wat leeg is, beperkte niets."""

    collectie: Collection
    documenten: Annotated[list[str], _said("De gekozen documenten.")]
    jaar: Year
    soort: DocumentKind
    woorden: Annotated[str, _said("De woorden in de vraag die dit vroegen. Leeg als het los van de vraag is gekozen.")]
    aantal: Annotated[int, _said("In hoeveel documenten is gezocht.", examples=[1])]


class AnswerOut(Message):
    """Een antwoord met citaten, of een weigering met een reden."""

    id: Annotated[str, _said("Het kenmerk van dit antwoord; staat ook in het logboek.")]
    question: Annotated[str, _said("De vraag, zoals u hem stelde.", examples=[EXAMPLE_QUESTION])]
    searched: Annotated[str, _said("De vraag waarmee is gezocht: aangevuld uit het gesprek, en zonder typefouten.")]
    language: Annotated[str, _said("De taal van de vraag.", examples=["nl"])]
    status: Annotated[
        str, _said("answered (beantwoord), partial (deels) of refused (geweigerd).", examples=["answered"])
    ]
    reason: Annotated[str, _said("Waarom er geen antwoord is; leeg als dat er wel is.", examples=["niet-gevonden"])]
    answer: Annotated[str, _said("Het antwoord als tekst, met de citaten en hun plaats.")]
    confidence: Annotated[float, _said("Hoe zeker het antwoord is, van 0 tot 1.", ge=0, le=1)]
    citations: Annotated[list[CitationOut], _said("De citaten, het beste eerst. Leeg bij een weigering.")]
    passages: Annotated[list[PassageOut], _said("De passages die het best passen, de beste eerst.")]
    nearest: Annotated[list[CitationOut], _said("Bij een weigering: wat er wel over het onderwerp staat.")]
    contact: Annotated[str, _said("Bij wie u terecht kunt als er geen antwoord is.")]
    written: Annotated[WrittenOut | None, _said("Wat een taalmodel van de citaten maakte, als er een is ingesteld.")]
    took_ms: Annotated[float, _said("Hoe lang het antwoorden duurde, in milliseconden.")]
    evidence: Annotated[
        dict[str, Any] | None,
        _said("Alleen als u erom vroeg: het bewijs. Bewaar het zoals het is, na te gaan met `bronvast verify`."),
    ] = None
    filter: Annotated[
        FilterOut | None,
        _said("Alleen als niet in alle documenten is gezocht. Zonder filter uit de vraag: `herkenFilter: false`."),
    ] = None


class DocumentOut(Message):
    """Een document in de index."""

    id: Document
    title: Annotated[str, _said("De titel.", examples=["Evaluatie regioplan veenkamp"])]
    pages: Annotated[int, _said("Het aantal bladzijden.", examples=[6])]
    passages: Annotated[int, _said("Het aantal passages waarin gezocht wordt.", examples=[37])]
    sha256: Sha256
    media_type: Annotated[str, _said("Het soort bestand.", examples=["application/pdf"])]
    collectie: Collection
    jaar: Year
    soort: DocumentKind


class DocumentsOut(Message):
    """De documenten waarin gezocht wordt."""

    documents: list[DocumentOut]
    indexed: Annotated[datetime, _said("Wanneer de index is gemaakt (UTC).")]
    index: Annotated[str, _said("De naam van de index.")]


class SectionOut(Message):
    """Een deel van een document: hoofdstuk, kop, kader, tabel of voetnoot."""

    label: Annotated[str, _said("De korte naam.", examples=["tekstkader 2"])]
    title: Annotated[str, _said("De titel.", examples=["De buurtbus"])]
    kind: Annotated[str, _said("Wat het is.", examples=["subheading"])]
    path: Annotated[list[str], _said("De namen vanaf het hoofdstuk tot en met dit deel.")]
    page: Annotated[int, _said("De bladzijde waar het begint.", examples=[2])]


class DocumentWhole(DocumentOut):
    """Een document met zijn inhoudsopgave."""

    sections: Annotated[list[SectionOut], _said("De delen, in de volgorde van het document.")]


class MarkOut(Message):
    """Een stuk van de tekst in `context`: daar van `start` tot `end`."""

    start: int
    end: int


class PassageWhole(Message):
    """Een passage in haar omgeving: `context.slice(mark.start, mark.end)` is de gemarkeerde tekst."""

    id: Annotated[str, _said("Het kenmerk van de passage.")]
    text: Annotated[str, _said("De tekst van de passage.")]
    document: Document
    title: Annotated[str, _said("De titel van het document.")]
    section: Section
    sections: Sections
    heading: Heading
    page: PageNumber
    start: Annotated[int, _said("Begin van de gemarkeerde tekst in de leesbare tekst van het document.")]
    end: Annotated[int, _said("Einde van de gemarkeerde tekst in de leesbare tekst van het document.")]
    source_spans: Spans
    sha256: Sha256
    context: Annotated[str, _said("De passage met de tekst eromheen.")]
    mark: MarkOut


class EvaluationOut(Message):
    """De laatste meting van de antwoorden, zoals `bronvast eval --json` haar schreef."""

    measured: Annotated[datetime, _said("Wanneer er is gemeten (UTC).")]
    questions: Annotated[int, _said("Het aantal gouden vragen.", examples=[58])]
    right: Annotated[int, _said("Hoeveel daarvan goed zijn.", examples=[35])]
    losses: Annotated[list[str], _said("De maten die slechter zijn dan het ijkpunt.")]
    index: Annotated[str, _said("De vingerafdruk van de index.")]
    documents: Annotated[dict[str, str], _said("De gemeten documenten, met de hash van hun bron.")]
    measures: Annotated[dict[str, float | None], _said("De maten, elk van 0 tot 1.")]


class WrongOut(BaseModel):
    """Eén fout veld."""

    in_: Annotated[str, Field(alias="in", description="Waar de fout zit.", examples=["inhoud: question"])]
    detail: Annotated[str, Field(description="Wat er fout is.", examples=["dit veld ontbreekt"])]


class Problem(BaseModel):
    """Een fout, volgens RFC 9457."""

    type: Annotated[str, Field(description="Altijd about:blank.", examples=["about:blank"])]
    status: Annotated[int, Field(description="De HTTP-status.", examples=[400])]
    title: Annotated[str, Field(description="Het soort fout.", examples=["Ongeldig verzoek"])]
    detail: Annotated[str, Field(description="Wat er mis is en wat u kunt doen.")]
    errors: Annotated[list[WrongOut] | None, Field(description="Alle velden die fout zijn.")] = None


def in_camel_case(value: Any) -> Any:
    """A record with its names in camelCase; values stay as they are."""
    if isinstance(value, dict):
        return {to_camel(name): in_camel_case(inner) for name, inner in value.items()}
    return [in_camel_case(inner) for inner in value] if isinstance(value, list) else value


def answer_out(record: dict[str, Any]) -> AnswerOut:
    """The message for a record of the batch contract."""
    return AnswerOut.model_validate(record)
