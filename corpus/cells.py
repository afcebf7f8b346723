"""The grid of a table: which words of a row are its values, and which column each value stands in."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.lines import Line
from corpus.offsets import Span
from corpus.parts import Cell, Row, Table
from corpus.tables import STAR_NOTE

NUMBER = re.compile(r"[€+\-–]?\s?\d[\d.,]*%?|[-–]")
STARS = re.compile(r"\*+$")
TOKEN = re.compile(r"\S+")
BETWEEN_CELLS = re.compile(r"\s*\t\s*| {2,}")
# A word that ends this many rows is a value of the table rather than part of what a row is about.
REPEATED = 3

RowSpans = tuple[Span, tuple[Span, ...]]
"""A row's span, and the spans of its cells where the file tells them apart."""


def split_cells(line: Line) -> list[Line]:
    """The cells of a row as lines of their own, where tabs or wide spaces keep them apart; else the line alone."""
    cells, position = [], 0
    for gap in [*BETWEEN_CELLS.finditer(line.text), None]:
        stop = gap.start() if gap else len(line.text)
        if position < stop:
            cells.append(Line(line.start + position, line.start + stop, line.text[position:stop], line.page, 0))
        position = gap.end() if gap else stop
    return cells


def group_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines to rows: each its own, but a column's name above the values may take two ("eerste plan", "(2009)")."""
    values = _values([line.text for line in lines])
    rows: list[list[Line]] = []
    in_header = True
    for line in lines:
        in_header = in_header and not _cells_at(line.text, values) and len(split_cells(line)) == 1
        if in_header and rows and (rows[-1][-1].text.endswith("-") or line.text.startswith("(")):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def read_table(text: str, section: int, rows: Sequence[RowSpans], header_rows: int = -1) -> Table:
    """The grid of a table's rows: columns named by the lines above the first values, values put under them.

    Where a row has fewer values than there are columns and the file does not tell them apart, a value goes to a column
    only if full rows have nothing else there, and have it nowhere else; which column the others are in is not known.
    """
    notes = tuple(span for span, _ in rows if STAR_NOTE.match(text, *span))
    body = [row for row in rows if row[0] not in notes]
    if sum(len(cells) > 1 for _, cells in body) > 1:
        return _exact(text, section, body, notes, header_rows)
    values = _values([text[start:end] for (start, end), _ in body])
    first = next((n for n, (span, _) in enumerate(body) if _cells_at(text[slice(*span)], values)), len(body))
    found = [_row_cells(text, span, values) for span, _ in body[first:]]
    width = max((len(cells) for cells in found), default=0)
    columns = _column_names(text, [span for span, _ in body[:first]], width)
    if not columns:
        return Table(
            section, (), tuple(_plain_row(span, cells) for (span, _), cells in _zip(body[first:], found)), notes
        )
    own = _own_columns(text, [cells for cells in found if len(cells) == width], width)
    placed = tuple(_placed_row(text, span, cells, width, own) for (span, _), cells in _zip(body[first:], found))
    return Table(section, columns, placed, notes)


def _zip(body: Sequence[RowSpans], found: Sequence[list[Span]]) -> list[tuple[RowSpans, list[Span]]]:
    return list(zip(body, found, strict=True))


def _exact(text: str, section: int, rows: Sequence[RowSpans], notes: tuple[Span, ...], header_rows: int) -> Table:
    """A table whose file keeps cells apart: the first row names the columns, the first cell of a row is its label.

    Where the file does not say whether there is a header, a first row without numbers is one.
    """
    header = rows[0][1]
    width = max(len(cells) for _, cells in rows)
    words = not any(NUMBER.fullmatch(text[slice(*cell)]) for cell in header[1:])
    named = len(header) == width and (words if header_rows < 0 else header_rows == 1)
    body = []
    for (start, end), cells in rows[1:] if named else rows:
        own = cells or ((start, end),)
        full = named and len(own) == width
        placed = tuple(Cell(*cell, column if full else -1) for column, cell in enumerate(own[1:]))
        body.append(Row(start, end, own[0], placed))
    return Table(section, header[1:] if named else (), tuple(body), notes)


def _values(lines: Sequence[str]) -> frozenset[str]:
    last = Counter(_bare(words[-1]) for line in lines if len(words := line.split()) > 1)
    return frozenset(word for word, times in last.items() if times >= REPEATED)


def _bare(word: str) -> str:
    return STARS.sub("", word).lower()


def _cells_at(line: str, values: frozenset[str]) -> list[Span]:
    """The spans of the values that end a line; its first word is always its label."""
    tokens = list(TOKEN.finditer(line))
    cells: list[Span] = []
    for token in reversed(tokens[1:]):
        if _bare(token.group()) not in values and not NUMBER.fullmatch(token.group()):
            break
        cells.insert(0, token.span())
    return cells


def _row_cells(text: str, span: Span, values: frozenset[str]) -> list[Span]:
    return [(span[0] + start, span[0] + end) for start, end in _cells_at(text[slice(*span)], values)]


def _column_names(text: str, header: Sequence[Span], width: int) -> tuple[Span, ...]:
    """One header line a column, or one line with a word for each; a first name for the labels is left out."""
    names = list(header)
    if len(header) == 1:
        start, end = header[0]
        names = [(start + word.start(), start + word.end()) for word in TOKEN.finditer(text[start:end])]
    return tuple(names[-width:]) if width and len(names) in (width, width + 1) else ()


def _own_columns(text: str, full_rows: Sequence[list[Span]], width: int) -> dict[str, int]:
    """Values that fill a column of their own, seen REPEATED times: the "x" under "has one"."""
    seen = [Counter(_kind(text[slice(*cells[column])]) for cells in full_rows) for column in range(width)]
    return {
        kind: column
        for column, kinds in enumerate(seen)
        for kind, times in kinds.items()
        if len(kinds) == 1 and times >= REPEATED and not any(kind in other for other in seen if other is not kinds)
    }


def _kind(value: str) -> str:
    return "number" if NUMBER.fullmatch(value) else _bare(value)


def _placed_row(text: str, span: Span, cells: list[Span], width: int, own: dict[str, int]) -> Row:
    full = len(cells) == width
    placed = (
        Cell(*cell, number if full else own.get(_kind(text[slice(*cell)]), -1)) for number, cell in enumerate(cells)
    )
    return Row(*span, _label(text, span, cells), tuple(placed))


def _plain_row(span: Span, cells: list[Span]) -> Row:
    return Row(*span, (span[0], cells[0][0] - 1 if cells else span[1]), tuple(Cell(*cell, -1) for cell in cells))


def _label(text: str, span: Span, cells: list[Span]) -> Span:
    end = cells[0][0] if cells else span[1]
    return span[0], span[0] + len(text[span[0] : end].rstrip())
