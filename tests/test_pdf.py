"""PDFs: what a report maker typesets is read back; what is broken or hostile is told in Dutch, within bounds."""

import re
import subprocess
import sys
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import InputError
from corpus.limits import Limits
from corpus.model import Document
from corpus.pdf.file import listening, told_in_dutch
from corpus.pdf.fonts import LIGATURES
from corpus.pdf.read import read_pdf
from corpus.reading import Reading
from typeset import BOLD, PLAIN, blocks_of, typeset

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "pdf"
VARIANTS = {
    "outline": {"outline": True},
    "plain": {},
    "columns": {"columns": 2, "hyphenate": True},
    "columns with outline": {"columns": 2, "outline": True},
}


def letters(text: str) -> str:
    return re.sub(r"[\s\u00ad-]+", "", text)


def counted(text: str) -> Counter[str]:
    return Counter(letter for letter in normalize("NFC", text).translate(LIGATURES) if letter.isalnum())


def marked(reading: Reading, kind: str) -> list[tuple[str, int]]:
    return [(line.text, line.page) for line in reading.lines if (m := reading.marks.get(line.start)) and m.kind == kind]


def number_of(reading: Reading, start: int) -> str:
    mark = reading.marks.get(start)
    return mark.number if mark and mark.kind == "footnote" else ""


