"""What docx, html and md have in common: one document reads the same from each, and a reading keeps its laws."""

import re
from bisect import bisect_right

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.limits import Limits
from corpus.outline import nest_headings
from corpus.paragraphs import PAGE_BREAK, Paragraph, cut_breaks, squeeze
from corpus.reading import Mark, Reading
from corpus.structure import assemble
from corpus.web.markdown import read_markdown
from corpus.web.read import read_html
from corpus.word.read import read_docx
from papers import Part, as_docx, as_html, as_markdown, outcome

READERS = ((read_docx, as_docx), (read_html, as_html), (read_markdown, as_markdown))
WORDS = ("krimp", "gemeente", "regio", "coördinatie", "één", "woningbouw", "de", "raad", "euro", "school", "Limburg")
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
sentence = words.map(lambda text: f"{text.capitalize()}.")
heading = st.builds(Part, st.just("heading"), st.integers(1, 3), st.tuples(words))
prose = st.builds(Part, st.just("text"), st.just(0), st.tuples(sentence), st.just(()), st.just("") | sentence)
items = st.builds(
    Part,
    st.just("list"),
    st.just(0),
    st.lists(sentence | words, min_size=1, max_size=4).map(tuple),
    numbered=st.booleans(),
)


@st.composite
def tables(draw: st.DrawFn) -> Part:
    cells = st.just("") | words
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.tuples(words, *[cells] * (width - 1)), min_size=2, max_size=4))
    return Part("table", rows=tuple(rows))


# A paragraph closes each block, since Markdown joins two lists or tables that touch.
blocks = st.tuples(heading | prose | items | tables(), prose)
papers = st.lists(blocks, min_size=1, max_size=6).map(lambda pairs: [part for pair in pairs for part in pair])


def check_laws(reading: Reading) -> None:
    assert reading.marked
    assert reading.removed == ()
    assert reading.page_starts[0] == 0
    assert list(reading.page_starts) == sorted(reading.page_starts)
    assert set(reading.marks) == {line.start for line in reading.lines}
    assert [line.text for line in reading.lines] == [s.strip() for s in re.split(r"\n+", reading.source)]
    position = 0
    for line in reading.lines:
        assert reading.source[line.start : line.end] == line.text
        assert line.text == line.text.strip() != ""
        assert not re.search(r"[\n\f\r\xad\u2011]|  ", line.text)
        white = reading.source[position : line.start].strip("\t")
        assert white == ("" if position == 0 else "\n\n" if line.gap else "\n")
        assert line.page == bisect_right(reading.page_starts, line.start)
        position = line.end
    levels = [mark.level for mark in reading.marks.values() if mark.kind == "heading"]
    assert all(1 <= level <= before + 1 for before, level in zip([0, *levels], levels, strict=False))
    assert all(mark.kind != "title" for mark in reading.marks.values())
    reading.source.encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(words.map("rapport {}".format), papers)
def test_the_same_document_reads_the_same_from_each_kind_of_file(title: str, parts: list[Part]) -> None:
    readings = [read("a", write(title, parts), Limits()) for read, write in READERS]
    for reading in readings:
        check_laws(reading)
        assert reading.title == title
        assert outcome(reading) == outcome(readings[0])
        assert reading.source == readings[0].source


def test_a_small_document_reads_as_it_was_written() -> None:
    parts = [
        Part("heading", 1, ("Inleiding",)),
        Part("text", 0, ("De regio krimpt",), note="Bron: de raad."),
        Part("heading", 3, ("Scholen",)),
        Part("list", 0, ("een school", "twee scholen"), numbered=True),
        Part("text", 0, ("Zo is het.",), note="Zie verder."),
        Part("list", 0, ("los",)),
        Part("table", rows=(("", "2019"), ("Limburg", "12"))),
        Part("heading", 1, ("Slot",)),
    ]
    expected = [
        ("text", 0, "De krimp"),
        ("heading", 1, "Inleiding"),
        ("text", 0, "De regio krimpt1"),
        ("footnote", 0, "1 Bron: de raad."),
        ("heading", 2, "Scholen"),
        ("item", 0, "1. een school"),
        ("item", 0, "2. twee scholen"),
        ("text", 0, "Zo is het.2"),
        ("footnote", 0, "2 Zie verder."),
        ("item", 0, "• los"),
        ("row", 1, "2019"),
        ("row", 0, "Limburg\t12"),
        ("heading", 1, "Slot"),
    ]
    for read, write in READERS:
        reading = read("a", write("De krimp", parts), Limits())
        check_laws(reading)
        assert outcome(reading) == expected
        assert "\n\n\t2019\nLimburg\t12\n\n" in reading.source


@given(st.lists(st.integers(0, 9), max_size=12))
def test_headings_nest_without_holes_and_keep_their_order(levels: list[int]) -> None:
    nested = nest_headings([Paragraph("kop", Mark("heading", level)) for level in levels])
    found = [paragraph.mark.level for paragraph in nested]
    assert all(1 <= level <= before + 1 for before, level in zip([0, *found], found, strict=False))
    again = nest_headings(nested)
    assert [paragraph.mark.level for paragraph in again] == found
    for (left, new_left), (right, new_right) in zip(
        zip(levels, found, strict=True), list(zip(levels, found, strict=True))[1:], strict=False
    ):
        assert (right > left) == (new_right > new_left)


@given(st.text(alphabet="ab \t\n\f\u00a0\u00ad\u2011", max_size=30))
def test_squeezing_keeps_letters_and_page_breaks(raw: str) -> None:
    squeezed = squeeze(raw)
    assert squeezed.count(PAGE_BREAK) == raw.count(PAGE_BREAK)
    text, places = cut_breaks(squeezed)
    assert text == text.strip()
    assert "  " not in text
    wanted = raw.replace("\u00ad", "").replace("\u2011", "-").replace(PAGE_BREAK, "")
    assert text == " ".join(wanted.split())
    assert all(0 <= place <= len(text) for place in places)
    for count, place in enumerate(places):
        before = PAGE_BREAK.join(raw.split(PAGE_BREAK)[: count + 1]).replace("\u00ad", "")
        assert len("".join(text[:place].split())) == len("".join(before.split()))


def test_a_table_without_a_header_row_has_no_column_names() -> None:
    rows = "<tr><td>Naam</td><td>Dorp</td></tr><tr><td>Plaats</td><td>Veen</td></tr>"
    page = f"<main><h1>Titel</h1><p>Een zin over iets.</p><table>{{}}{rows}</table></main>"
    bare = assemble("d", read_html("d.html", page.format("").encode(), Limits()))
    headed = assemble("d", read_html("d.html", page.format("<tr><th>Wat</th><th>Waarde</th></tr>").encode(), Limits()))
    assert [[headed.text[slice(*c)] for c in t.columns] for t in headed.parts.tables] == [["Waarde"]]
    assert len(headed.parts.tables[0].rows) == 2
    assert [len(table.rows) for table in bare.parts.tables] in ([1], [2])
