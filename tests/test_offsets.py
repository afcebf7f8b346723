"""Every character of readable text maps back to the same character of the source."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import LINE_BREAK, Document, Kind
from corpus.offsets import OffsetMap, TextBuilder
from corpus.structure import read_document
from qa.check import squeeze

LINES = st.lists(
    st.text(alphabet="abc DEé1.,-•–’\u00ad\t", max_size=40)
    | st.sampled_from(
        ["1 Inleiding", "Samenvatting", "tabel 1 Aantallen", "1  Noot.", "• punt", "2. punt", "40", "krimp-", "\f"]
    ),
    max_size=30,
)


@given(LINES)
def test_reading_keeps_every_letter_and_maps_it_back(lines: list[str]) -> None:
    source = "\n".join(lines)
    document = read_document("d", "Titel", source)
    for text_start, source_start, length in document.offsets.runs:
        assert document.text[text_start : text_start + length] == source[source_start : source_start + length]
    covered = sorted((start, start + length) for _, start, length in document.offsets.runs)
    assert all(left[1] <= right[0] for left, right in pairwise(covered))
    lost = "".join(
        source[left[1] : right[0]]
        for left, right in zip([(0, 0), *covered], [*covered, (len(source),) * 2], strict=True)
    )
    assert re.fullmatch(r"[\s\-\u00ad\d]*", lost)  # white space, hyphens at a line's end, printed page numbers


@given(LINES)
def test_the_map_is_monotone_outside_footnotes_and_tables_and_within_each(lines: list[str]) -> None:
    check_monotone(read_document("d", "Titel", "\n".join(lines)))


def test_the_map_of_a_document_is_monotone(made_up: Document, sample: Document) -> None:
    check_monotone(made_up)
    check_monotone(sample)


def check_monotone(document: Document) -> None:
    floats = [(s.start, s.end) for s in document.sections if s.kind in (Kind.FOOTNOTE, Kind.TABLE)]
    groups = [[run for run in document.offsets.runs if start <= run[0] < end] for start, end in floats]
    inside = {run for group in groups for run in group}
    for runs in [[run for run in document.offsets.runs if run not in inside], *groups]:
        assert all(left[1] + left[2] <= right[1] for left, right in pairwise(runs))


@given(LINES)
def test_what_is_not_readable_text_is_listed(lines: list[str]) -> None:
    source = "\n".join(lines)
    document = read_document("d", "Titel", source)
    covered = [(start, start + length) for _, start, length in document.offsets.runs]
    kept = {place for start, end in [*covered, *document.removed] for place in range(start, end)}
    assert not "".join(letter for place, letter in enumerate(source) if place not in kept).strip(LINE_BREAK)
    assert all(source[slice(*span)].isdigit() for span in document.removed)


def test_reading_what_was_read_changes_nothing(made_up: Document, sample: Document) -> None:
    for document in (made_up, sample):
        again = read_document(document.id, document.title, document.text)
        assert again.text.split() == document.text.split()


@given(LINES)
def test_reading_is_deterministic_and_survives_json(lines: list[str]) -> None:
    document = read_document("d", "Titel", "\n".join(lines))
    assert document == read_document("d", "Titel", "\n".join(lines))
    assert Document.from_json(document.to_json()) == document


@given(LINES)
def test_units_are_ordered_apart_and_inside_their_section(lines: list[str]) -> None:
    document = read_document("d", "Titel", "\n".join(lines))
    for left, right in pairwise(document.units):
        assert left.end <= right.start
    for unit in document.units:
        section = document.sections[unit.section]
        assert section.start <= unit.start < unit.end <= section.end
        quote = document.text[unit.start : unit.end]
        assert quote == quote.strip()
        spans = document.source_spans(unit.start, unit.end)
        assert squeeze("".join(document.source[a:b] for a, b in spans)) == squeeze(quote)


@given(LINES)
def test_sections_nest(lines: list[str]) -> None:
    sections = read_document("d", "Titel", "\n".join(lines)).sections
    for one in sections:
        for other in sections:
            apart = one.end <= other.start or other.end <= one.start
            inside = (one.start <= other.start and other.end <= one.end) or (
                other.start <= one.start and one.end <= other.end
            )
            assert apart or inside


def test_a_map_goes_both_ways() -> None:
    builder = TextBuilder("abc-\ndef")
    builder.copy(0, 3)
    builder.copy(5, 8)
    builder.insert("\n")
    text, offsets = builder.build()
    assert text == "abcdef\n"
    assert offsets.to_source(2, 4) == [(2, 3), (5, 6)]
    assert offsets.to_text(0, 8) == [(0, 3), (3, 6)]
    assert offsets.to_text(3, 5) == []


def test_text_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="only white space"):
        TextBuilder("abc").insert("x")
    with pytest.raises(ValueError, match="nothing of the source"):
        OffsetMap(((0, 0, 3),)).to_source(3, 4)
