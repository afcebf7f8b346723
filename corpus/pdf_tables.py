"""Tables on a PDF page: rows between ruled lines, and rows whose cells stand below each other."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.columns import Row, rows_of
from corpus.pdf_glyphs import Rule
from corpus.pdf_lines import Piece, Style

CELL = "  "
"""What stands between two cells of a row."""
TOUCH = 3.0
SHORTEST_RULE = 12.0
WIDE = 0.9
# A row longer than this is a page layout drawn with boxes; it is read cell by cell as running text.
LONGEST_ROW = 1200
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


@dataclass(slots=True)
class _Grid:
    """Ruled lines that touch: heights of the full-width ones from the top, places of the upright ones from the left."""

    heights: list[float]
    places: list[float]


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


def ruled_rows(pieces: Sequence[Piece], rules: Sequence[Rule]) -> tuple[list[TableRow], list[Piece]]:
    """Rows of the tables drawn with lines, and the pieces that stand in none."""
    rows: list[TableRow] = []
    rest = list(pieces)
    for number, grid in enumerate(_grids(rules), 1):
        inside = [p for p in rest if _within(p, grid)]
        found = [_ruled_row(band, grid, number) for band in _row_bands(inside, grid)]
        if len(found) > 1 and max(len(row.text) for row in found) <= LONGEST_ROW:
            rows += found
            taken = set(inside)
            rest = [p for p in rest if p not in taken]
    return rows, rest


def _grids(rules: Sequence[Rule]) -> list[_Grid]:
    """Tables: at least two columns and two rows of lines that touch."""
    groups: list[list[Rule]] = []
    for rule in rules:
        if max(rule.x1 - rule.x0, rule.y1 - rule.y0) < SHORTEST_RULE / 2:
            continue
        near = [group for group in groups if any(_touch(rule, other) for other in group)]
        groups = [group for group in groups if group not in near] + [[rule, *(r for group in near for r in group)]]
    grids = [_grid(group) for group in groups]
    return [grid for grid in grids if len(grid.heights) > 2 and len(grid.places) > 2]


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.x0 - TOUCH <= other.x1
        and other.x0 - TOUCH <= one.x1
        and one.y0 - TOUCH <= other.y1
        and other.y0 - TOUCH <= one.y1
    )


def _grid(group: list[Rule]) -> _Grid:
    left, right = min(rule.x0 for rule in group), max(rule.x1 for rule in group)
    level = [rule for rule in group if rule.x1 - rule.x0 > rule.y1 - rule.y0]
    upright = [rule for rule in group if rule.x1 - rule.x0 <= rule.y1 - rule.y0]
    heights = [
        height
        for height in _distinct([rule.y0 for rule in level])
        if _covered([r for r in level if abs(r.y0 - height) <= TOUCH]) >= WIDE * (right - left)
    ]
    sides = [left, right] if len(upright) > 1 else []
    return _Grid(sorted(heights, reverse=True), _distinct([*sides, *(rule.x0 for rule in upright)]))


def _distinct(values: list[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > TOUCH:
            kept.append(value)
    return kept


def _covered(rules: list[Rule]) -> float:
    total, reach = 0.0, float("-inf")
    for rule in sorted(rules, key=lambda rule: rule.x0):
        total += max(0.0, rule.x1 - max(rule.x0, reach))
        reach = max(reach, rule.x1)
    return total


def _within(piece: Piece, grid: _Grid) -> bool:
    middle = (piece.x0 + piece.x1) / 2
    return grid.places[0] <= middle <= grid.places[-1] and grid.heights[-1] <= piece.y + 1 <= grid.heights[0]


def _row_bands(pieces: list[Piece], grid: _Grid) -> list[list[Piece]]:
    """The pieces between each two full-width lines, empty rows left out."""
    bands: list[list[Piece]] = [[] for _ in grid.heights]
    for piece in pieces:
        bands[bisect_left(grid.heights, -piece.y - 1, key=lambda height: -height)].append(piece)
    return [band for band in bands if band]


def _ruled_row(pieces: list[Piece], grid: _Grid, table: int) -> TableRow:
    cells: list[list[Piece]] = [[] for _ in range(len(grid.places) + 1)]
    for piece in pieces:
        cells[bisect_right(grid.places, piece.x0 + TOUCH)].append(piece)
    texts = [join_lines([" ".join(p.text for p in row) for row in rows_of(cell)]) for cell in cells]
    return _table_row(pieces, texts, table)


def _table_row(pieces: Sequence[Piece], cells: Sequence[str], table: int) -> TableRow:
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
        found.append(_table_row([piece for row in group for piece in row], texts, table))
    return found
