"""Answers: quotes that are slices, refusals with a reason, nothing in between."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Document, Kind
from corpus.structure import read_document
from fakes import FakeEncoder, answerer_on, as_file, build
from index.sparse import stems
from qa.answer import Answerer
from qa.check import QuoteError, check_citation
from qa.model import Answer, Citation, Reason, Status, place_of
from qa.phrase import absent_phrase, page_phrase, place_phrase
from qa.question import expected_kind, read_question
from qa.sentence import Expected, counts, gives, introduces_count

REUSE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_the_fake_encoder_finds_the_sentence(fake_answerer: Answerer) -> None:
    answer = fake_answerer.answer("Wat kostte het werk aan de brug?")
    assert answer.status is Status.ANSWERED
    assert "Het werk kostte 12 miljoen euro." in answer.citations[0].quote
    assert answer.citations[0].place.section == "Samenvatting"
    assert answer.citations[0].place.page == (1, 1)
    assert answer.text.startswith("Volgens Samenvatting (p. 1): “")


@given(st.text(max_size=80))
@REUSE
def test_whatever_is_asked_every_quote_is_verbatim(fake_answerer: Answerer, question: str) -> None:
    answer = fake_answerer.answer(question)
    assert (answer.status is Status.REFUSED) == (answer.citations == ())
    for citation in answer.citations:
        check_citation(citation, fake_answerer.index.documents[citation.place.document])


def test_the_same_question_gives_the_same_answer(sample_answerer: Answerer) -> None:
    question = "Hoeveel reizigers had de buurtbus in 2022?"
    first = sample_answerer.answer(question)
    sample_answerer.answer("Iets heel anders over woningen?")
    assert sample_answerer.answer(question) == first


@pytest.mark.parametrize("question", ["", "   ", "?!...", "\n\t", "x" * 1001])
def test_what_is_no_question_is_refused_as_such(fake_answerer: Answerer, question: str) -> None:
    answer = fake_answerer.answer(question)
    assert (answer.status, answer.reason) == (Status.REFUSED, Reason.INVALID_INPUT)
    assert answer.passages == ()


def test_a_refusal_names_what_is_nearest_and_whom_to_ask(fake_index, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from fakes import FakeEncoder

    answerer = Answerer(fake_index, FakeEncoder(), 1.0, 1000, "info@lauwerdam.example")
    answer = answerer.answer("Wat kostte de brug?")
    assert (answer.status, answer.reason, answer.citations) == (Status.REFUSED, Reason.NOT_FOUND, ())
    assert "Samenvatting (p. 1)" in answer.text
    assert "info@lauwerdam.example" in answer.text
    assert answer.passages


def test_an_answer_without_quotes_or_a_refusal_with_them_cannot_be_built(fake_answerer: Answerer) -> None:
    quotes = fake_answerer.answer("Wat kostte het werk aan de brug?").citations
    for status, reason, citations in [
        (Status.ANSWERED, None, ()),
        (Status.PARTIAL, None, ()),
        (Status.ANSWERED, Reason.NOT_FOUND, quotes),
        (Status.REFUSED, None, ()),
        (Status.REFUSED, Reason.NOT_FOUND, quotes),
    ]:
        with pytest.raises(ValueError, match="quotes"):
            Answer("?", status, reason, "", 0.5, citations, ())
    with pytest.raises(ValueError, match="confidence"):
        Answer("?", Status.ANSWERED, None, "", 1.5, quotes, ())


def citation_of(document: Document, start: int, end: int, changes: dict[str, object]) -> Citation:
    section = document.sections[0]
    values: dict[str, object] = {
        "quote": document.text[start:end],
        "place": place_of(document, section, document.pages(start, end)),
        "passage_id": "p",
        "start": start,
        "end": end,
        "source_spans": document.source_spans(start, end),
        "sha256": document.sha256,
    }
    return Citation(**(values | changes))  # type: ignore[arg-type]


def test_the_last_gate_lets_nothing_else_through(made_up: Document) -> None:
    start = made_up.text.index("De brug")
    check_citation(citation_of(made_up, start, start + 40, {}), made_up)
    spans = made_up.source_spans(start, start + 40)
    wrong: list[dict[str, object]] = [
        {"quote": made_up.text[start : start + 39]},
        {"quote": made_up.text[start : start + 40].replace("brug", "Brug")},
        {"start": start + 1},
        {"source_spans": ((spans[0][0] + 1, spans[0][1]),)},
        {"sha256": "0" * 64},
    ]
    for changes in wrong:
        with pytest.raises(QuoteError):
            check_citation(citation_of(made_up, start, start + 40, changes), made_up)


def test_places_are_named_as_people_look_them_up(sample: Document) -> None:
    def place(kind: Kind, label: str):  # type: ignore[no-untyped-def]
        section = next(s for s in sample.sections if s.kind is kind and s.label == label)
        return place_of(sample, section, sample.pages(section.start, section.end))

    box = place(Kind.BOX, "tekstkader 1")
    assert (box.section, box.sections, box.heading) == ("2", ("2", "tekstkader 1"), "Het verhaal van de melkfabriek")
    note = place(Kind.FOOTNOTE, "voetnoot 2")
    assert (note.section, note.footnote, note.heading) == ("2", "2", "De buurtbus")
    assert place(Kind.CHAPTER, "Samenvatting").sections == ("Samenvatting",)
    assert place_phrase(box) == "deel 2, Voorzieningen en vervoer, tekstkader 1, Het verhaal van de melkfabriek (p. 3)"
    assert place_phrase(note) == "deel 2, Voorzieningen en vervoer, De buurtbus, voetnoot 2 (p. 2)"
    assert page_phrase((3, 4)) == "p. 3-4"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hoeveel dorpen zijn er?", Expected.NUMBER),
        ("Hoe lang duurde het?", Expected.NUMBER),
        ("Wat kostte het onderzoek?", Expected.MONEY),
        ("Wat heeft de bus de gemeenten gekost?", Expected.MONEY),
        ("Hoeveel geld was er voor de bus?", Expected.MONEY),
        ("Hoe hoog was het budget?", Expected.MONEY),
        ("Wat zou een tweede bus kosten?", Expected.MONEY),
        ("Wat kost de chauffeurs veel tijd?", None),
        ("Welke prijs won het dorp?", None),
        ("Wat is er gezegd over de kosten?", None),
        ("In welk jaar begon het?", Expected.DATE),
        ("Wie heeft dat gezegd?", Expected.PERSON),
        ("Welke hoogleraren zijn gevraagd?", Expected.PERSON),
        ("Hoe heten de wethouders die meededen?", Expected.PERSON),
        ("Ik zoek de namen van alle betrokken gedeputeerden.", Expected.PERSON),
        ("Hoe heet het overleg van de burgemeesters?", None),
        ("Waarom gebeurde dat?", None),
    ],
)
def test_what_a_question_expects(question: str, kind: Expected | None) -> None:
    assert expected_kind(question) is kind


def test_numbers_words_and_digits_count_but_list_numbers_and_years_do_not() -> None:
    assert gives("Er zijn negen regio's.", Expected.NUMBER)
    assert gives("Het daalde van 15 naar 5 fte.", Expected.NUMBER)
    assert not gives("2. De groep van het begin.", Expected.NUMBER)
    assert not gives("De K6 begon in 2016.", Expected.NUMBER)
    assert gives("Het plan liep van 2016 tot en met 2020.", Expected.NUMBER)
    assert gives("Dat was in maart 2016.", Expected.DATE)
    assert gives("Jan van der Berg, wethouder", Expected.PERSON)
    assert not gives("De gemeente, het Rijk en de provincie", Expected.PERSON)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("Dat kostte € 1.250.", True),
        ("Elke rit kost 80 cent.", True),
        ("Er ging 2,5 mln. euro naar de bus.", True),
        ("Het Rijk gaf twee miljoen.", True),
        ("Per inwoner was dat een euro.", True),
        ("De bus reed 40 keer in 2019.", False),
        ("Sinds de euro is er 1 bus.", False),
        ("Dat kostte de gemeente veel geld.", False),
    ],
)
def test_a_sum_of_money_is_not_any_number(text: str, money: bool) -> None:
    assert gives(text, Expected.MONEY) == money


def test_a_whole_table_is_quoted_only_when_it_is_asked_for(sample_answerer: Answerer, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("qa.extent.LONGEST_UNASKED_LIST", 50)
    assert read_question("Welke gemeenten zijn er?", {}).asks_all
    whole = sample_answerer.answer("Wat staat er in tabel 1 over vrijwilligers?").citations[0]
    assert whole.quote.count("\n") == 6
    answer = sample_answerer.answer("Hoe ging het met reizigers en vrijwilligers in 2019?")
    rows = [citation.quote for citation in answer.citations if "tabel 1" in citation.place.sections]
    assert "2019 22.700 94" in rows
    assert not any("\n" in row for row in rows)


def test_what_is_counted_stands_after_a_number() -> None:
    things = read_question("Hoeveel krimpregio's en hoeveel grote gemeenten zijn er?", {}).counted
    assert things >= set(stems(["krimpregio grote gemeenten"])[0])
    assert counts("Het zijn negen krimpregio’s.", things)
    assert counts("In 12 kleine gemeenten is dat zo.", things)
    assert not counts("De krimpregio’s kregen negen keer geld.", things)
    assert not counts("Het zijn negen krimpregio’s.", read_question("Waarom zijn er krimpregio's?", {}).counted)


def test_a_part_that_is_named_goes_first(sample_answerer: Answerer) -> None:
    assert read_question("Wat staat er in Tabel 2 en tekstkader 1?", {}).named == {"tabel 2", "tekstkader 1"}
    answer = sample_answerer.answer("Wat staat er in tabel 2?")
    assert answer.passages[0].place.sections == ("3", "tabel 2")
    assert answer.citations[0].quote.startswith("Gemeente Gepland Verbouwd")


def test_a_loose_sentence_brings_the_one_before(sample_answerer: Answerer) -> None:
    for question in (
        "Waarom stopte de woningcorporatie met verbouwen?",
        "Welke banen verdwenen door de zuivelfabriek?",
    ):
        for citation in sample_answerer.answer(question).citations:
            assert not re.match(r"(Daardoor|Dit|Deze)\b", citation.quote)


@pytest.mark.parametrize(
    ("text", "introduced"),
    [
        ("De streek telt negen dorpen.", True),
        ("Er zijn 9 kleine dorpen.", True),
        ("In het zuiden trekken de drie dorpen samen op.", False),
        ("Bij vijf andere dorpen lukte dat niet.", False),
        ("De drie dorpen horen bij de negen in de streek, waar nu 12 dorpen zijn.", True),
        ("De dorpen zijn klein.", False),
    ],
)
def test_some_of_those_spoken_of_before_are_no_count_of_all(text: str, introduced: bool) -> None:
    things = read_question("Hoeveel dorpen zijn er?", {}).counted
    assert introduces_count(text, things) == introduced
    assert not introduces_count(text, frozenset())


def test_how_many_gets_the_sentence_that_counts_them(tmp_path: Path) -> None:
    text = (
        "1 De streek\n\nDe dorpen in de streek zijn klein. In het zuiden werken de drie dorpen samen.\n\n"
        "2 Bestuur\n\nDe streek bestaat uit negen dorpen.\n"
    )
    index = build(tmp_path / "index", [as_file(read_document("streek", "De streek", text))], FakeEncoder())
    answer = answerer_on(index, FakeEncoder()).answer("Hoeveel dorpen zijn er?")
    assert "negen dorpen" in (answer.citations or answer.nearest)[0].quote


def test_a_part_that_is_not_there_is_a_wrong_assumption(sample_answerer: Answerer) -> None:
    answer = sample_answerer.answer("Wat laat tabel 9 zien over het aantal reizigers?")
    assert (answer.status, answer.reason, answer.confidence) == (Status.REFUSED, Reason.FALSE_PREMISE, 0.0)
    assert "Tabel 9 is er niet; wel tabel 1 tot en met 2." in answer.text
    english = sample_answerer.answer("What does tabel 9 show about the passengers of the bus?")
    assert "There is no tabel 9; there is tabel 1 to 2." in english.text
    assert sample_answerer.answer("Wat laat tabel 1 zien over het aantal reizigers?").status is Status.ANSWERED
    # No figure was recognised in the sample at all: it may be there.
    drawn = sample_answerer.answer("Wat laat figuur 9 zien over het aantal reizigers van de buurtbus?")
    assert drawn.reason is not Reason.FALSE_PREMISE


def test_the_parts_that_are_there_are_named() -> None:
    assert absent_phrase({"tabel 5": [1, 2, 3]}) == "Tabel 5 is er niet; wel tabel 1 tot en met 3."
    assert absent_phrase({}) == ""


@pytest.mark.parametrize(
    "question", ["Wat staat er in tabel 1?", "tabel 1", "Laat tabel 2 zien", "Waar gaat tabel 2 over?"]
)
def test_a_part_that_is_asked_for_whole_is_given(sample_answerer: Answerer, question: str) -> None:
    answer = sample_answerer.answer(question)
    assert answer.status is Status.ANSWERED
    named = re.search(r"tabel \d", question)
    assert named
    assert named[0] in answer.citations[0].place.sections


def test_a_part_is_given_from_its_first_sentence_on(sample_answerer: Answerer) -> None:
    index = sample_answerer.index
    label, ((first, _), *_) = next((k, runs) for k, runs in index.named.items() if k.startswith("tekstkader"))
    answer = sample_answerer.answer(f"Waar gaat {label} over?")
    assert answer.citations[0].quote.startswith(index.text(index.sentences[first]))
    asked_more = sample_answerer.answer(f"Wat zegt {label} over de wethouder?")
    assert asked_more.confidence < answer.confidence