def canvas_pdf(*pages: list[tuple[float, float, str, float, str]], title: str = "") -> bytes:
    """Pages of (x, y, font, size, text)."""
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=True)
    canvas.setTitle(title)
    for page in pages:
        for x, y, font, size, text in page:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def raw_pdf(objects: list[bytes]) -> bytes:
    """A PDF of numbered objects by hand; the first is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        body
        + head
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            len(body),
        )
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
F1 = b"/Font << /F1 5 0 R >>"
WORDS = b"BT /F1 12 Tf 72 700 Td (Hier staat tekst.) Tj ET"


def page(contents: int, resources: bytes) -> bytes:
    entries = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
    return b"<< %s /Contents %d 0 R /Resources << %s >> >>" % (entries, contents, resources)


def one_page(contents: bytes, resources: bytes = F1, *more: bytes) -> bytes:
    return raw_pdf([CATALOGUE, ONE, page(4, resources), contents, FONT, *more])


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def typeset_sample(request: pytest.FixtureRequest, sample: Document) -> tuple[Reading, list[tuple[str, int]]]:
    data, headings = typeset(sample, **VARIANTS[request.param])
    return read_pdf("sample.pdf", data), headings


Typeset = tuple[Reading, list[tuple[str, int]]]


def test_lines_stand_in_the_source_in_order_and_apart_from_what_was_removed(typeset_sample: Typeset) -> None:
    reading, _ = typeset_sample
    position = 0
    for line in reading.lines:
        assert reading.source[line.start : line.end] == line.text == line.text.strip()
        assert position <= line.start
        assert reading.page_starts[line.page - 1] <= line.start
        assert line.page == len(reading.page_starts) or line.end <= reading.page_starts[line.page]
        assert not any(start < line.end and line.start < end for start, end in reading.removed)
        position = line.end
    assert set(reading.marks) <= {line.start for line in reading.lines}
    assert [reading.source[start - 1] for start in reading.page_starts[1:]] == ["\f"] * (len(reading.page_starts) - 1)


def test_headings_are_read_back_with_their_page(typeset_sample: Typeset) -> None:
    reading, headings = typeset_sample
    assert marked(reading, "heading") == headings


def test_chapters_stand_above_subheadings(typeset_sample: Typeset, sample: Document) -> None:
    reading, _ = typeset_sample
    chapters = {sample.text[s.start : sample.text.index("\n", s.start)] for s in sample.sections if s.kind == "chapter"}
    levels = {line.text: reading.marks[line.start].level for line in reading.lines if line.start in reading.marks}
    for text, _page in marked(reading, "heading"):
        assert levels[text] == (1 if text in chapters else 2)


def test_the_words_are_read_back_in_the_order_of_reading(typeset_sample: Typeset, sample: Document) -> None:
    """Footnotes apart, which stand where their page ends."""
    reading, _ = typeset_sample
    notes = {line.start for line in reading.lines if (m := reading.marks.get(line.start)) and m.kind == "footnote"}
    read = "".join(letters(line.text) for line in reading.lines if line.start not in notes)
    assert read == "".join(letters(block.text) for block in blocks_of(sample) if block.kind != "note")


def test_footnotes_are_read_back_with_their_number_and_all_their_lines(
    typeset_sample: Typeset, sample: Document
) -> None:
    reading, _ = typeset_sample
    wanted = [block.text for block in blocks_of(sample) if block.kind == "note"]
    lines = [line for line in reading.lines if (m := reading.marks.get(line.start)) and m.kind == "footnote"]
    assert [n for line in lines if (n := number_of(reading, line.start))] == [text.split(" ")[0] for text in wanted]
    assert letters("".join(line.text for line in lines)) == letters("".join(wanted))


def test_a_footnotes_number_stays_at_its_word(typeset_sample: Typeset) -> None:
    reading, _ = typeset_sample
    assert "2022.1" in reading.source
    assert re.search(r"dorpen\.2\sMet", reading.source)


def test_heads_and_feet_are_kept_in_the_source_only(typeset_sample: Typeset, sample: Document) -> None:
    reading, _ = typeset_sample
    pages = len(reading.page_starts)
    head = f"{sample.title} | versie 2"
    furniture = [reading.source[start:end] for start, end in reading.removed]
    assert sorted(furniture) == sorted([head] * pages + [f"pagina {n}" for n in range(1, pages + 1)])
    assert not any(head in line.text or line.text.startswith("pagina ") for line in reading.lines)


def test_a_tables_rows_are_lines_of_one_group(typeset_sample: Typeset) -> None:
    reading, _ = typeset_sample
    rows = [line for line in reading.lines if (m := reading.marks.get(line.start)) and m.kind == "row"]
    assert [line.text for line in rows[:3]] == ["Jaar  Reizigers  Vrijwilligers", "2018  9.300  58", "2019  22.700  94"]
    groups = [reading.marks[line.start].group for line in rows]
    assert groups == sorted(groups)
    assert len(set(groups)) == 2


def test_white_stands_above_headings_and_not_between_lines_of_a_paragraph(sample: Document) -> None:
    reading = read_pdf("sample.pdf", typeset(sample)[0])
    gaps = {line.text: line.gap for line in reading.lines}
    assert gaps["Aanbevelingen"] > 0
    assert gaps["onderhandeld."] == 0


def test_title_is_the_files_own_unless_a_program_made_it_up(sample: Document) -> None:
    assert read_pdf("x.pdf", typeset(sample)[0]).title == sample.title
    page = [
        (72.0, 700.0, BOLD, 24.0, "De brug over de Linde"),
        (72.0, 600.0, PLAIN, 10.0, "Gewone tekst op de pagina."),
    ]
    for made_up in ("", "Microsoft Word - brug.docx", "brug_v2.pdf", "Naamloos1", "Iets dat nergens staat"):
        assert read_pdf("x.pdf", canvas_pdf(page, title=made_up)).title == "De brug over de Linde"
    assert read_pdf("x.pdf", canvas_pdf(page, title="De brug")).title == "De brug"
    assert read_pdf("x.pdf", canvas_pdf([page[1]])).title == ""


def test_ligatures_are_expanded_and_soft_hyphens_stay_at_the_end() -> None:
    mapping = b"""1 begincodespacerange <00> <ff> endcodespacerange
    5 beginbfchar <41> <FB01> <42> <00AD> <43> <0063> <44> <E123> <45> <0000> endbfchar"""
    font = FONT.replace(b">>", b"/ToUnicode 6 0 R >>")
    text = stream(b"BT /F1 12 Tf 72 700 Td 14 TL (ABCDEB) Tj T* (CC) Tj ET")
    reading = read_pdf("x.pdf", raw_pdf([CATALOGUE, ONE, page(4, F1), text, font, stream(mapping)]))
    assert [line.text for line in reading.lines] == ["fi-c\u00ad", "cc"]


def test_words_are_parted_by_their_distance_alone() -> None:
    text = stream(b"BT /F1 12 Tf 72 700 Td [(Br) 20 (ug) -300 (dicht) -80 (bij)] TJ ET")
    assert read_pdf("x.pdf", one_page(text)).lines[0].text == "Brug dichtbij"


def test_a_hidden_layer_is_read_under_a_scan_and_not_under_text() -> None:
    hidden = b" BT 3 Tr /F1 12 Tf 72 600 Td (Onzichtbaar.) Tj ET"
    assert "Onzichtbaar" not in read_pdf("x.pdf", one_page(stream(WORDS + hidden))).source
    assert read_pdf("x.pdf", one_page(stream(hidden))).lines[0].text == "Onzichtbaar."


def test_heads_of_left_and_right_pages_differ_and_a_heading_that_returns_stays() -> None:
    def number(n: int) -> tuple[float, float, str, float, str]:
        return (70.0 if n % 2 else 500.0, 800.0, PLAIN, 8.0, f"{n} | " + ("De brug" if n % 2 else "Gemeente Linde"))

    def body(n: int) -> list[tuple[float, float, str, float, str]]:
        return [(70.0, 700.0 - 14 * row, PLAIN, 10.0, f"Tekst van {'abcdefghi'[n]}{'xyz'[row]}.") for row in range(3)]

    again = (70.0, 740.0, BOLD, 10.0, "Wat bewoners zeggen")
    reading = read_pdf(
        "x.pdf", canvas_pdf(*([number(n), *([again] if n in (1, 5) else []), *body(n)] for n in range(1, 9)))
    )
    assert len(reading.removed) == 8
    assert marked(reading, "heading") == [("Wat bewoners zeggen", 1), ("Wat bewoners zeggen", 5)]


def test_a_contents_page_gives_the_headings_their_level() -> None:
    contents = [("A. Het plan", 70.0, 2), ("1. De brug", 90.0, 2), ("2. De weg", 90.0, 3), ("B. Het geld", 70.0, 3)]
    page_1 = [(x, 700.0 - 20 * i, PLAIN, 10.0, f"{t} {'.' * 40} {n}") for i, (t, x, n) in enumerate(contents)]
    text = [(70.0, y, PLAIN, 10.0, "Hier staat een regel met gewone tekst.") for y in (650.0, 636.0, 550.0, 536.0)]
    page_2 = [(70.0, 680.0, BOLD, 10.0, "A. Het plan"), (70.0, 570.0, BOLD, 10.0, "1. De brug"), *text]
    page_3 = [(70.0, 680.0, BOLD, 10.0, "2. De weg"), (70.0, 570.0, BOLD, 10.0, "B. Het geld"), *text]
    reading = read_pdf("x.pdf", canvas_pdf(page_1, page_2, page_3))
    levels = [m.level for line in reading.lines if (m := reading.marks.get(line.start)) and m.kind == "heading"]
    assert list(zip(marked(reading, "heading"), levels, strict=True)) == [
        (("A. Het plan", 2), 1),
        (("1. De brug", 2), 2),
        (("2. De weg", 3), 2),
        (("B. Het geld", 3), 1),
    ]
    assert marked(reading, "row")[0] == ("A. Het plan  2", 1)


def test_sideways_and_upside_down_pages_are_read_upright() -> None:
    data = canvas_pdf([(72.0, 700.0, PLAIN, 12.0, "Een regel."), (72.0, 680.0, PLAIN, 12.0, "En nog een.")])
    for angle in (90, 180, 270):
        writer = PdfWriter(clone_from=BytesIO(data))
        page = writer.pages[0].rotate(angle)
        page.transfer_rotation_to_content()
        page.rotate(-angle)
        buffer = BytesIO()
        writer.write(buffer)
        assert sorted(line.text for line in read_pdf("x.pdf", buffer.getvalue()).lines) == ["Een regel.", "En nog een."]


def test_pages_that_are_images_are_named_and_a_document_of_them_is_refused() -> None:
    image = stream(
        b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    draw = stream(b"q 500 0 0 700 40 40 cm /I Do Q")
    scanned, written = page(4, b"/XObject << /I 5 0 R >>"), page(6, b"/Font << /F1 7 0 R >>")
    tree = b"<< /Type /Pages /Kids [3 0 R 8 0 R 3 0 R] /Count 3 >>"
    mixed = read_pdf("scan.pdf", raw_pdf([CATALOGUE, tree, scanned, draw, image, stream(WORDS), FONT, written]))
    assert mixed.warnings == ("pagina 1, 3: alleen beeld, geen tekst.",)
    assert len(mixed.page_starts) == 3
    assert [(line.text, line.page) for line in mixed.lines] == [("Hier staat tekst.", 2)]
    with pytest.raises(InputError, match=r"scan\.pdf: geen leesbare tekst, alleen beeld.*OCR"):
        read_pdf("scan.pdf", raw_pdf([CATALOGUE, ONE, scanned, draw, image]))


def test_letters_that_cannot_be_known_are_not_guessed() -> None:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] >>"
    descendant = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 >>"
    unknown = stream(b"BT /F2 12 Tf 72 700 Td <002400250026> Tj ET")
    resources = b"/Font << /F1 5 0 R /F2 6 0 R >>"
    with pytest.raises(InputError, match=r"x\.pdf: geen leesbare tekst.*letter niet te herleiden"):
        read_pdf("x.pdf", one_page(unknown, resources, font, descendant))
    some = stream(WORDS + b" BT /F2 12 Tf 72 600 Td <0024> Tj ET")
    assert [line.text for line in read_pdf("x.pdf", one_page(some, resources, font, descendant)).lines] == [
        "Hier staat tekst.",
        "\ufffd",
    ]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_lock_without_password_is_opened_and_one_with_it_is_told(algorithm: str) -> None:
    writer = PdfWriter(clone_from=BytesIO(one_page(stream(WORDS))))
    writer.encrypt("", "eigenaar", algorithm=algorithm)
    buffer = BytesIO()
    writer.write(buffer)
    assert read_pdf("slot.pdf", buffer.getvalue()).lines[0].text == "Hier staat tekst."
    writer = PdfWriter(clone_from=BytesIO(one_page(stream(WORDS))))
    writer.encrypt("geheim", algorithm=algorithm)
    buffer = BytesIO()
    writer.write(buffer)
    with pytest.raises(InputError, match=r"slot\.pdf: .*wachtwoord.*Bewaar een kopie zonder"):
        read_pdf("slot.pdf", buffer.getvalue())


def test_a_missing_library_for_locked_files_is_named() -> None:
    with pytest.raises(InputError, match=r"cryptography.*pip install"), told_in_dutch("x.pdf", Limits()):
        raise DependencyError


GOOD = one_page(stream(WORDS))
BROKEN = {
    "empty": b"",
    "no pdf": b"Dit is gewone tekst.\n" * 50,
    "only a header": b"%PDF-1.7\n",
    "cut off early": GOOD[:200],
    "no pages": raw_pdf([b"<< /Type /Catalog >>"]),
    "page tree in a circle": raw_pdf([CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
    "catalogue is itself": raw_pdf([b"1 0 R"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_with_its_name(name: str) -> None:
    with pytest.raises(InputError, match=r"^kapot\.pdf: .*\. .*"):
        read_pdf("kapot.pdf", BROKEN[name])


def test_a_damaged_file_that_can_be_read_gets_a_warning() -> None:
    reading = read_pdf("x.pdf", GOOD.replace(b"startxref\n", b"startxref\n9"))
    assert [line.text for line in reading.lines] == ["Hier staat tekst."]
    assert "beschadigd" in reading.warnings[0]


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    read_pdf("x.pdf", GOOD.replace(b"startxref\n", b"startxref\n9"))
    assert not caplog.records
    assert capsys.readouterr() == ("", "")


def flate(data: bytes) -> bytes:
    packer = zlib.compressobj(9)
    return packer.compress(data) + packer.flush()


def bomb(size: int, filler: bytes = b" ") -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(filler * 2**20) for _ in range(size >> 20)]
    return b"".join(parts) + packer.flush()


def object_stream_bomb() -> bytes:
    """A catalogue that stands in an object stream of 300 MB."""
    packed = stream(bomb(300 * 2**20), b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode")
    body = b"%%PDF-1.7\n2 0 obj\n%s\nendobj\n" % packed
    entries = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + b"\0" for kind, place in ((0, 0), (2, 2), (1, 9), (1, len(body)))
    )
    table = stream(entries, b"/Type /XRef /Size 4 /W [1 4 1] /Root 1 0 R")
    return body + b"3 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (table, len(body))


def nested_forms() -> bytes:
    """Each of 12 forms draws the next one ten times."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X %d 0 R >> >>"
    forms = [stream(b"/X Do " * 10, form % (number + 1)) for number in range(6, 18)]
    return one_page(stream(WORDS + b" /X Do"), b"/Font << /F1 5 0 R >> /XObject << /X 6 0 R >>", *forms, stream(b""))


