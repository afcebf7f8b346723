"""The real report, where it is present: structure, the questions it must answer, and that nothing is lost."""

import hashlib
import re

import pytest

from corpus.model import Document, Kind
from qa.answer import Answerer
from qa.check import check_citation, squeeze
from qa.model import Status

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


def test_few_units_jump_over_a_footnote_or_table(report: Document) -> None:
    jumping = [unit for unit in report.units if len(report.source_spans(unit.start, unit.end)) > 1]
    assert len(jumping) < 0.02 * len(report.units)


@pytest.mark.parametrize(
    ("question", "fact", "section", "page"),
    [
        (
            "Hoeveel krimpregio's en anticipeerregio's telt het tweede actieplan?",
            "negen krimpregio’s en elf",
            "1",
            (8, 8),
        ),
        ("Hoe ver is het team van het ministerie van BZK teruggebracht?", "van 15 naar 5 fte", "1", (8, 8)),
        ("Met hoeveel fte is het team van het ministerie ingekrompen?", "van 15 naar 5 fte", "1", (8, 8)),
        ("Wat liet de Leefbaarometer zien?", "Leefbaarometer blijkt", "1", (10, 10)),
        ("Welke regio's hebben volgens tabel 1 een maatwerk-traject?", "Oost-Groningen krimp krimp x", "1", (12, 12)),
        ("Wie zijn er geïnterviewd bij het ministerie van OCW?", "Arjen Toet", "Lijst van gesprekspartners", (42, 42)),
        (
            "Wie is er gesproken bij Infrastructuur en Waterstaat?",
            "Nick de Graaf",
            "Lijst van gesprekspartners",
            (42, 42),
        ),
    ],
)
def test_the_first_quote_answers(
    report_answerer: Answerer, question: str, fact: str, section: str, page: tuple[int, int]
) -> None:
    answer = report_answerer.answer(question)
    assert answer.status is Status.ANSWERED
    first = answer.citations[0]
    assert fact in first.quote
    assert (first.place.section, first.place.page) == (section, page)


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
