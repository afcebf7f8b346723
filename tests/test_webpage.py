"""What a reader of a web page sees is what is read, and what attacks the reader is refused. Markdown reads as HTML."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from corpus.limits import Limits
from corpus.reading import Reading
from corpus.web.markdown import read_markdown
from corpus.web.read import read_html
from papers import outcome
from test_readings import check_laws


def read(html: str | bytes) -> Reading:
    reading = read_html("a.html", html.encode() if isinstance(html, str) else html, Limits())
    check_laws(reading)
    return reading


def texts(html: str | bytes) -> list[str]:
    return [line.text for line in read(html).lines]


def markdown(text: str) -> Reading:
    reading = read_markdown("a.md", text.encode(), Limits())
    check_laws(reading)
    return reading


def test_only_what_a_reader_sees_is_read() -> None:
    html = """<html><head><title>Titel</title><style>p {}</style></head><body>
      <nav>Menu</nav><script>var x = "<p>nee</p>";</script><!-- <p>nee</p> --><template><p>nee</p></template>
      <p hidden>nee</p><p style="color: red; display:none">nee</p><span aria-hidden="true">nee</span>
      <noscript>nee</noscript><button>nee</button><p hidden="until-found">Ja.</p><p>Wel<svg><text>nee</text></svg>.</p>
      <footer>nee</footer></body></html>"""
    reading = read(html)
    assert [line.text for line in reading.lines] == ["Ja.", "Wel."]
    assert reading.title == "Titel"


@pytest.mark.parametrize("tag", ["main", "article", "div role='main'"])
def test_main_content_is_read_where_it_is_named(tag: str) -> None:
    assert texts(f"<p>Kop van de site</p><{tag}><p>De tekst.</p></{tag.split()[0]}><p>Voet</p>") == ["De tekst."]


def test_an_empty_main_does_not_hide_the_page() -> None:
    assert texts("<main><script>x</script> </main><p>De tekst.</p>") == ["De tekst."]


def test_white_space_and_breaks_become_single_spaces() -> None:
    assert texts("<p>a\n  b<br>c&nbsp;d&shy;e&#8209;f\fg <b>h</b><i> i</i></p>") == ["a b c de-f g h i"]


def test_text_between_blocks_is_a_paragraph() -> None:
    assert texts("een<div>twee<p>drie</p>vier</div>vijf") == ["een", "twee", "drie", "vier", "vijf"]


def test_lists_are_numbered_as_a_browser_does() -> None:
    html = "<ol start=3><li>a<li value=7>b<ol type=a><li>c</ol><li>d</ol><p>x<ol reversed><li>e<li>f</ol>"
    html += "<ul><li><p>g</p><p>h</p><li>i</ul><ol type=I><li value=4>j</ol>"
    reading = read(html)
    assert [line.text for line in reading.lines] == [
        *("3. a", "7. b", "a. c", "8. d", "x", "2. e", "1. f", "• g", "h", "• i", "IV. j"),
    ]
    assert [line.gap for line in reading.lines] == [0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1]


def test_tables_keep_their_columns() -> None:
    html = """<table><caption>Tabel 1 Cijfers</caption><thead><tr><th>Regio<th>2019<th>2020</thead>
      <tr><td rowspan=2>Limburg<td>een<br>twee<td><ul><li>a<li>b</ul><tr><td colspan=2>samen
      <tr><td>Zeeland<td><td><table><tr><td>in<td>nest</table></table>"""
    reading = read(html)
    assert outcome(reading) == [
        ("caption", 0, "Tabel 1 Cijfers"),
        ("row", 1, "Regio\t2019\t2020"),
        ("row", 0, "Limburg\teen twee\t• a • b"),
        ("row", 0, "samen"),
        ("row", 0, "Zeeland\t\tin nest"),
    ]
    assert "\n\tsamen\n" in reading.source
    assert {mark.group for mark in reading.marks.values()} == {1}


def test_a_table_for_layout_is_text() -> None:
    assert outcome(read("<table><tr><td><p>een</p><p>twee</p></table>")) == [("text", 0, "een"), ("text", 0, "twee")]
    assert texts("<table><tr><td>menu<td><h2>Kop</h2>tekst</table>") == ["menu", "Kop", "tekst"]


def test_other_blocks() -> None:
    html = "<blockquote>Citaat</blockquote><pre>een\n  twee</pre><details><summary>Meer</summary>Tekst</details>"
    html += "<dl><dt>Krimp<dd>Minder<dd>mensen<dt>Groei<dd>meer</dl><figure><figcaption>Figuur 1</figcaption></figure>"
    assert outcome(read(html)) == [
        *(("text", 0, text) for text in ("Citaat", "een", "twee", "Meer", "Tekst")),
        ("row", 0, "Krimp\tMinder mensen"),
        ("row", 0, "Groei\tmeer"),
        ("caption", 0, "Figuur 1"),
    ]


FORMS = {
    "pandoc": (
        '<a href="#fn1" id="fnref1" role="doc-noteref"><sup>1</sup></a>',
        '<section role="doc-endnotes"><hr><ol><li id="fn1"><p>Noot.'
        '<a href="#fnref1" role="doc-backlink">↩︎</a></ol></section>',
    ),
    "github": (
        '<sup><a href="#user-content-fn-1" id="user-content-fnref-1" data-footnote-ref>1</a></sup>',
        '<section class="footnotes"><h2>Footnotes</h2><ol><li id="user-content-fn-1"><p>Noot. '
        '<a href="#user-content-fnref-1" class="data-footnote-backref">↩</a></p></li></ol></section>',
    ),
    "word": (
        '<a href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a>',
        '<hr><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> Noot.</p></div>',
    ),
    "wikipedia": (
        '<sup id="cite_ref-1"><a href="#cite_note-1">[1]</a></sup>',
        '<ol class="references"><li id="cite_note-1"><span><a href="#cite_ref-1">↑</a></span> '
        "<cite>Noot.</cite></li></ol>",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_footnotes_come_after_the_paragraph_that_refers_to_them(form: str) -> None:
    reference, note = FORMS[form]
    html = f"<h1>Titel</h1><h2>Een</h2><p>De krimp{reference}.</p><p>Verder.</p><h2>Twee</h2>{note}"
    assert outcome(read(html)) == [
        ("text", 0, "Titel"),
        ("heading", 1, "Een"),
        ("text", 0, "De krimp1."),
        ("footnote", 0, "1 Noot."),
        ("text", 0, "Verder."),
        ("heading", 1, "Twee"),
    ]


def test_a_link_to_a_heading_is_no_footnote() -> None:
    html = '<p>Zie <a href="#h">1</a></p><h2 id="h">Kop</h2><p id="p">Tekst</p><p><a href="#p">2</a></p>'
    assert texts(html) == ["Zie 1", "Kop", "Tekst", "2"]


def test_a_note_without_a_reader_s_reference_is_still_read() -> None:
    html = '<p hidden>x<a href="#n" id="r" role="doc-noteref">1</a></p><p>Tekst.</p>'
    html += '<p id="n">Noot <a href="#r">terug</a></p>'
    assert texts(html) == ["Tekst.", "1 Noot"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252", "iso-8859-15", "macintosh"])
@pytest.mark.parametrize("said", [True, False])
def test_the_encoding_is_found(encoding: str, said: bool) -> None:
    meta = f'<meta charset="{encoding.removesuffix("-sig")}">' if said else ""
    html = f"{meta}<p>Eén idee over de coördinatie van krimp: zo’n reünie.</p>".replace(
        "’", "'" if "59" in encoding else "’"
    )
    assert texts(html.encode(encoding.replace("macintosh", "mac_roman"))) == [
        html.partition("<p>")[2].removesuffix("</p>")
    ]


def test_what_the_bytes_prove_outweighs_what_the_page_says() -> None:
    assert texts("<meta charset=iso-8859-1><p>Eén idee</p>".encode()) == ["Eén idee"]
    assert texts("<meta charset=utf-8><p>zo’n idee</p>".encode("cp1252")) == ["zo’n idee"]
    assert texts(b"<meta charset=iso-8859-1><p>zo\x92n idee</p>") == ["zo’n idee"]


def test_entities_are_not_declared_and_nothing_is_fetched() -> None:
    html = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]><p>x &b; &amp; &a;</p>'
    assert "root:" not in " ".join(texts(html))


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<div>" * 100_000 + "x", "te diep in elkaar"),
        ("<p " + " ".join(f"a{n}" for n in range(2_000_000)) + ">x", "1.000 attributen"),
        ("<i>" * 1_000_001, "1.000.001 tags"),
        ("<html><body></body></html>", "geen leesbare tekst"),
        ("<script>" * 1000, "geen leesbare tekst"),
        ("", "leeg"),
        ("%PDF-1.4 x", "PDF-bestand"),
        ("a\x00b", "binaire gegevens"),
    ],
)
def test_a_refusal_names_the_file_and_the_cause(html: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^a.html: .*{message}"):
        read_html("a.html", html.encode(), Limits())


@pytest.mark.parametrize(
    ("limits", "message"),
    [(Limits(file_bytes=9), "file_bytes"), (Limits(characters=9), "characters"), (Limits(seconds=-1), "seconds")],
)
@pytest.mark.parametrize("reader", [read_html, read_markdown])
def test_every_limit_is_kept(reader, limits: Limits, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=f"^a: .*{message}"):
        reader("a", b"een hele lange alinea", limits)


PIECES = (
    *("<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<ol>", "<ul>", "<li>", "</li>", "</ol>", "<pre>", "</pre>"),
    *("<table>", "<tr>", "<td>", "</td>", "</table>", "<caption>", "<thead>", "<th>", "<td colspan=3 rowspan=2>"),
    *("<h1>", "</h1>", "<h3>", "<dl>", "<dt>", "<dd>", "<div>", "<br>", "<form>", "krimp", "krimp", "€", "ë"),
    *("&nbsp;", "&#xD800;", "&#12;"),
)
MORE = (
    *("<main>", "</main>", "<script>", "</script>"),
    *("<a href=#n id=r>1</a>", "<li id=n>", "<a href=#r>x</a>", "<section role=doc-endnotes>", "<!--", "-->"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_word_is_lost_or_read_twice(pieces: list[str]) -> None:
    assert read(f"begin {' '.join(pieces)}").source.count("krimp") == pieces.count("krimp")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES + MORE), max_size=40))
def test_any_tag_soup_is_read_by_the_same_laws(pieces: list[str]) -> None:
    read(f"begin {' '.join(pieces)}")


def test_markdown_is_read_without_its_signs() -> None:
    text = """---