def many_pages(number: int) -> bytes:
    kids = b" ".join([b"3 0 R"] * number)
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, number)
    return raw_pdf([CATALOGUE, tree, page(4, F1), stream(WORDS), FONT])


HOSTILE = {
    "flate bomb": (one_page(stream(bomb(300 * 2**20), b"/Filter /FlateDecode")), "unpacked_bytes"),
    "flate bomb in a flate bomb": (
        one_page(stream(flate(bomb(300 * 2**20)), b"/Filter [/FlateDecode /FlateDecode]")),
        "unpacked_bytes",
    ),
    "object stream bomb": (object_stream_bomb(), "unpacked_bytes"),
    "millions of operands": (one_page(stream(bomb(20 * 2**20, b"0 "), b"/Filter /FlateDecode")), "unpacked_bytes"),
    "arrays in arrays": (one_page(stream(b"[" * 500_000)), "te diep|unpacked_bytes|beschadigd"),
    "pages": (many_pages(5000), "pages"),
    "forms that draw forms": (nested_forms(), "seconds|forms"),
}
MEASURE = """
import resource, sys, time
from corpus.errors import InputError
from corpus.limits import Limits
from corpus.pdf.read import read_pdf
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.monotonic()
try:
    read_pdf("bom.pdf", open(sys.argv[1], "rb").read(), Limits(seconds=5))
except InputError as error:
    print(error)
else:
    print("gelezen")
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
print(grown, time.monotonic() - start)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_bounded_time_and_memory(name: str, tmp_path: Path) -> None:
    data, limit = HOSTILE[name]
    path = tmp_path / "bom.pdf"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told, measured = done.stdout.strip().rsplit("\n", 1)
    megabytes, seconds = (float(value) for value in measured.split())
    assert told.startswith("bom.pdf: ")
    assert re.search(limit, told)
    assert megabytes < 600
    assert seconds < 30
    assert not done.stderr


HARMLESS = {
    "outline in a circle": [
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>",
        b"<< /First 7 0 R /Last 7 0 R >>",
        b"<< /Title (Hier) /Next 7 0 R /First 6 0 R /Dest [3 0 R /Fit] >>",
    ],
    "form that draws itself": [
        CATALOGUE,
        stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X 6 0 R >> >>"),
    ],
}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_circle_beside_the_text_does_not_stop_the_reading(name: str) -> None:
    catalogue, *more = HARMLESS[name]
    resources = F1 + (b" /XObject << /X 6 0 R >>" if "form" in name else b"")
    data = raw_pdf([catalogue, ONE, page(4, resources), stream(WORDS + b" /X Do"), FONT, *more])
    assert [line.text for line in read_pdf("x.pdf", data).lines] == ["Hier staat tekst."]


@pytest.mark.parametrize(
    ("limits", "setting"),
    [
        (Limits(pages=2), "pages"),
        (Limits(characters=20), "characters"),
        (Limits(unpacked_bytes=60), "unpacked_bytes"),
        (Limits(seconds=0), "seconds"),
        (Limits(file_bytes=300), "file_bytes"),
    ],
    ids=["pages", "characters", "unpacked", "seconds", "file"],
)
def test_each_limit_names_its_setting(limits: Limits, setting: str) -> None:
    with pytest.raises(InputError, match=rf"^x\.pdf: .*\(grens: {setting}\)"):
        read_pdf("x.pdf", many_pages(3), limits)


REAL = {
    "dpia_coronamelder.pdf": (65, {"1. Voorstel": 9, "10. Bewaartermijnen": 24, "Subsidiariteit": 32}, 31),
    "programma_van_eisen.pdf": (12, {"1 Inleiding": 3, "4.2 Proces": 7, "5.1.5 Informeren": 10}, 6),
    "factsheet_coronamelder.pdf": (3, {"Testaanvragen waar een notificatie aan vooraf ging": 1}, 0),
    "factsheet_evaluatie.pdf": (2, {"3. Onderzoek Gedragsunit RIVM": 1, "7. Literatuuronderzoek": 2}, 0),
    "overzicht_onderzoeken.pdf": (1, {}, 0),
}


@pytest.mark.parametrize("name", REAL)
def test_real_documents(name: str) -> None:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"het document is hier niet: {path}")
    pages, headings, notes = REAL[name]
    reading = read_pdf(name, path.read_bytes())
    assert len(reading.page_starts) == pages == len(PdfReader(path).pages)
    with listening():
        plain = "".join(page.extract_text() for page in PdfReader(path).pages)
    assert counted(reading.source) == counted(plain)  # pypdf's own extraction finds the same letters
    assert headings.items() <= dict(marked(reading, "heading")).items()
    assert [n for line in reading.lines if (n := number_of(reading, line.start))] == [str(n + 1) for n in range(notes)]
    assert not any(re.fullmatch(rf"(\d+ \| )?({pages}|75)|\d{{1,2}}", line.text) for line in reading.lines[-3:])
    assert not reading.warnings
