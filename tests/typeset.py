"""Typesets a document as a PDF the way report makers do, to read it back in a test."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from corpus.model import Document, Kind

PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
SIZES = {"chapter": 16.0, "heading": 11.0, "text": 10.0, "item": 10.0, "row": 10.0, "note": 7.5}
FONTS = {"chapter": BOLD, "heading": BOLD}
LEFT, TOP, FOOT, WIDTH, GUTTER = 70.0, 90.0, 80.0, 450.0, 24.0
CELLS = (0.0, 150.0, 260.0)
MARKER = re.compile(r"(?<=[^\W\d_]\.)(\d)(?=\s|$)|(?<=\b20\d\d\.)(\d)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, item, heading, table row or footnote of the document."""

    kind: str
    text: str


def blocks_of(document: Document) -> list[Block]:
    """The document's lines of text, each with what it is."""
    found, position = [], 0
    rows = {unit.start for unit in document.units if unit.kind == "row"}
    opened = {section.start: section.kind for section in document.sections}
    opened |= {0: Kind.CHAPTER}
    for text in document.text.split("\n"):
        kind = opened.get(position)
        if kind in (Kind.CHAPTER, Kind.FOOTNOTE):
            found.append(Block("chapter" if kind is Kind.CHAPTER else "note", text))
        elif kind in (Kind.SUBHEADING, Kind.BOX):
            found.append(Block("heading", text))
        elif text:
            found.append(Block("row" if position in rows else "item" if text[0] == "•" else "text", text))
        position += len(text) + 1
    return found


def wrap(text: str, font: str, size: float, width: float, hyphenate: bool) -> list[str]:
    """The text in lines; `hyphenate` breaks words that do not fit, between letters."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if stringWidth(longer, font, size) <= width:
            line = longer
            continue
        cuts = range(len(word) - 3, 3, -1) if hyphenate and word.isalpha() else ()
        fitting = (cut for cut in cuts if stringWidth(f"{line} {word[:cut]}-", font, size) <= width)
        cut = next(fitting, 0)
        lines.append(f"{line} {word[:cut]}-".strip() if cut else line)
        line = word[cut:]
    return [*lines, line]


@dataclass(slots=True)
class Press:
    """A canvas with running heads and feet, on which blocks are set one below the other, in columns."""

    title: str
    columns: int = 1
    hyphenate: bool = False
    outline: bool = False
    buffer: BytesIO = field(default_factory=BytesIO)
    page: int = 1
    column: int = 0
    y: float = A4[1] - TOP
    notes: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    headings: list[tuple[str, int]] = field(default_factory=list)
    canvas: Canvas = field(init=False)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=True)

    @property
    def width(self) -> float:
        return (WIDTH - GUTTER * (self.columns - 1)) / self.columns

    @property
    def left(self) -> float:
        return LEFT + self.column * (self.width + GUTTER)

    @property
    def floor(self) -> float:
        """Where the column ends, above the footnotes it holds."""
        lines = [line for note in self.notes for line in self._note_lines(note)]
        return FOOT + (len(lines) * 9 + 14 if lines else 0)

    def put(self, block: Block) -> None:
        font, size = FONTS.get(block.kind, PLAIN), SIZES[block.kind]
        indent = 14.0 if block.kind == "item" else 0.0
        lines = wrap(block.text, font, size, self.width - indent, self.hyphenate and block.kind == "text")
        if block.kind in ("chapter", "heading"):
            self._room(70)
            self.y -= 14
            self._mark(block)
        for line in lines:
            self._line(block.kind, line, font, size, indent)
        self.y -= 0 if block.kind == "row" else 6

    def _mark(self, block: Block) -> None:
        self.headings.append((block.text, self.page))
        if self.outline:
            key = f"h{len(self.headings)}"
            self.canvas.bookmarkHorizontal(key, 0, self.y + 20)
            self.canvas.addOutlineEntry(block.text, key, 0 if block.kind == "chapter" else 1)

    def _line(self, kind: str, line: str, font: str, size: float, indent: float) -> None:
        wanted = [self.waiting.pop(m.group()) for m in MARKER.finditer(line) if m.group() in self.waiting]
        self.notes += wanted if kind in ("text", "item") else []
        self._room(size * 1.3)
        self.y -= size * 1.3
        cells = line.split(" ")
        if kind == "row" and len(cells) == len(CELLS):
            for cell, place in zip(cells, CELLS, strict=True):
                self.canvas.setFont(font, size)
                self.canvas.drawString(self.left + place * self.width / WIDTH, self.y, cell)
            return
        if kind == "item" and line.startswith("•"):
            self.canvas.setFont(font, size)
            self.canvas.drawString(self.left, self.y, "•")
            line = line[2:]
        self._text(self.left + indent, self.y, line, font, size)

    def _text(self, x: float, y: float, line: str, font: str, size: float) -> None:
        """A line with its footnote numbers raised and small."""
        text = self.canvas.beginText(x, y)
        for part, raised in _parts(line):
            text.setFont(font, 6 if raised else size)
            text.setRise(3.5 if raised else 0)
            text.textOut(part)
        self.canvas.drawText(text)

    def _room(self, height: float) -> None:
        if self.y - height >= self.floor:
            return
        self._set_notes()
        self.column += 1
        if self.column == self.columns:
            self._turn()
        self.y = A4[1] - TOP

    def _note_lines(self, note: str) -> list[str]:
        return wrap(note, PLAIN, SIZES["note"], self.width, False)

    def _set_notes(self) -> None:
        y = self.floor - 14
        if self.notes:
            self.canvas.line(self.left, y + 2, self.left + 100, y + 2)
        for note in self.notes:
            for n, line in enumerate(self._note_lines(note)):
                y -= 9
                number, _, rest = line.partition(" ") if n == 0 else ("", "", line)
                text = self.canvas.beginText(self.left, y)
                text.setFont(PLAIN, 5)
                text.setRise(2.5)
                text.textOut(number)
                text.setFont(PLAIN, SIZES["note"])
                text.setRise(0)
                text.textOut(f" {rest}" if number else rest)
                self.canvas.drawText(text)
        self.notes = []

    def _turn(self) -> None:
        self.canvas.setFont(PLAIN, 8)
        self.canvas.drawString(LEFT, A4[1] - 40, f"{self.title} | versie 2")
        self.canvas.drawRightString(LEFT + WIDTH, 40, f"pagina {self.page}")
        self.canvas.showPage()
        self.page, self.column = self.page + 1, 0

    def finish(self) -> bytes:
        self._set_notes()
        self._turn()
        self.canvas.save()
        return self.buffer.getvalue()


def _parts(line: str) -> Iterator[tuple[str, bool]]:
    """The line cut at its footnote numbers, and whether each part is one."""
    position = 0
    for marker in MARKER.finditer(line):
        yield line[position : marker.start()], False
        yield marker.group(), True
        position = marker.end()
    if line[position:]:
        yield line[position:], False


def typeset(
    document: Document, *, columns: int = 1, hyphenate: bool = False, outline: bool = False
) -> tuple[bytes, list[tuple[str, int]]]:
    """The document as a PDF, and its headings with the page each stands on."""
    press = Press(document.title, columns, hyphenate, outline)
    press.canvas.setTitle(document.title)
    blocks = blocks_of(document)
    press.waiting = {block.text.split(" ")[0]: block.text for block in blocks if block.kind == "note"}
    for block in blocks:
        if block.kind != "note":
            press.put(block)
    return press.finish(), press.headings