title: 'De krimp: een plan'
---
# Inleiding

De *regio* **krimpt**[^a] met `code` en <b>html</b>,
zie [het plan](https://example.nl "x").

Kop onderstreept
----------------

1. een
2. twee

   vervolg

> citaat

| Regio | 2019 |
|-------|-----:|
| Limburg | \\|12 |

![plaatje](x.png)

[^a]: Bron: *de raad*.
"""
    reading = markdown(text)
    assert reading.title == "De krimp: een plan"
    assert outcome(reading) == [
        ("text", 0, "De krimp: een plan"),
        ("heading", 1, "Inleiding"),
        ("text", 0, "De regio krimpt1 met code en <b>html</b>, zie het plan."),
        ("footnote", 0, "1 Bron: de raad."),
        ("heading", 2, "Kop onderstreept"),
        ("item", 0, "1. een"),
        ("item", 0, "2. twee"),
        ("text", 0, "vervolg"),
        ("text", 0, "citaat"),
        ("row", 1, "Regio\t2019"),
        ("row", 0, "Limburg\t|12"),
    ]


def test_a_rule_is_no_front_matter() -> None:
    assert [line.text for line in markdown("---\n\nEen.\n\n---\n\nTwee.").lines] == ["Een.", "Twee."]


def test_markdown_that_nests_too_deep_is_refused_not_cut_off() -> None:
    with pytest.raises(InputError, match="te diep in elkaar"):
        markdown(">" * 200 + " x")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="a #*_[]()^:>|-`\n!<&1.\\", min_size=1, max_size=80))
def test_any_markdown_is_read_by_the_same_laws(text: str) -> None:
    markdown(f"begin\n\n{text}")
