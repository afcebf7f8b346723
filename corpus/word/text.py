"""The text of one Word paragraph as the paper shows it, all tracked changes accepted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from corpus.paragraphs import PAGE_BREAK
from corpus.word.styles import Look, W, child, switch, value

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PARAGRAPH, TABLE, ROW, CELL, RUN, BOX = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "r", "txbxContent"))
# What was deleted or moved away, what says how text looks, and a second form of a drawing for old versions.
PASSED_OVER = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sectPr", "sdtPr", "rt", "tblPr"))
UNSEEN = PASSED_OVER | {f"{MC}Fallback"}
TEXT = (f"{W}t", f"{MATH}t")
REFERENCES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
PLAIN = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
# Letters of Symbol and Wingdings that reports use; F000 is added to them in a docx.
SYMBOLS = {"B7": "•", "A7": "▪", "A8": "☐", "6F": "☐", "FE": "☑", "FD": "☒", "FC": "✓", "FB": "✗", "E0": "→", "D8": "➢"}


@dataclass(slots=True)
class Pages:
    """Turns Word's page breaks into marks in the text; one asked for that Word then noted too counts once."""

    rendered: bool = False
    asked: bool = False

    def laid_out(self) -> str:
        """Word started a page here when it last laid out the document."""
        again, self.asked, self.rendered = self.asked, False, True
        return "" if again else PAGE_BREAK

    def ask(self) -> str:
        """The document asks for a new page."""
        self.asked = True
        return PAGE_BREAK


@dataclass(slots=True)
class Piece:
    """A paragraph's raw text, the text boxes that hang on it, and whether it is all bold."""

    raw: str = ""
    boxes: list[Any] = field(default_factory=list)
    bold: bool = True


def blocks(container: Any) -> Iterator[Any]:
    """The paragraphs and tables in a body, cell, note or text box, in order, through whatever wraps them."""
    walk = etree.iterwalk(container, events=("start",))
    for _, element in walk:
        if element is container:
            continue
        if element.tag in (PARAGRAPH, TABLE):
            walk.skip_subtree()
            yield element
        elif element.tag in UNSEEN:
            walk.skip_subtree()


def inside(container: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, not those of tables inside it."""
    walk = etree.iterwalk(container, events=("start",))
    for _, element in walk:
        if element is not container and (element.tag == name or element.tag in UNSEEN or element.tag == TABLE):
            walk.skip_subtree()
            if element.tag == name:
                yield element


@dataclass(slots=True)
class Notes:
    """Footnotes and endnotes by kind and id, numbered in the order in which they are referred to.

    Endnotes count on where footnotes end, in figures, so that no two notes have one number and none reads as letters.
    """

    found: dict[tuple[str, str], Any] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    waiting: list[tuple[str, str]] = field(default_factory=list)

    def refer(self, kind: str, identity: str, unnumbered: bool) -> str:
        """The number a reference shows; its note waits to be read."""
        key = (kind, identity)
        if key not in self.found:
            return ""
        if key not in self.numbers:
            self.waiting.append(key)
            if kind not in self.last:
                self.last[kind] = 0 if kind == "footnote" else sum(other == "footnote" for other, _ in self.found)
            self.last[kind] += not unnumbered
            self.numbers[key] = "" if unnumbered else str(self.last[kind])
        return self.numbers[key]


def read_piece(paragraph: Any, look: Look, looks: dict[str, Look], pages: Pages, notes: Notes) -> Piece:
    """What stands in one paragraph, each reference as the number of its note (not in a heading).

    Not recursive; a text box inside it is handed over, not read.
    """
    piece = Piece()
    bold = False
    pieces: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        tag = element.tag
        if tag in UNSEEN or (tag == RUN and _hidden(element, look, looks)):
            walk.skip_subtree()
        elif tag == BOX:
            piece.boxes.append(element)
            walk.skip_subtree()
        elif tag == RUN:
            bold = switch(child(element, "rPr"), "b", look.bold)
        elif tag in REFERENCES:
            own = element.get(f"{W}customMarkFollows", "0") in ("1", "true", "on")
            number = notes.refer(REFERENCES[tag], element.get(f"{W}id", ""), own)
            pieces.append("" if look.kind in ("heading", "title") else number)
        else:
            text = _text(element, pages)
            pieces.append(text)
            piece.bold = piece.bold and (bold or not text.strip())
            pages.asked = pages.asked and not text.strip()
    piece.raw = "".join(pieces)
    return piece


def _text(element: Any, pages: Pages) -> str:
    tag = element.tag
    if tag in TEXT:
        return element.text or ""
    if tag == f"{W}br":
        return pages.ask() if element.get(f"{W}type") == "page" else " "
    if tag == f"{W}lastRenderedPageBreak":
        return pages.laid_out()
    if tag == f"{W}sym":
        return SYMBOLS.get(element.get(f"{W}char", "").upper().removeprefix("F0"), "")
    return PLAIN.get(tag, "")


def _hidden(run: Any, look: Look, looks: dict[str, Look]) -> bool:
    properties = child(run, "rPr")
    style = looks.get(value(properties, "rStyle") or "-", Look())
    return switch(properties, "vanish", look.hidden or style.hidden)
