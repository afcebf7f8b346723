"""Whole lists, and all rows of a kind: who asks for all of something gets all of it, and who asks less gets no list."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from api.show import show_answer
from corpus.load import load_documents
from corpus.model import Document
from corpus.parts import Cell
from corpus.structure import read_document
from fakes import FakeEncoder, answerer_on, build
from qa.answer import Answerer
from qa.citing import cite
from qa.model import Status
from qa.people import asked_people
from qa.question import alike, asks_advice, read_question
from qa.tabled import asked_rows

REPORT = """1 Inleiding
Er zijn veel dorpen in de streek. Zij groeien of blijven gelijk.

tabel 1 De groei- en stilstandregio's
Streek\teerste plan (2011)\ttweede plan (2018)
Noord Aldemeer\tgroei\tgroei
Noord Bruinwold\tstilstand\tgroei
Zuid Cleverdam\tgroei\tgroei
Zuid Doornzijl\tstilstand\tstilstand
Zuid Eekhuizen\tstilstand*\tstilstand

2 Slot
De onderzoekers doen de volgende aanbevelingen:
1. Bouw kleine huizen.
2. Laat de bus vaker rijden.
3. Vraag jongeren wat zij willen.
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("listing") / "kernen.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def document(file: Path) -> Document:
    return load_documents([file])[0].document


@pytest.fixture(scope="module")
def answerer(file: Path) -> Answerer:
    return answerer_on(build(file.parent / "index", load_documents([file]), FakeEncoder()), FakeEncoder())


def rows(document: Document, question: str) -> list[str]:
    spans = asked_rows(document, read_question(question, {}))
    return [document.text[start:end].split()[1] for start, end in spans]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Welke groeiregio's zijn er?", ["Aldemeer", "Bruinwold", "Cleverdam"]),
        ("Noem alle stilstandregio's", ["Doornzijl", "Eekhuizen"]),
        ("Wat zijn de groeigebieden?", ["Aldemeer", "Bruinwold", "Cleverdam"]),
        ("Welke gebieden groeien?", ["Aldemeer", "Bruinwold", "Cleverdam"]),
        ("Welke groeiregio's liggen in Noord?", ["Aldemeer", "Bruinwold"]),
        ("Welke stilstandregio's liggen in Noord?", []),
        ("Welke stilstandregio's liggen in Zuid?", ["Doornzijl", "Eekhuizen"]),
        ("Welke stilstandregio's waren er in 2011?", ["Bruinwold", "Doornzijl", "Eekhuizen"]),
        ("Welke groeiregio's liggen in Oost?", []),
        ("Welke groeiregio's zijn niet tevreden?", []),
        ("Welke groeiregio's deden niet mee?", []),
        ("Welke groeiregio's klagen?", []),
        ("Welke groeidorpen zijn er?", []),
        ("Welke regio's zijn er?", []),
        ("Hoeveel groeiregio's zijn er?", []),
    ],
)
def test_who_asks_for_all_of_a_kind_gets_its_rows(document: Document, question: str, found: list[str]) -> None:
    assert rows(document, question) == found


def test_who_names_a_column_gets_what_stands_in_it(document: Document) -> None:
    assert rows(document, "Welke groeiregio's waren er in 2011?") == ["Aldemeer", "Cleverdam"]
    assert rows(document, "Welke stilstandregio's waren er in het tweede plan?") == ["Doornzijl", "Eekhuizen"]
    assert rows(document, "Welke groeiregio's waren er in 2015?") == []


def test_a_kind_may_be_called_otherwise_in_the_title(document: Document) -> None:
    """The title speaks of "gebieden", the cells of "regio", and the columns are years."""
    text = (
        REPORT.replace("groei- en stilstandregio's", "gebieden")
        .replace("groei\t", "regio\t")
        .replace("\tgroei", "\tregio")
    )
    found = read_document("kernen", "Kernen", text)
    assert rows(found, "Welke regio's zijn er?") == ["Aldemeer", "Bruinwold", "Cleverdam"]


def test_where_columns_are_not_sure_the_whole_table_is_given(document: Document) -> None:
    (table,) = document.parts.tables
    unsure = replace(table, rows=tuple(replace(row, cells=_unplaced(row.cells)) for row in table.rows))
    loose = replace(document, parts=replace(document.parts, tables=(unsure,)))
    ((start, end),) = asked_rows(loose, read_question("Welke groeiregio's waren er in 2011?", {}))
    assert "tweede plan (2018)" in loose.text[start:end]
    assert loose.text[start:end].endswith("Zuid Eekhuizen stilstand* stilstand")
    assert rows(loose, "Welke groeiregio's zijn er?") == ["Aldemeer", "Bruinwold", "Cleverdam"]


