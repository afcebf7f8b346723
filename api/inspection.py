"""`bronvast inspect`: how a file was read, as a tree, as JSON, and as a page that shows the structure over the text."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from corpus.load import DocumentFile
from corpus.model import Document, Kind, Section, UnitKind
from corpus.parts import as_pairs
from corpus.review import review

HEADINGS = (Kind.CHAPTER, Kind.SUBHEADING, Kind.BOX)
DUTCH = {
    Kind.CHAPTER: "deel",
    Kind.SUBHEADING: "kop",
    Kind.LEAD_IN: "inleidende alinea",
    Kind.BOX: "tekstkader",
    Kind.TABLE: "tabel",
    Kind.FOOTNOTE: "voetnoot",
    Kind.SOURCES: "bronnen",
}


def warnings_of(file: DocumentFile) -> list[str]:
    """What the reader of the file and the review of the structure have to say."""
    return [*file.warnings, *review(file.document)]


def counts(document: Document) -> dict[str, int]:
    """How much of each kind was found, by Dutch name."""
    kinds = [section.kind for section in document.sections]
    return {
        "pagina's": len(document.page_starts),
        "delen": kinds.count(Kind.CHAPTER),
        "koppen": kinds.count(Kind.SUBHEADING),
        "tekstkaders": kinds.count(Kind.BOX),
        "tabellen": kinds.count(Kind.TABLE),
        "voetnoten": kinds.count(Kind.FOOTNOTE),
        "lijsten": len(document.parts.lists),
        "personen": len(document.parts.people),
        "verwijzingen": len(document.parts.links),
        "zinnen en rijen": len(document.units),
    }


def show_tree(console: Console, file: DocumentFile) -> None:
    """The sections as a tree with their pages, counts, and warnings."""
    document = file.document
    tree = Tree(f"[bold]{escape(document.title)}[/]")
    branches: dict[tuple[str, ...], Tree] = {}
    for section in document.sections:
        parent = branches.get(section.path[:-1], tree)
        branches[section.path] = parent.add(_line(document, section))
    console.print(tree, soft_wrap=True)
    console.print(", ".join(f"{number} {name}" for name, number in counts(document).items()), highlight=False)
    for warning in warnings_of(file):
        console.print(f"[yellow]Let op:[/] {escape(warning)}", highlight=False, soft_wrap=True)


def record(file: DocumentFile) -> dict[str, Any]:
    """All of it as JSON values; spans are offsets in `text`, `removed` in the source."""
    document = file.document
    return {
        "id": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "counts": counts(document),
        "sections": [
            {
                "kind": section.kind,
                "number": section.number,
                "title": section.title,
                "path": section.path,
                "pages": _pages(document, section),
                "span": [section.start, section.end],
            }
            for section in document.sections
        ],
        **document.parts.to_json(),
        "removed": [{"span": span, "text": document.source[slice(*span)]} for span in document.removed],
        "warnings": warnings_of(file),
    }


def render(file: DocumentFile) -> str:
    """One page, without script or request: the text as read, coloured by kind, pages in the margin."""
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        files("api").joinpath("static/inspection.html").read_text(encoding="utf-8")
    )
    document = file.document
    return template.render(
        document=document,
        counts=counts(document),
        warnings=warnings_of(file),
        removed=[document.source[slice(*span)] for span in document.removed],
        contents=[
            (
                position,
                len(s.path),
                DUTCH[s.kind],
                s.label if s.kind is Kind.FOOTNOTE else _name(s),
                _pages(document, s)[0],
            )
            for position, s in enumerate(document.sections)
            if s.kind is not Kind.LEAD_IN
        ],
        lines=_lines(document),
        names=DUTCH,
    )


def _lines(document: Document) -> list[dict[str, Any]]:
    """Every line of the text with its innermost section, what it is, its page where that changes, and its links."""
    starts = {section.start: position for position, section in reversed(list(enumerate(document.sections)))}
    items = {start for found in document.parts.lists for start, _ in found.items}
    introductions = [found.introduction for found in document.parts.lists if found.introduction]
    rows = {unit.start for unit in document.units if unit.kind is UnitKind.ROW}
    pairs = {row.start: as_pairs(document.text, table, row) for table in document.parts.tables for row in table.rows}
    lines, position, page = [], 0, 0
    for text in document.text.split("\n"):
        start, end = position, position + len(text)
        position = end + 1
        if not text:
            continue
        here = document.pages(start, end)[0]
        section = _innermost(document, start)
        kind = "item" if start in items else "row" if start in rows else document.sections[section].kind.value
        lines.append(
            {
                "anchor": starts.get(start),
                "heading": start in starts
                and document.sections[section].kind in (Kind.CHAPTER, Kind.SUBHEADING, Kind.BOX),
                "kind": kind,
                "within": document.sections[section].kind.value,
                "page": here if here != page else None,
                "pairs": pairs.get(start, ""),
                "pieces": _pieces(document, start, end, introductions),
            }
        )
        page = here
    return lines


def _innermost(document: Document, start: int) -> int:
    holding = [n for n, s in enumerate(document.sections) if s.start <= start < s.end]
    return max(holding, key=lambda n: len(document.sections[n].path))


def _pieces(
    document: Document, start: int, end: int, introductions: Sequence[tuple[int, int]]
) -> list[tuple[str, str, str]]:
    """A line cut at its links and list introductions: text, where it points to, and its class."""
    marks = [(i.start, i.end, _address(i.section, i.page), "link") for i in document.parts.links]
    marks += [(left, right, "", "introduction") for left, right in introductions]
    inside = sorted(mark for mark in marks if start <= mark[0] and mark[1] <= end)
    pieces, position = [], start
    for left, right, address, name in inside:
        if left >= position:
            pieces += [(document.text[position:left], "", ""), (document.text[left:right], address, name)]
            position = right
    return [piece for piece in [*pieces, (document.text[position:end], "", "")] if piece[0]]


def _address(section: int, page: int) -> str:
    return f"#s{section}" if section >= 0 else f"#p{page}"


def _line(document: Document, section: Section) -> str:
    first, last = _pages(document, section)
    pages = f"p. {first}" if first == last else f"p. {first}-{last}"
    shown = escape(_name(section))
    if section.kind not in (Kind.CHAPTER, Kind.SUBHEADING):
        shown = f"[cyan]{shown}[/]"
    return f"{shown} [dim]{pages}[/]"


def _name(section: Section) -> str:
    if section.kind is Kind.FOOTNOTE:
        return section.label
    return f"{section.number} {section.title}".strip() or section.label


def _pages(document: Document, section: Section) -> tuple[int, int]:
    return document.pages(section.start, section.end)
