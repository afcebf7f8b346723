"""The real report, where it is present: structure, the questions it must answer, and that nothing is lost."""

import hashlib
import re
from collections import Counter
from itertools import pairwise

import pytest

from corpus.model import Document, Kind, UnitKind
from corpus.structure import read_document
from qa.answer import Answerer
from qa.check import check_citation, squeeze
from qa.model import Status

LIST = "Lijst van gesprekspartners"
CAPTION_PAGES = {
    "tabel 1": 12, "tabel 2": 20, "tekstkader 1": 15, "tekstkader 2": 18,
    "tekstkader 3": 22, "tekstkader 4": 28, "tekstkader 5": 33,
}  # fmt: skip


def test_chapters_pages_boxes_tables_and_footnotes(report: Document) -> None:
    chapters = [s.label for s in report.sections if s.kind is Kind.CHAPTER]
    assert chapters == ["Samenvatting", *map(str, range(1, 12)), "Lijst van gesprekspartners"]
    assert len(report.page_starts) == 44
    notes = [s for s in report.sections if s.kind is Kind.FOOTNOTE]
    assert [s.number for s in notes] == [str(number) for number in range(1, 16)]
    named = {
        s.label: report.pages(s.start, s.start + 5)[0] for s in report.sections if s.kind in (Kind.BOX, Kind.TABLE)
    }
    assert named == CAPTION_PAGES


def test_subheadings_are_those_on_paper(report: Document) -> None:
    """Counted by hand; the hash is of their titles in order, since the report's words are not in the repository."""
    titles = [s.title for s in report.sections if s.kind is Kind.SUBHEADING]
    assert len(titles) == 71
    assert hashlib.sha256("\n".join(titles).encode()).hexdigest()[:16] == "d8d0bd27bfb7405f"
    groups = [s.path[1] for s in report.sections if s.kind is Kind.SUBHEADING and len(s.path) == 3]
    assert Counter(groups) == {"Krimpregio’s": 9, "Provincies": 6, "Ministeries": 7}


def test_every_footnote_is_linked_to_its_marker(report: Document) -> None:
    notes = [n for n, s in enumerate(report.sections) if s.kind is Kind.FOOTNOTE]
    linked = {i.section: report.text[i.start : i.end] for i in report.parts.links if i.section in notes}
    assert linked == {n: report.sections[n].number for n in notes}


def test_the_recommendations_are_one_list(report: Document) -> None:
    longest = max((found for found in report.parts.lists if found.numbered), key=lambda found: len(found.items))
    assert [report.text[start : start + 3].strip(". ") for start, _ in longest.items] == list(map(str, range(1, 13)))
    assert longest.introduction is not None
    assert report.pages(longest.items[0][0], longest.items[-1][1]) == (5, 7)


def test_everyone_spoken_to_is_a_record(report: Document) -> None:
    people = report.parts.people
    assert len(people) == 96
    items = [
        u for u in report.units if u.kind is UnitKind.ITEM and report.sections[u.section].path[0].startswith("Lijst")
    ]
    sources = sum(report.sections[u.section].kind is Kind.SOURCES for u in items)
    assert len(people) == len(items) - sources
    assert sources == 3
    known = {report.text[slice(*person.name)]: person for person in people}
    function = known["Arjen Toet"].function
    assert function is not None
    assert report.text[slice(*function)].startswith("Accountmanager")
    assert report.sections[known["Arjen Toet"].group].title == "Ministerie van Onderwijs, Cultuur en Wetenschap"


def test_table_1_names_its_columns_and_knows_what_it_does_not_know(report: Document) -> None:
    table = report.parts.tables[0]
    assert [report.text[slice(*column)] for column in table.columns] == [
        "eerste actieplan (2009)",
        "tweede actieplan (2016)",
        "maatwerktrajecten (2017)",
    ]
    assert len(table.notes) == 3
    rows = {report.text[slice(*row.label)]: [cell.column for cell in row.cells] for row in table.rows}
    assert rows["Limburg Parkstad Limburg"] == [0, 1, 2]
    assert rows["Groningen De Marne"] == [-1]


def test_lead_ins_are_apart(report: Document) -> None:
    leads = [s.path[0] for s in report.sections if s.kind is Kind.LEAD_IN]
    assert leads == [str(number) for number in range(2, 12)]


