"""Rows of a table on a PDF page, and tables that nothing but their alignment shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.pdf.columns import Row
from corpus.pdf.lines import Piece, Style

CELL = "  "
"""What stands between two cells of a row."""
TOUCH = 3.0
FEWEST_ALIGNED = 3
# Rows further apart than this, in sizes of type, belong to different tables.
MOST_WHITE = 5.0
MARKER = re.compile(r"[•▪◦‣●*\-–—o]|\(?[A-Za-z]{0,2}\d{0,3}[.)]|\d{1,2}(?:\.\d{1,2}){0,3}\.?|[A-Z]\d{1,3}\.?")
LEADER = re.compile(r"\s*(?:[.…_]\s?){4,}\s*")
WORD_GOES_ON = re.compile(r"[^\W\d_]-$")
ADDRESS = re.compile(r"://|www\.")
KEEPS_HYPHEN = frozenset({"en", "of", "noch", "tot"})


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table as one piece; `table` counts the tables of a page."""

    text: str
    x0: float
    x1: float
    y: float
    bottom: float
    size: float
    style: Style
    order: int
    table: int


def join_lines(texts: Sequence[str]) -> str:
    """The lines of one cell as one text; a word that was broken at a line's end is whole again."""
    joined = texts[0] if texts else ""
    for text in texts[1:]:
        first = text.split(" ")[0]
        last = joined.split(" ")[-1]
        if ADDRESS.search(last) and last[-1] in "/-":
            joined += text
        elif joined.endswith("\u00ad") or (
            WORD_GOES_ON.search(joined) and first[:1].islower() and first not in KEEPS_HYPHEN
        ):
            joined = joined[:-1] + text
        else:
            joined = f"{joined} {text}"
    return joined


def table_row(pieces: Sequence[Piece], cells: Sequence[str], table: int) -> TableRow:
    """The row that these cells make, where its pieces stand; empty cells are left out."""
    return TableRow(
        text=CELL.join(cell for cell in cells if cell),
        x0=min(p.x0 for p in pieces),
        x1=max(p.x1 for p in pieces),
        y=max(p.y for p in pieces),
        bottom=min(p.y for p in pieces),
        size=max(p.size for p in pieces),
        style=pieces[0].style,
        order=min(p.order for p in pieces),
        table=table,
    )


def is_marker(piece: Piece) -> bool:
    """Whether a piece is only the bullet or number of what follows it."""
    return bool(MARKER.fullmatch(piece.text))


def aligned_rows(block: Sequence[Row[Piece]], first_table: int) -> list[Row[Piece] | TableRow]:
    """A block in which each run of rows with cells below each other is table rows; a cell's further lines join it."""
    result: list[Row[Piece] | TableRow] = []
    table = first_table
    position = 0
    while position < len(block):
        stop = _aligned_until(block, position)
        if sum(_has_cells(row) for row in block[position:stop]) >= FEWEST_ALIGNED:
            result += _aligned_table(block[position:stop], table)
            table += 1
            position = stop
        else:
            result.append(block[position])
            position += 1
    return result


def _has_cells(row: Row[Piece]) -> bool:
    return len(row) > 1 and not is_marker(row[0])


def _aligned_until(block: Sequence[Row[Piece]], start: int) -> int:
    """Where the run of aligned rows that starts here ends."""
    if not _has_cells(block[start]):
        return start
    columns = block[start]
    for position in range(start + 1, len(block)):
        row, above = block[position], block[position - 1]
        if above[0].y - row[0].y > MOST_WHITE * max(above[0].size, row[0].size):
            return position
        if _has_cells(row) and any(_aligned(p, q) for p in row[1:] for q in columns[1:]):
            columns = row if len(row) >= len(columns) else columns
        elif not all(any(abs(p.x0 - q.x0) <= TOUCH for q in columns[1:]) for p in row):
            return position
    return len(block)


def _aligned(one: Piece, other: Piece) -> bool:
    return abs(one.x0 - other.x0) <= TOUCH or abs(one.x1 - other.x1) <= TOUCH


def _aligned_table(rows: Sequence[Row[Piece]], table: int) -> list[Row[Piece] | TableRow]:
    groups: list[list[Row[Piece]]] = []
    for row in rows:
        if _has_cells(row) or not groups:
            groups.append([row])
        else:
            groups[-1].append(row)
    found: list[Row[Piece] | TableRow] = []
    for group in groups:
        cells = [[piece] for piece in group[0]]
        for piece in (piece for row in group[1:] for piece in row):
            min(cells, key=lambda cell, p=piece: abs(cell[0].x0 - p.x0)).append(piece)  # type: ignore[misc]
        texts = [join_lines([piece.text for piece in cell]) for cell in cells]
        found.append(table_row([piece for row in group for piece in row], texts, table))
    return found
