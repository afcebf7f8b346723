"""Passages are whole units, inside one section, and keep their names when other text changes."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Kind, UnitKind
from corpus.passages import SHORTEST, chunk, lead_of
from corpus.sentences import LONGEST
from corpus.structure import read_document

SIZES = st.integers(1, 8)


@given(SIZES, SIZES)
def test_passages_stay_in_their_section_and_hold_every_unit(size: int, stride: int) -> None:
    document = read_document("d", "Titel", TEXT)
    passages = chunk(document, size, stride)
    held = set()
    for passage in passages:
        assert passage.section.start <= passage.start < passage.end <= passage.section.end
        assert passage.end - passage.start <= LONGEST
        inside = [u for u in document.units if passage.start <= u.start and u.end <= passage.end]
        assert {document.sections[u.section] for u in inside} == {passage.section}
        assert (inside[0].start, inside[-1].end) == (passage.start, passage.end)
        held |= {u.start for u in inside}
    assert held == {u.start for u in document.units}


def test_size_one_gives_each_unit(sample: Document) -> None:
    spans = [(p.start, p.end) for p in chunk(sample, 1, 1)]
    assert spans == [(u.start, u.end) for u in sample.units]


def test_windows_are_of_the_size_asked(sample: Document) -> None:
    for passage in chunk(sample, 3, 3):
        count = sum(passage.start <= u.start and u.end <= passage.end for u in sample.units)
        assert count <= 3 or passage.end - passage.start > SHORTEST or passage.section.kind is Kind.TABLE or count < 12


def test_a_table_is_one_passage(sample: Document) -> None:
    tables = [p for p in chunk(sample, 2, 1) if p.section.kind is Kind.TABLE]
    rows = [u for u in sample.units if u.kind is UnitKind.ROW]
    assert len(tables) == 2
    assert sum(p.start <= u.start and u.end <= p.end for p in tables for u in rows) == len(rows)


def test_an_item_is_led_by_its_introduction_and_a_row_by_its_columns(sample: Document) -> None:
    found = next(x for x in sample.parts.lists if x.introduction and len(x.items) > 1)
    assert found.introduction is not None
    introduction = sample.text[slice(*found.introduction)]
    assert lead_of(sample, *found.items[0]) == lead_of(sample, *found.items[-1]) == introduction
    assert lead_of(sample, found.introduction[0], found.items[-1][1]) == ""  # holds it itself
    table = next(t for t in sample.parts.tables if t.columns)
    assert lead_of(sample, table.rows[0].start, table.rows[0].end) == "; ".join(
        sample.text[slice(*column)] for column in table.columns
    )
    assert lead_of(sample, sample.units[0].start, sample.units[0].end) == ""


def test_ids_are_unique_and_survive_text_added_elsewhere() -> None:
    before = chunk(read_document("d", "Titel", TEXT), 3, 2)
    after = chunk(read_document("d", "Titel", TEXT.replace("Einde.", "Einde. Nog een zin aan het slot.")), 3, 2)
    assert len({p.id for p in before}) == len(before)
    kept = {p.id for p in after}
    assert all(p.id in kept for p in before if p.section.label != "2")


def test_equal_sentences_get_different_ids() -> None:
    passages = chunk(read_document("d", "Titel", "Ja. " * 5), 1, 1)
    assert len(passages) == 5
    assert len({p.id for p in passages}) == 5


TEXT = "\n".join(
    [
        "Samenvatting",
        *[f"Dit is zin {n} van de samenvatting, lang genoeg om een regel te vullen en meer dan dat." for n in range(9)],
        "1 Inleiding",
        *[f"Hier staat zin {n} van de inleiding, ook weer lang genoeg om een hele regel te vullen." for n in range(12)],
        "2 Slot",
        "Einde.",
    ]
)