def test_the_map_is_monotone_and_reading_again_changes_nothing(report: Document) -> None:
    floats = [(s.start, s.end) for s in report.sections if s.kind in (Kind.FOOTNOTE, Kind.TABLE)]
    runs = [run for run in report.offsets.runs if not any(start <= run[0] < end for start, end in floats)]
    assert all(left[1] + left[2] <= right[1] for left, right in pairwise(runs))
    assert read_document(report.id, report.title, report.text).text.split() == report.text.split()


def test_the_reports_own_references_confirm_the_page_numbers(report: Document) -> None:
    table = re.search(r"tabel 1 op pagina (\d+)", report.text)
    assert table is not None
    assert int(table[1]) == CAPTION_PAGES["tabel 1"]
    boxes = re.search(r"tekstkaders op pagina’s (\d+), (\d+), (\d+) en (\d+)", report.text)
    assert boxes is not None
    assert list(map(int, boxes.groups())) == [CAPTION_PAGES[f"tekstkader {number}"] for number in (1, 3, 4, 5)]


def test_every_printed_character_is_kept_but_page_numbers_and_broken_hyphens(report: Document) -> None:
    kept = bytearray(len(report.source))
    for _, start, length in report.offsets.runs:
        kept[start : start + length] = b"\x01" * length
    lost = squeeze("".join(letter for letter, keep in zip(report.source, kept, strict=True) if not keep))
    assert lost == "3740"  # the two page numbers that stand alone
    assert [report.source[slice(*span)] for span in report.removed] == ["37", "40"]


def test_few_units_jump_over_a_footnote_or_table(report: Document) -> None:
    jumping = [unit for unit in report.units if len(report.source_spans(unit.start, unit.end)) > 1]
    assert len(jumping) < 0.02 * len(report.units)


@pytest.mark.parametrize(
    ("question", "fact", "places"),
    [
        (  # the summary says it as well as the chapter does
            "Hoeveel krimpregio's en anticipeerregio's telt het tweede actieplan?",
            "negen krimpregio’s en elf",
            [("1", (8, 8)), ("Samenvatting", (1, 1))],
        ),
        ("Hoe ver is het team van het ministerie van BZK teruggebracht?", "van 15 naar 5 fte", [("1", (8, 8))]),
        ("Met hoeveel fte is het team van het ministerie ingekrompen?", "van 15 naar 5 fte", [("1", (8, 8))]),
        ("Wat liet de Leefbaarometer zien?", "Leefbaarometer blijkt", [("1", (10, 10))]),
        (
            "Welke regio's hebben volgens tabel 1 een maatwerk-traject?",
            "Oost-Groningen krimp krimp x",
            [("1", (12, 12))],
        ),
        ("Wie zijn er geïnterviewd bij het ministerie van OCW?", "Arjen Toet", [(LIST, (42, 42))]),
        ("Wie is er gesproken bij Infrastructuur en Waterstaat?", "Nick de Graaf", [(LIST, (42, 42))]),
    ],
)
def test_the_first_quote_answers(
    report_answerer: Answerer, question: str, fact: str, places: list[tuple[str, tuple[int, int]]]
) -> None:
    answer = report_answerer.answer(question)
    assert answer.status is Status.ANSWERED
    first = answer.citations[0]
    assert fact in first.quote
    assert (first.place.section, first.place.page) in places


@pytest.mark.parametrize(
    "question",
    [
        "Wat is het recept voor appeltaart?",
        "Wie won het WK voetbal in 2018?",
        "Hoe werkt fotosynthese?",
        "asdf qwer zxcv",
    ],
)
def test_what_the_report_is_not_about_is_refused(report_answerer: Answerer, question: str) -> None:
    assert report_answerer.answer(question).status is Status.REFUSED


def test_every_quote_over_many_questions_is_verbatim(report_answerer: Answerer, report: Document) -> None:
    """Questions made from the report's own sentences: two hundred quotes from all over it."""
    source = report.source
    assert hashlib.sha256(source.encode()).hexdigest() == report.sha256
    for unit in report.units[:: max(1, len(report.units) // 100)]:
        words = report.text[unit.start : unit.end].split()[:9]
        for citation in report_answerer.answer(f"Wat staat er over {' '.join(words)}?").citations:
            check_citation(citation, report)
            record = citation.to_record()
            around = source[record["source_start"] : record["source_end"]]
            assert len(record["source_spans"]) > 1 or squeeze(around) == squeeze(citation.quote)
