"""A document as blocks a page can be made of: headings, paragraphs, lists, tables, boxes and footnotes.

All of the text is in the blocks, in its own order and letter by letter; the page adds no word between them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from api.source import HEADINGS, Block, Piece
from corpus.model import Document, Kind, Section
from corpus.offsets import Span
from corpus.parts import Row, Table

DEEPEST = 6


def blocks_of(document: Document, marks: Sequence[Span] = ()) -> list[Block]:
    """The whole document, with the marked spans of its text as marks. The first mark is named `citaat`."""
    return list(_Reader(document, marks).blocks(0, len(document.text)))


@dataclass(slots=True)
class _Reader:
    """Reads the text line by line; knows what starts where."""

    document: Document
    marks: Sequence[Span]
    cuts: list[tuple[int, int, Piece]] = field(init=False)
    starts: dict[int, int] = field(init=False)
    items: dict[int, Span] = field(init=False)
    tables: dict[int, Table] = field(init=False)

    def __post_init__(self) -> None:
        sections, parts = self.document.sections, self.document.parts
        self.cuts = sorted([*self._pages(), *self._links()], key=lambda cut: (cut[0], cut[1]))
        self.starts = {section.start: n for n, section in reversed(list(enumerate(sections)))}
        lists = ((found.items[0][0], item) for found in parts.lists for item in found.items)
        people = ((person.group, (person.start, person.end)) for person in parts.people)
        self.items = {item[0]: (-1 - first, item[1]) for first, item in people}
        self.items |= {item[0]: (first, item[1]) for first, item in lists}
        self.tables = {sections[table.section].start: table for table in parts.tables}

    def blocks(self, start: int, end: int) -> Iterator[Block]:
        """The blocks of a span; items of one list become one block."""
        for kind, run in groupby(self._one_by_one(start, end), key=lambda block: block.kind):
            if kind != "item":
                yield from run
                continue
            for _, items in groupby(run, key=lambda item: item.level):
                yield Block("list", blocks=tuple(items))

    def _one_by_one(self, start: int, end: int) -> Iterator[Block]:
        position = start
        while position < end:
            line = self._line_end(position, end)
            if line == position:
                position += 1
                continue
            block, position = self._block(position, line)
            yield block
            position += 1

    def _line_end(self, position: int, end: int) -> int:
        found = self.document.text.find("\n", position, end)
        return end if found < 0 else found

    def _block(self, start: int, line: int) -> tuple[Block, int]:
        """The block that starts here, and where it ends."""
        number = self.starts.get(start)
        section = None if number is None else self.document.sections[number]
        anchor = "" if number is None else f"s{number}"
        if section and section.kind is Kind.BOX:
            title = self._heading(section, start, line, anchor)
            end = section.end
            return Block("box", anchor=anchor, blocks=(title, *self.blocks(line + 1, end))), end - 1
        if section and section.kind is Kind.TABLE:
            return self._table(section, start, line, anchor), section.end - 1
        if section and section.kind is Kind.FOOTNOTE:
            end = _trim_end(self.document.text, section.end)
            name = f"Voetnoot {section.number}"
            return Block("footnote", self._pieces(start, end), anchor=anchor, title=name), end
        if section and section.kind in HEADINGS:
            return self._heading(section, start, line, anchor), line
        if start in self.items:
            group, end = self.items[start]
            return Block("item", self._pieces(start, end), level=group), max(end, line)
        return Block("paragraph", self._pieces(start, line), anchor=anchor), line

    def _heading(self, section: Section, start: int, end: int, anchor: str) -> Block:
        above = [s for s in self.document.enclosing(section) if s.kind in HEADINGS]
        return Block("heading", self._pieces(start, end), level=min(len(above) + 1, DEEPEST), anchor=anchor)

    def _table(self, section: Section, start: int, line: int, anchor: str) -> Block:
        """The lines of a table: its caption, its header, its rows, its notes, and whatever else stands there."""
        table = self.tables.get(section.start)
        rows = {row.start: row for row in table.rows} if table else {}
        width = max([len(table.columns) if table else 0, *(_width(row) for row in rows.values())])
        body: list[Block] = []
        position = line + 1
        if table and table.columns:
            body, position = self._header(table, position, width)
        while position < section.end:
            end = self._line_end(position, section.end)
            if position in rows:
                end = max(end, rows[position].end)
                body.append(Block("row", rows=(self._cells(rows[position], end, width),)))
            elif end > position:
                body.append(Block("line", self._pieces(position, end)))
            position = end + 1
        return Block("table", self._pieces(start, line), level=width + 1, anchor=anchor, blocks=tuple(body))

    def _header(self, table: Table, start: int, width: int) -> tuple[list[Block], int]:
        """One row of column names, which may stand on lines of their own, and what stands before them."""
        first, last = table.columns[0][0], table.columns[-1][0]
        end = self._line_end(last, len(self.document.text))
        lines: list[Block] = []
        while (line := self._line_end(start, end)) < first:
            lines += [Block("line", self._pieces(start, line))] if line > start else []
            start = line + 1
        edges = [start, *(column[0] for column in table.columns), end]
        cells = [self._pieces(*_strip(self.document.text, span)) for span in pairwise(edges)]
        return [*lines, Block("header", rows=((*cells, *[()] * (width + 1 - len(cells))),))], end + 1

    def _cells(self, row: Row, end: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        """The row's label and values, each under its own column; a value without one takes the next place."""
        edges = [row.start, *(cell.start for cell in row.cells), end]
        spans = list(pairwise(edges))
        filled: list[tuple[Piece, ...]] = [self._pieces(*_strip(self.document.text, spans[0]))]
        for cell, span in zip(row.cells, spans[1:], strict=True):
            filled += [()] * (cell.column + 1 - len(filled))
            filled.append(self._pieces(*_strip(self.document.text, span)))
        return (*filled, *[()] * (width + 1 - len(filled)))

    def _pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """The letters of a span, cut at pages, links and marks."""
        edges = {start, end}
        first = bisect_left(self.cuts, start, key=lambda cut: cut[0])
        last = bisect_right(self.cuts, end, key=lambda cut: cut[0])
        inside = [cut for cut in self.cuts[first:last] if cut[1] <= end]
        edges |= {edge for cut in inside for edge in cut[:2]}
        edges |= {edge for mark in self.marks for edge in mark if start < edge < end}
        pieces: list[Piece] = []
        points = sorted(edges)
        for left, right in pairwise(points):
            pieces += [piece for at, until, piece in inside if at == until == left]
            link = next((piece for at, until, piece in inside if at <= left and right <= until), None)
            text = self.document.text[left:right]
            mark = next((n for n, m in enumerate(self.marks) if m[0] <= left and right <= m[1]), -1)
            name = "" if mark < 0 else "citaat" if left == self.marks[0][0] else "vervolg"
            kind = link.kind if link else "text"
            pieces.append(Piece(kind, text, link.address if link else "", name))
        return tuple(pieces)

    def _pages(self) -> Iterator[tuple[int, int, Piece]]:
        """Where the text of each page begins; a footnote is read after its sentence, so pages may cross."""
        starts = self.document.page_starts
        begins: dict[int, int] = {}
        for text, source, length in self.document.offsets.runs:
            first, last = self.document.page_of(source), self.document.page_of(source + length - 1)
            for page in range(first, last + 1):
                at = text + max(0, starts[page - 1] - source)
                begins[page] = min(at, begins.get(page, at))
        for page, at in begins.items():
            yield at, at, Piece("page", "", name=str(page))

    def _links(self) -> Iterator[tuple[int, int, Piece]]:
        for link in self.document.parts.links:
            text = self.document.text[link.start : link.end]
            note = link.section >= 0 and self.document.sections[link.section].kind is Kind.FOOTNOTE
            address = f"#s{link.section}" if link.section >= 0 else f"#p{link.page}"
            yield link.start, link.end, Piece("note" if note else "link", text, address)


def _width(row: Row) -> int:
    return max([len(row.cells), *(cell.column + 1 for cell in row.cells)])


def _strip(text: str, span: Span) -> Span:
    inside = text[slice(*span)]
    return span[0] + len(inside) - len(inside.lstrip()), span[1] - len(inside) + len(inside.rstrip())


def _trim_end(text: str, end: int) -> int:
    return len(text[:end].rstrip())
