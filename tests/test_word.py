"""What only Word has: computed numbers, tracked changes, notes, frames, page breaks, and files that attack."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_BREAK

from corpus.errors import InputError
from corpus.limits import Limits
from corpus.reading import Reading
from corpus.word.read import read_docx
from papers import changed, new_list, outcome, part_of, refer, saved, set_list, with_body, with_notes, word
from test_readings import check_laws

TEMPLATE = Path(__file__).resolve().parents[2] / "shared" / "pdf" / "invultemplate_aiia.docx"


def read(data: bytes) -> Reading:
    reading = read_docx("a.docx", data, Limits())
    check_laws(reading)
    return reading


def texts(data: bytes) -> list[str]:
    return [line.text for line in read(data).lines]


def paragraph(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(inside: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_white_space_and_word_s_own_hyphens() -> None:
    inside = run("  a") + "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>"
    inside += "<w:r><w:t>e</w:t><w:softHyphen/><w:t>f\u00a0g\u2011h\u00ad.</w:t><w:cr/></w:r>"
    assert texts(with_body(paragraph(inside))) == ["a b c-def g-h."]


def test_insertions_are_accepted_and_deletions_gone() -> None:
    body = paragraph(
        run("De raad ")
        + f"<w:ins w:id='1' w:author='x'>{run('wil ')}</w:ins>"
        + "<w:del w:id='2' w:author='x'><w:r><w:delText>wou </w:delText></w:r></w:del>"
        + f"<w:moveFrom w:id='3' w:author='x'>{run('weg ')}</w:moveFrom><w:moveTo w:id='4'>{run('hier')}</w:moveTo>"
    )
    deleted_mark = "<w:rPr><w:del w:id='5' w:author='x'/></w:rPr>"
    body += paragraph(run("Een alinea "), deleted_mark) + paragraph(run("van twee."))
    reading = read(with_body(body))
    assert [line.text for line in reading.lines] == ["De raad wil hier", "Een alinea van twee."]
    assert "bijgehouden wijzigingen" in reading.warnings[0]


def test_hidden_text_and_field_codes_are_not_read() -> None:
    inside = run("Zie ") + run("geheim", "<w:vanish/>") + "<w:r><w:instrText> REF _x </w:instrText></w:r>" + run("p. 3")
    assert texts(with_body(paragraph(inside))) == ["Zie p. 3"]


def test_content_controls_links_and_text_boxes_are_read_in_place() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(run('In het kader.'))}</w:txbxContent></w:pict></w:r>"
    body = f"<w:sdt><w:sdtContent>{paragraph(run('In een veld.'))}</w:sdtContent></w:sdt>"
    body += paragraph(run("Een ") + f"<w:hyperlink r:id='x'>{run('link')}</w:hyperlink>" + box)
    body += paragraph(run("Slot."))
    assert texts(with_body(body)) == ["In een veld.", "Een link", "In het kader.", "Slot."]


def test_headings_come_from_styles_and_outline_levels() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("Rapport", style="Title")
        own = document.styles.add_style("Eigen kop", 1)
        own.base_style = document.styles["Heading 2"]
        document.add_heading("Inleiding", 1)
        document.add_paragraph("Afgeleid", style="Eigen kop")
        document.add_paragraph("Bijschrift bij niets", style="Caption")
        document.add_paragraph("Hoofdstuk met de hand")._p.get_or_add_pPr().append(outline)

    outline = docx.oxml.OxmlElement("w:outlineLvl")
    outline.set(docx.oxml.ns.qn("w:val"), "0")
    reading = read(word(build))
    assert reading.title == "Rapport"
    assert outcome(reading)[1:] == [
        ("heading", 1, "Inleiding"),
        ("heading", 2, "Afgeleid"),
        ("caption", 0, "Bijschrift bij niets"),
        ("heading", 1, "Hoofdstuk met de hand"),
    ]


def test_one_top_heading_is_the_title() -> None:
    def build(document: Document) -> None:
        document.add_heading("De krimp in de regio", 1)
        for chapter in ("Inleiding", "Slot"):
            document.add_heading(chapter, 2)

    reading = read(word(build))
    assert reading.title == "De krimp in de regio"
    assert [kind for kind, level, _ in outcome(reading) if (kind, level) == ("heading", 1)] == ["heading"] * 2


def test_numbers_are_those_on_paper() -> None:
    def level(depth: int, style: str, pattern: str) -> str:
        shape = f'<w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{pattern}"/>'
        return f'<w:lvl w:ilvl="{depth}">{shape}</w:lvl>'

    def item(depth: int, text: str, number: int = 7, more: str = "") -> str:
        return paragraph(run(text), f'{more}<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')

    body = item(0, "Inleiding", more='<w:pStyle w:val="Heading1"/>') + item(
        1, "Doel", more='<w:pStyle w:val="Heading2"/>'
    )
    body += item(2, "x") + item(2, "y") + item(0, "Slot", more='<w:pStyle w:val="Heading1"/>') + item(1, "eerst")
    body += item(2, "z") + item(0, "punt", 8) + item(1, "streep", 8) + paragraph(run("los"))
    data = with_body(body)
    numbering = part_of(data, "word/numbering.xml")
    designs = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2") + level(2, "lowerRoman", "%3)")
    bullets = level(0, "bullet", "\uf0b7") + level(1, "bullet", "–")
    first = numbering.index("<w:abstractNum ")
    numbering = (
        numbering[:first]
        + f'<w:abstractNum w:abstractNumId="70">{designs}</w:abstractNum>'
        + f'<w:abstractNum w:abstractNumId="80">{bullets}</w:abstractNum>'
        + numbering[first:].replace('w:numId="7"', 'w:numId="107"').replace('w:numId="8"', 'w:numId="108"')
    ).replace(
        "</w:numbering>",
        '<w:num w:numId="7"><w:abstractNumId w:val="70"/></w:num>'
        '<w:num w:numId="8"><w:abstractNumId w:val="80"/></w:num></w:numbering>',
    )
    assert outcome(read(changed(data, {"word/numbering.xml": numbering.encode()}))) == [
        ("heading", 1, "1 Inleiding"),
        ("heading", 2, "1.1 Doel"),
        ("item", 0, "i) x"),
        ("item", 0, "ii) y"),
        ("heading", 1, "2 Slot"),
        ("item", 0, "2.1 eerst"),
        ("item", 0, "i) z"),
        ("item", 0, "• punt"),
        ("item", 0, "– streep"),
        ("text", 0, "los"),
    ]


def test_a_list_of_its_own_starts_again_and_stands_apart() -> None:
    def build(document: Document) -> None:
        for number in (new_list(document), new_list(document)):
            for text in ("een", "twee"):
                set_list(document.add_paragraph(text), number)

    reading = read(word(build))
    assert [line.text for line in reading.lines] == ["1. een", "2. twee", "1. een", "2. twee"]
    assert [line.gap for line in reading.lines] == [0, 0, 1, 0]
    assert [mark.number for mark in reading.marks.values()] == ["1.", "2.", "1.", "2."]


def test_notes_follow_what_refers_to_them_and_are_numbered_in_order() -> None:
    def build(document: Document) -> None:
        refer(document.add_paragraph("Eerst de tweede noot"), 2)
        refer(document.add_heading("Kop", 1), 1)
        for text, note in (("punt", 3), ("nog een", 0)):
            item = document.add_paragraph(text, style="List Bullet")
            if note:
                refer(item, note)
        document.add_heading("Slot", 1)
        refer(document.add_paragraph("Weer"), 2)
        refer(document.add_paragraph("Eindnoot"), 1, "endnote")

    data = with_notes(with_notes(word(build), ["Noot a.", "Noot b,\nmet vervolg.", "Noot c."]), ["Eind."], "endnote")
    reading = read(data)
    assert outcome(reading) == [
        ("text", 0, "Eerst de tweede noot1"),
        ("footnote", 0, "1 Noot b, met vervolg."),
        ("heading", 1, "Kop"),
        ("footnote", 0, "2 Noot a."),
        ("item", 0, "• punt3"),
        ("item", 0, "• nog een"),
        ("footnote", 0, "3 Noot c."),
        ("heading", 1, "Slot"),
        ("text", 0, "Weer1"),
        ("text", 0, "Eindnoot4"),
        ("footnote", 0, "4 Eind."),
    ]
    assert [mark.number for mark in reading.marks.values() if mark.kind == "footnote"] == ["1", "2", "3", "4"]


def test_a_table_is_rows_of_cells_in_their_columns() -> None:
    across, restart, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    inner = table(cell(paragraph(run("in"))) + cell(paragraph(run("nest"))))
    rows = table(
        cell(paragraph(run("Regio", "<w:b/>"))) + cell(paragraph(run("2019", "<w:b/>"))) + cell(paragraph("")),
        cell(paragraph(run("Limburg")), restart) + cell(paragraph(run("een")) + paragraph(run("twee"))) + cell(inner),
        cell(paragraph(run("Limburg")), goes_on) + cell(paragraph(run("samen")), across),
    )
    caption = paragraph(run("Tabel 1 Cijfers"), '<w:pStyle w:val="Caption"/>')
    reading = read(with_body(caption + rows + paragraph(run("los"))))
    assert outcome(reading) == [
        ("caption", 0, "Tabel 1 Cijfers"),
        ("row", 1, "Regio\t2019"),
        ("row", 0, "Limburg\teen twee\tin nest"),
        ("row", 0, "samen"),
        ("text", 0, "los"),
    ]
    assert [mark.group for mark in reading.marks.values()] == [1, 1, 1, 1, 0]
    assert [line.gap for line in reading.lines] == [0, 1, 0, 0, 1]


def test_a_table_of_one_cell_is_a_frame() -> None:
    inside = (
        paragraph(run("Kader"), '<w:pStyle w:val="Heading2"/>') + paragraph(run("Tekst.")) + paragraph(run("Meer."))
    )
    assert outcome(read(with_body(table(cell(inside))))) == [
        ("text", 0, "Kader"),
        ("text", 0, "Tekst."),
        ("text", 0, "Meer."),
    ]


def test_the_table_of_contents_is_not_read() -> None:
    body = paragraph(run("Inleiding 3"), '<w:pStyle w:val="TOC1"/>') + paragraph(run("De tekst."))
    data = with_body(body)
    style = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>'
    reading = read(
        changed(data, {"word/styles.xml": part_of(data, "word/styles.xml").replace("</w:styles>", style).encode()})
    )
    assert [line.text for line in reading.lines] == ["De tekst."]
    assert reading.warnings == ("De inhoudsopgave is niet gelezen.",)


def test_page_breaks_that_word_kept_give_pages() -> None:
    turn = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = (
        paragraph(run("Een be") + turn + run("langrijk plan."))
        + paragraph(turn + run("Drie."))
        + paragraph(run("Nog drie."))
    )
    reading = read(with_body(body))
    assert [line.text for line in reading.lines] == ["Een belangrijk plan.", "Drie.", "Nog drie."]
    assert [line.page for line in reading.lines] == [1, 3, 3]
    assert reading.page_starts == (0, len("Een be"), reading.lines[1].start)
    assert "laatste keer dat Word" in reading.warnings[0]


def test_a_break_that_is_asked_for_and_laid_out_counts_once() -> None:
    turn = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = paragraph(run("Een.") + '<w:r><w:br w:type="page"/></w:r>') + paragraph(turn + run("Twee."))
    body += paragraph(turn + run("Drie."), "<w:pageBreakBefore/>")
    assert [line.page for line in read(with_body(body)).lines] == [1, 2, 3]


def test_asked_breaks_alone_give_pages_with_a_warning() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("Een.").add_run().add_break(WD_BREAK.PAGE)
        document.add_table(1, 2).rows[0].cells[1].text = "twee"
        document.add_section()
        document.add_paragraph("Drie.")

    reading = read(word(build))
    assert [line.page for line in reading.lines] == [1, 2, 3]
    assert "lopen ze achter" in reading.warnings[0]


def test_pages_that_the_file_belies_are_dropped() -> None:
    data = with_body(paragraph(run("Een.") + "<w:r><w:lastRenderedPageBreak/></w:r>" + run("Twee.")))
    stated = part_of(data, "docProps/app.xml").replace("<Pages>1</Pages>", "<Pages>9</Pages>")
    assert "<Pages>9</Pages>" in stated
    reading = read(changed(data, {"docProps/app.xml": stated.encode()}))
    assert reading.page_starts == (0,)
    assert "9 pagina's" in reading.warnings[0]


def test_headers_and_footers_are_not_read() -> None:
    def build(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "Kop van elke pagina"
        document.sections[0].footer.paragraphs[0].text = "Voet van elke pagina"
        document.add_paragraph("De tekst.")

    assert texts(word(build)) == ["De tekst."]


PLAIN = word(lambda document: document.add_paragraph("De tekst."))
BODY = part_of(PLAIN, "word/document.xml")
MANY = BODY.replace("<w:sectPr", "<w:p/>" * 2_000_001 + "<w:sectPr")
LAUGHS = (
    "<?xml version='1.0'?><!DOCTYPE w [<!ENTITY a 'haha'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + f"]>{BODY.partition('?>')[2].replace('De tekst.', '&i;')}"
)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(name.encode("utf-16-le") for name in streams)


def bomb(megabytes: int) -> bytes:
    return changed(PLAIN, {"word/media/image1.png": bytes(megabytes * 2**20)})


def lying_bomb() -> bytes:
    """Unpacks to 300 MB, but says 300 bytes, in the local header and in the directory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(300)) + packer.flush()
    name = b"word/media/image1.png"
    sizes = struct.pack("<IIIHH", 0, len(packed), 300, len(name), 0)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + name + packed
    central = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes + struct.pack("<HHHII", 0, 0, 0, 0, 0)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central + name), len(local), 0)
    return local + central + name + end


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "geen Word-document"),
        (b"gewone tekst", "geen Word-document"),
        (PLAIN[: len(PLAIN) // 2], "beschadigd"),
        (zipped({"a.txt": b"tekst"}), "een zip-bestand, geen Word-document"),
        (zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "een Excel-bestand"),
        (zipped({"mimetype": b"x", "content.xml": b"<x/>"}), "een OpenDocument-bestand"),
        (ole("WordDocument"), "oude Office-formaat"),
        (ole("EncryptionInfo", "EncryptedPackage"), "wachtwoord"),
        (changed(PLAIN, {"word/document.xml": None}), "ontbreekt een onderdeel.*word/document.xml"),
        (changed(PLAIN, {"[Content_Types].xml": None}), "ontbreekt een onderdeel"),
        (changed(PLAIN, {"word/document.xml": b"<w:document"}), "niet te lezen"),
        (changed(PLAIN, {"word/styles.xml": b"<w:styles"}), "niet te lezen"),
        (changed(PLAIN, {"word/document.xml": b"<a/>"}), "niet te lezen"),
        (changed(PLAIN, {"../../etc/passwd": b"x"}), "naar buiten het bestand"),
        (changed(PLAIN, {"word\\..\\..\\x": b"x"}), "naar buiten het bestand"),
        (changed(PLAIN, {"word/document.xml": LAUGHS.encode()}), "bevat een DOCTYPE"),
        (changed(PLAIN, {"word/document.xml": LAUGHS.encode("utf-16")}), "bevat een DOCTYPE"),
        (changed(PLAIN, {f"word/media/{n}": b"" for n in range(10_001)}), "10.0.. onderdelen; de grens is 10.000"),
        (bomb(201), r"201,\d MB groot; de grens is 200,0 MB \(unpacked_bytes\)"),
        (lying_bomb(), "beschadigd|groot"),
        (changed(PLAIN, {"word/document.xml": MANY.encode()}), "2.000.000 XML-tags"),
        (word(lambda document: None), "geen leesbare tekst"),
    ],
)
def test_a_refusal_names_the_file_the_cause_and_the_cure(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=f"(?s)^a.docx: .*({message})") as refused:
        read_docx("a.docx", data, Limits())
    assert str(refused.value).rstrip().endswith(".")


