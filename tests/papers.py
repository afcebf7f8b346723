"""Small documents for the tests, the same in Word, HTML and Markdown, and Word files taken apart and put together."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from corpus.reading import Reading

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a made-up document: a heading, text (with a note), a list (numbered or not) or a table."""

    kind: str
    level: int = 0
    texts: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    numbered: bool = False


def outcome(reading: Reading) -> list[tuple[str, int, str]]:
    """What a reading says of each line."""
    return [(reading.marks[line.start].kind, reading.marks[line.start].level, line.text) for line in reading.lines]


def as_html(title: str, parts: list[Part]) -> bytes:
    body, notes = [f'<h1 class="title">{title}</h1>'], []
    for part in parts:
        if part.kind == "heading":
            body.append(f"<h{part.level}>{part.texts[0]}</h{part.level}>")
        elif part.kind == "text":
            mark = ""
            if part.note:
                n = len(notes) + 1
                notes.append(f'<li id="fn{n}"><p>{part.note} <a href="#r{n}" role="doc-backlink">terug</a></p></li>')
                mark = f'<a href="#fn{n}" id="r{n}" role="doc-noteref"><sup>{n}</sup></a>'
            body.append(f"<p>{part.texts[0]}{mark}</p>")
        elif part.kind == "list":
            tag = "ol" if part.numbered else "ul"
            body.append(f"<{tag}>{''.join(f'<li>{text}</li>' for text in part.texts)}</{tag}>")
        else:
            first, *others = part.rows
            body.append(f"<table><tr>{''.join(f'<th>{cell}</th>' for cell in first)}</tr>")
            body += [f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in others] + ["</table>"]
    return (
        f"<html><body>{''.join(body)}<section role='doc-endnotes'><ol>{''.join(notes)}</ol></section></body>".encode()
    )


def as_markdown(title: str, parts: list[Part]) -> bytes:
    body, notes = [f"---\ntitle: {title}\n---"], []
    for part in parts:
        if part.kind == "heading":
            body.append(f"{'#' * part.level} {part.texts[0]}")
        elif part.kind == "text":
            notes += [f"[^{len(notes) + 1}]: {part.note}"] if part.note else []
            body.append(part.texts[0] + (f"[^{len(notes)}]" if part.note else ""))
        elif part.kind == "list":
            body.append(
                "\n".join(f"{f'{n}.' if part.numbered else '-'} {text}" for n, text in enumerate(part.texts, 1))
            )
        else:
            first, *others = ("| " + " | ".join(row) + " |" for row in part.rows)
            body.append("\n".join([first, "|---" * len(part.rows[0]) + "|", *others]))
    return "\n\n".join([*body, *notes]).encode()


def as_docx(title: str, parts: list[Part]) -> bytes:
    document = docx.Document()
    document.add_paragraph(title, style="Title")
    notes: list[str] = []
    for part in parts:
        if part.kind == "heading":
            document.add_heading(part.texts[0], part.level)
        elif part.kind == "text":
            paragraph = document.add_paragraph(part.texts[0])
            if part.note:
                notes.append(part.note)
                refer(paragraph, len(notes))
        elif part.kind == "list":
            number = new_list(document) if part.numbered else 0
            for text in part.texts:
                set_list(document.add_paragraph(text, style="List Number" if number else "List Bullet"), number)
        else:
            _add_table(document, part.rows)
    return with_notes(saved(document), notes)


def _add_table(document: Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def saved(document: Document) -> bytes:
    """The bytes of a document."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def word(build: Callable[[Document], None]) -> bytes:
    """The bytes of a new document after `build`."""
    document = docx.Document()
    build(document)
    return saved(document)


def with_body(xml: str, **parts: str) -> bytes:
    """A document whose body is this XML; other parts by path with "__" for "/"."""
    document = docx.Document()
    body = document.element.body
    for element in parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'm')}>{xml}</w:body>"):
        body.insert(len(body) - 1, element)
    return changed(saved(document), {path.replace("__", "/"): text.encode() for path, text in parts.items()})


def changed(data: bytes, parts: dict[str, bytes | None]) -> bytes:
    """A zip with parts replaced or added, or left out where None."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def part_of(data: bytes, name: str) -> str:
    """The text of a part of a zip."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(name).decode()


def refer(paragraph: Paragraph, number: int, kind: str = "footnote") -> None:
    """Put a reference to a note at the end of a paragraph."""
    reference = OxmlElement(f"w:{kind}Reference")
    reference.set(qn("w:id"), str(number))
    paragraph.add_run()._r.append(reference)


def new_list(document: Document) -> int:
    """A numbered list that starts at 1, of the design that the style List Number has."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    design = next(num for num in numbering.num_lst if num.numId == style).abstractNumId.val
    num = numbering.add_num(design)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(num.numId)


def set_list(paragraph: Paragraph, number: int, depth: int = 0) -> None:
    """Make a paragraph an item of a list; 0 leaves it to its style."""
    if number:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = number
        properties.get_or_add_ilvl().val = depth


def with_notes(data: bytes, notes: list[str], kind: str = "footnote") -> bytes:
    """A document with a part that holds its notes, numbered from 1; a note's paragraphs are parted by newlines."""
    if not notes:
        return data
    written = "".join(
        f'<w:{kind} w:id="{number}">'
        + "".join(f"<w:p><w:r><w:{kind}Ref/></w:r><w:r><w:t>{line}</w:t></w:r></w:p>" for line in note.split("\n"))
        + f"</w:{kind}>"
        for number, note in enumerate(notes, 1)
    )
    separator = f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
    types = part_of(data, "[Content_Types].xml").replace(
        "</Types>",
        f'<Override PartName="/word/{kind}s.xml" ContentType="{CONTENT}.{kind}s+xml"/></Types>',
    )
    relations = part_of(data, "word/_rels/document.xml.rels").replace(
        "</Relationships>",
        f'<Relationship Id="rIdNotes{kind}" Type="{RELATIONSHIPS}/{kind}s" Target="{kind}s.xml"/></Relationships>',
    )
    return changed(
        data,
        {
            f"word/{kind}s.xml": f"<w:{kind}s {nsdecls('w')}>{separator}{written}</w:{kind}s>".encode(),
            "[Content_Types].xml": types.encode(),
            "word/_rels/document.xml.rels": relations.encode(),
        },
    )
