"""Lists, links, grids and people are spans of the text, found by their look and never by name."""

import pytest

from corpus.model import Document, Kind, UnitKind
from corpus.offsets import Span
from corpus.parts import Parts, as_pairs
from corpus.review import review
from corpus.structure import read_document

FULL = "Deze regel is precies zo lang als de kolom breed is, en dat is in dit stukje tekst ongeveer zo."
REPORT = f"""Lijst van gesprekspartners

Gemeenten
Gemeente Overmeer
• Dhr. Jan de Wit, Wethouder Gemeente Overmeer
• Mevr. Els van der Kamp, beleidsmedewerker Wonen & Zorg, gemeente Overmeer
Gemeente Duindorp
• Kees Smit, projectleider
Wetenschap
• Prof. Anna Blom, Hoogleraar Bestuurskunde
• Piet Bakker, Stichting Dorpshuis, directeur bedrijfsvoering

Bijlage 1
{FULL}
{FULL}
"""


def slices(document: Document, spans: tuple[Span | None, ...]) -> list[str | None]:
    return [document.text[slice(*span)] if span else None for span in spans]


@pytest.fixture(scope="module")
def people() -> Document:
    return read_document("lijst", "Een lijst", REPORT)


def test_people_are_records(people: Document) -> None:
    found = [slices(people, (p.name, p.function, p.organisation)) for p in people.parts.people]
    assert found == [
        ["Jan de Wit", "Wethouder", "Gemeente Overmeer"],
        ["Els van der Kamp", "beleidsmedewerker Wonen & Zorg", "gemeente Overmeer"],
        ["Kees Smit", "projectleider", None],
        ["Anna Blom", "Hoogleraar Bestuurskunde", None],
        ["Piet Bakker", "directeur bedrijfsvoering", "Stichting Dorpshuis"],
    ]
    groups = [people.sections[person.group].path for person in people.parts.people]
    assert groups[0] == ("Lijst van gesprekspartners", "Gemeenten", "Gemeente Overmeer")
    assert groups[3] == ("Lijst van gesprekspartners", "Wetenschap")


def test_a_list_of_opinions_is_no_list_of_people() -> None:
    source = (
        "1 Meningen\nDe leden zeiden:\n• Jan de Wit vindt het goed.\n• Els Kamp wil meer geld.\n• Kees Smit twijfelt.\n"
    )
    assert read_document("d", "Titel", source).parts.people == ()


def test_a_list_has_its_introduction_and_all_its_items() -> None:
    source = (
        "1 Plan\nEr is veel. De aanbevelingen zijn:\n1. Bouw huizen.\n2. Sloop minder.\n3. Praat meer.\nDat is het.\n"
    )
    document = read_document("d", "Titel", source)
    (found,) = document.parts.lists
    assert found.numbered
    assert slices(document, (found.introduction, *found.items)) == [
        "De aanbevelingen zijn:",
        "1. Bouw huizen.",
        "2. Sloop minder.",
        "3. Praat meer.",
    ]


def test_references_point_to_what_they_name() -> None:
    source = (
        "1 Begin\nZie ook deel 2 en tabel 1, op pagina 1. In deel 7 van de wet staat iets anders.\n"
        "2 Einde\nHier is niets te zien.\ntabel 1 Aantallen per jaar\n"
    )
    document = read_document("d", "Titel", source)
    shown = [
        (document.text[i.start : i.end], document.sections[i.section].label if i.section >= 0 else i.page)
        for i in document.parts.links
    ]
    assert shown == [("deel 2", "2"), ("tabel 1", "tabel 1"), ("pagina 1", 1)]


def test_markers_point_to_their_notes(sample: Document) -> None:
    notes = [n for n, s in enumerate(sample.sections) if s.kind is Kind.FOOTNOTE]
    linked = {i.section: sample.text[i.start : i.end] for i in sample.parts.links if i.section in notes}
    assert linked == {n: sample.sections[n].number for n in notes}


def test_a_tables_values_stand_under_their_columns(sample: Document) -> None:
    table = next(t for t in sample.parts.tables if sample.sections[t.section].label == "tabel 2")
    assert slices(sample, table.columns) == ["Gepland", "Verbouwd"]
    pairs = [as_pairs(sample.text, table, row) for row in table.rows]
    assert "Meerwaard (Gepland: 110; Verbouwd: 71)" in pairs


GRID = f"""1 Cijfers
{FULL}
{FULL}
{FULL}

tabel 1 Wie doet mee
eerste ronde
(2010)
tweede ronde
(2015)
eigen geld
Noorddorp ja ja x
Zuiddorp ja nee x
Oostdorp nee ja x
Westdorp ja x
Middendorp ja**
Bovendorp ja
Benedendorp ja
Buitendorp nee
Binnendorp nee
Achterdorp nee
* Onder voorbehoud.
** Alleen na 2016.
"""


def test_a_value_is_put_in_a_column_only_when_that_is_sure() -> None:
    document = read_document("d", "Titel", GRID)
    (table,) = document.parts.tables
    assert slices(document, table.columns) == ["eerste ronde (2010)", "tweede ronde (2015)", "eigen geld"]
    cells = {
        document.text[slice(*row.label)]: [(document.text[c.start : c.end], c.column) for c in row.cells]
        for row in table.rows
    }
    assert cells["Noorddorp"] == [("ja", 0), ("ja", 1), ("x", 2)]
    assert cells["Westdorp"] == [("ja", -1), ("x", 2)]
    assert cells["Middendorp"] == [("ja**", -1)]
    assert slices(document, table.notes) == ["* Onder voorbehoud.", "** Alleen na 2016."]
    assert any("niet zeker in welke kolom" in warning for warning in review(document))


def test_rows_are_units_with_their_header_on_one_line() -> None:
    document = read_document("d", "Titel", GRID)
    rows = [document.text[u.start : u.end] for u in document.units if u.kind is UnitKind.ROW]
    assert rows[:2] == ["eerste ronde (2010)", "tweede ronde (2015)"]


def test_parts_survive_json(people: Document, sample: Document) -> None:
    for document in (people, sample):
        assert Parts.from_json(document.parts.to_json()) == document.parts


def test_a_missing_chapter_note_or_marker_is_told() -> None:
    source = "1 Begin\nEen zin.\n3 Einde\nNog een zin.\n"
    document = read_document("d", "Titel", source)
    assert review(document) == []  # "3 Einde" is no chapter when 2 is missing
    pages = "1 Begin\nEen zin.\n\f2 Midden\nNog een zin.\n\fx\n"
    assert any("Bijna geen tekst op pagina" in warning for warning in review(read_document("d", "Titel", pages)))
