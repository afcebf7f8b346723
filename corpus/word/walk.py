"""Walks through the body of a Word document and gathers its paragraphs, headings, items, tables and notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from corpus.gather import Gathering
from corpus.reading import Mark
from corpus.word.numbering import Numbering
from corpus.word.styles import Look, child, switch, value, whole, with_properties
from corpus.word.text import CELL, PARAGRAPH, ROW, TABLE, Notes, Pages, Piece, blocks, inside, read_piece

# Word allows 63 columns; a wider span is a mistake, or made to exhaust memory.
WIDEST = 200


@dataclass(slots=True)
class WordWalk:
    """Goes through a document and gathers it. `held` is text whose paragraph mark was deleted: the next one goes on."""

    gathering: Gathering
    looks: dict[str, Look]
    numbering: Numbering
    notes: Notes
    sections: list[bool]
    pages: Pages = field(default_factory=Pages)
    held: str = ""
    list_of_last: str = ""
    contents: bool = False

    def read(self, body: Any) -> None:
        """Gather all text of the body. A text box, and a table of one cell, is read as text where it stands."""
        work: list[Iterator[Any]] = [blocks(body)]
        while work:
            block = next(work[-1], None)
            if block is None:
                work.pop()
            elif block.tag == PARAGRAPH:
                work += [blocks(box) for box in reversed(self._paragraph(block))]
            elif (frame := _only_cell(block)) is not None:
                work.append(blocks(frame))
            else:
                self._table(block)
        self._let_go()

    def _let_go(self) -> None:
        """Gather held text that no paragraph took over, and the notes that wait."""
        raw, self.held = self.held, ""
        self.gathering.add(raw, Mark())
        self._read_notes()

    def _piece(self, paragraph: Any) -> tuple[Look, Piece]:
        properties = child(paragraph, "pPr")
        style = value(properties, "pStyle") or ""
        look = with_properties(self.looks.get(style, self.looks.get("", Look())), properties)
        look = replace(look, depth=self.numbering.depth_of(look, style))
        return look, read_piece(paragraph, look, self.looks, self.pages, self.notes)

    def _paragraph(self, paragraph: Any) -> list[Any]:
        """Gather a paragraph; gives the text boxes that hang on it."""
        properties = child(paragraph, "pPr")
        if self._asks_page(properties):
            self.gathering.turn_pages(self.pages.ask())
        look, piece = self._piece(paragraph)
        self.held += piece.raw
        if child(properties, "rPr", "del") is not None:
            return piece.boxes
        raw, self.held = self.held, ""
        number = self.numbering.next(look.numbered, look.depth)
        if look.kind == "contents":
            self.contents = self.contents or bool(raw.strip())
        elif look.kind == "text" and number and raw.strip():
            tight = bool(self.list_of_last) and (self.list_of_last == look.numbered or look.depth > 0)
            self.gathering.add(f"{number} {raw}", Mark("item", 0, number), tight)
            self.list_of_last = look.numbered
        elif self.gathering.add(f"{number} {raw}" if raw.strip() else raw, Mark(look.kind, look.level)):
            self.list_of_last = ""
        if child(properties, "sectPr") is not None and self.sections and self.sections.pop(0):
            self.gathering.turn_pages(self.pages.ask())
        self._read_notes()
        return piece.boxes

    def _asks_page(self, properties: Any) -> bool:
        style = self.looks.get(value(properties, "pStyle") or "", Look())
        return bool(self.gathering.found) and switch(properties, "pageBreakBefore", style.new_page)

    def _read_notes(self) -> None:
        """Gather the notes that were referred to; a note of more paragraphs is one."""
        while self.notes.waiting:
            key = self.notes.waiting.pop(0)
            self.gathering.note(self.notes.numbers[key], self._flat(self.notes.found[key])[0])

    def _table(self, table: Any) -> None:
        self._let_go()
        self.list_of_last = ""
        rows: list[list[str]] = []
        header = False
        for row in inside(table, ROW):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            cells = [(cell, *self._flat(cell)) for cell in inside(row, CELL)]
            if not rows:
                bold = [is_bold for _, text, is_bold in cells if text.strip()]
                header = switch(properties, "tblHeader") or (len(bold) > 1 and all(bold))
            columns = [""] * min(WIDEST, whole(value(properties, "gridBefore")))
            for cell, text, _ in cells:
                across = min(whole(value(cell, "tcPr", "gridSpan"), 1), WIDEST - len(columns))
                columns += [text, *[""] * (across - 1)]
            rows.append(columns)
        self.gathering.table(rows, header and len(rows) > 1)
        self._read_notes()

    def _flat(self, container: Any) -> tuple[str, bool]:
        """All text in a cell or note as one stretch, tables and text boxes inside it included; whether it is bold."""
        if child(container, "tcPr", "vMerge") is not None and value(container, "tcPr", "vMerge") != "restart":
            return "", True
        texts: list[str] = []
        bold = True
        work = [blocks(container)]
        while work:
            block = next(work[-1], None)
            if block is None:
                work.pop()
            elif block.tag == TABLE:
                work.append(cell for row in inside(block, ROW) for cell in inside(row, CELL))
            elif block.tag == CELL:
                work.append(blocks(block))
            else:
                look, piece = self._piece(block)
                number = self.numbering.next(look.numbered, look.depth)
                texts.append(f"{number} {piece.raw}" if piece.raw.strip() else piece.raw)
                bold = bold and (piece.bold or not piece.raw.strip())
                work += [blocks(box) for box in reversed(piece.boxes)]
        return " ".join(texts), bold


def _only_cell(table: Any) -> Any:
    """The cell of a table that has only one: a frame round text."""
    cells = (cell for row in inside(table, ROW) for cell in inside(row, CELL))
    first, second = next(cells, None), next(cells, None)
    return first if second is None else None
