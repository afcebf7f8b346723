"""Tables that a PDF draws with lines: rows between the ones that run across, cells between the upright ones."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.pdf.columns import rows_of
from corpus.pdf.glyphs import Rule
from corpus.pdf.lines import Piece
from corpus.pdf.tables import TOUCH, TableRow, join_lines, table_row

SHORTEST_RULE = 6.0
# A line that runs across covers this share of the table's width.
WIDE = 0.9
# A row longer than this is a page layout drawn with boxes; its lines are read as running text.
LONGEST_ROW = 1200


@dataclass(slots=True)
class _Grid:
    """Ruled lines that touch: heights of the full-width ones from the top, places of the upright ones from the left."""

    heights: list[float]
    places: list[float]


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
        if max(rule.x1 - rule.x0, rule.y1 - rule.y0) < SHORTEST_RULE:
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
    return table_row(pieces, texts, table)