def test_deep_nesting_is_refused_without_a_crash() -> None:
    deep = BODY.replace("<w:sectPr", "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000 + "<w:sectPr")
    with pytest.raises(InputError, match="niet te lezen"):
        read_docx("a.docx", changed(PLAIN, {"word/document.xml": deep.encode()}), Limits())


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(file_bytes=1000), "file_bytes"),
        (Limits(unpacked_bytes=1000), "unpacked_bytes"),
        (Limits(characters=5), "5 tekens"),
        (Limits(seconds=-1), "seconds"),
        (Limits(pages=1), "1 pagina's"),
    ],
)
def test_every_limit_is_kept(limits: Limits, message: str) -> None:
    document = docx.Document()
    document.add_paragraph("Een.").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Twee alinea's.")
    with pytest.raises(InputError, match=f"a.docx: .*{message}"):
        read_docx("a.docx", saved(document), limits)


@pytest.mark.skipif(not TEMPLATE.is_file(), reason="het invulformulier is hier niet")
def test_a_real_form_of_a_ministry() -> None:
    reading = read(TEMPLATE.read_bytes())
    found = outcome(reading)
    chapters = [text for kind, level, text in found if (kind, level) == ("heading", 1)]
    assert [text[0] for text in chapters if text[0].isdigit()] == list("1234567")
    assert sum((kind, level) == ("heading", 2) for kind, level, _ in found) == 22
    rows = [text.split("\t") for kind, _, text in found if kind == "row"]
    assert len(rows) == 110
    assert all(len(row) == 2 and row[0].replace(".", "").isdigit() for row in rows)
    assert sum(kind == "item" for kind, _, _ in found) == 1
    assert reading.page_starts == (0,)
    assert "11 pagina's" in reading.warnings[0]