def _unplaced(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(replace(cell, column=-1) for cell in cells)


def test_rows_are_quoted_with_their_table(answerer: Answerer) -> None:
    answer = answerer.answer("Welke groeiregio's zijn er?")
    assert answer.status is Status.ANSWERED
    assert [citation.quote.split()[1] for citation in answer.citations] == ["Aldemeer", "Bruinwold", "Cleverdam"]
    assert all("tabel 1" in citation.place.sections for citation in answer.citations)


def test_a_row_is_shown_with_its_columns_where_these_are_known(answerer: Answerer, document: Document) -> None:
    citations = answerer.answer("Welke groeiregio's liggen in Noord?").citations
    rows = ["Noord Aldemeer (eerste plan (2011): groei; tweede plan (2018): groei)"]
    rows.append("Noord Bruinwold (eerste plan (2011): stilstand; tweede plan (2018): groei)")
    assert [citation.row for citation in citations] == rows
    assert [citation.to_record()["row"] for citation in citations] == rows
    console = Console(width=200, record=True, file=StringIO())
    show_answer(console, answerer.answer("Welke groeiregio's liggen in Noord?"))
    assert all(f"Met de kolommen erbij: {row}" in console.export_text() for row in rows[:1])
    section = document.sections[document.parts.tables[0].section]
    first, last = document.parts.tables[0].rows[0], document.parts.tables[0].rows[1]
    assert cite(document, section, (first.start, last.end), "p").row == ""
    assert cite(document, document.sections[0], (first.start, first.end), "p").row == ""


@pytest.mark.parametrize(
    "question",
    [
        "Welke aanbevelingen doet het rapport?",
        "Wat zijn de belangrijkste aanbevelingen?",
        "Wat bevelen de onderzoekers aan?",
        "Wat raadt het rapport aan?",
        "Wat wordt er geadviseerd?",
        "Welke adviezen geeft de evaluatie?",
        "What does the report recommend?",
        "Wat moet er nu gebeuren?",
        "Wat moet het Rijk doen?",
        "Wat kan er beter?",
    ],
)
def test_who_asks_what_is_recommended_gets_every_recommendation(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    assert [citation.quote[:2] for citation in answer.citations] == ["1.", "2.", "3."]
    assert answer.confidence >= answerer.look(question).verdict.threshold


@pytest.mark.parametrize(
    "question",
    [
        "Wat raadt burgemeester Zandstra aan?",
        "Wat bevelen zij aan over zonnepanelen?",
        "Wat bevelen de onderzoekers niet aan?",
    ],
)
def test_advice_of_someone_else_or_on_something_else_is_no_list(answerer: Answerer, question: str) -> None:
    assert asks_advice(question)
    assert len(answerer.answer(question).citations) < 3


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Welke wethouders zijn gesproken?", ["Joke", "Siem"]),
        ("Wie zijn de wethouders?", ["Joke", "Siem"]),
        ("Noem alle bestuurders die hebben meegedaan", ["Ineke", "Hanna"]),
        ("Welke bestuurders uit het onderwijs zijn geïnterviewd?", ["Ineke"]),
        ("Welke wethouders zijn niet gesproken?", []),
        ("Welke wethouders klagen over de buurtbus?", []),
        ("Welke burgemeesters zijn gesproken?", []),
        ("Hoeveel wethouders zijn gesproken?", []),
        ("Wie zijn er gesproken?", []),
    ],
)
def test_who_asks_for_all_people_of_a_function_gets_their_records(
    sample: Document, question: str, found: list[str]
) -> None:
    spans = asked_people(sample, read_question(question, {}))
    assert [sample.text[start:end].split()[0] for start, end in spans] == found


def test_an_abbreviation_that_is_spelled_out_asks_nothing_more(sample: Document) -> None:
    question = read_question("Welke bestuurders van OEZ zijn gesproken?", {"OEZ": "onderwijs en zorg"})
    (span,) = asked_people(sample, question)
    assert sample.text[slice(*span)].startswith("Ineke")


def test_people_are_quoted_each_by_themselves(fake_sample_answerer: Answerer) -> None:
    answer = fake_sample_answerer.answer("Welke wethouders zijn gesproken?")
    assert [citation.quote.split()[0] for citation in answer.citations] == ["Joke", "Siem"]


@pytest.mark.parametrize(
    ("question", "count", "part"),
    [
        ("Welke krimpregio's zijn er?", 9, "tabel 1"),
        ("Noem alle anticipeergebieden", 11, "tabel 1"),
        ("Wat wordt er aanbevolen?", 12, "Samenvatting"),
        ("Welke gedeputeerden zijn geïnterviewd?", 6, "Lijst van gesprekspartners"),
        ("Met welke hoogleraren is gesproken?", 6, "Lijst van gesprekspartners"),
    ],
)
def test_lists_of_the_report_are_whole(report_answerer: Answerer, question: str, count: int, part: str) -> None:
    citations = report_answerer.answer(question).citations
    assert len(citations) == count
    assert all(part in (citation.place.section, *citation.place.sections) for citation in citations)


def test_only_who_asks_what_is_advised_asks_for_advice() -> None:
    assert not asks_advice("Wat deed de raad aan het plan?")
    assert not asks_advice("Waarom raden zij een bus aan?")


def test_words_for_an_area_are_alike_at_the_end_of_a_word() -> None:
    assert {"krimpregio", "krimpstreek"} <= alike("krimpregio")
    assert alike("dorp") == {"dorp"}
    assert read_question("Hoeveel regio's zijn er?", {}).counted == {"regio"}
