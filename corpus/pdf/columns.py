"""The order in which pieces of a page are read: columns one after the other, broken by what runs across them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

# A gutter is at least this wide, in points, and leaves each column this share of the width: bullets are no column.
NARROWEST_GUTTER = 8.0
NARROWEST_COLUMN = 0.15
# Lines fill this share of a column of running text; cells do not.
FILLED = 0.6
FEWEST_LINES, FEWEST_LINES_OF_PROSE = 2, 4
DEEPEST = 4
# How many rows above are tried as the first of a column, when the rows before them ran across.
LOOK_BACK = 3
Gutter = tuple[float, float]


class Placed(Protocol):
    """What has a place on the page and a place in the order of painting."""

    @property
    def x0(self) -> float: ...

    @property
    def x1(self) -> float: ...

    @property
    def y(self) -> float: ...

    @property
    def bottom(self) -> float: ...

    @property
    def size(self) -> float: ...

    @property
    def order(self) -> int: ...


P = TypeVar("P", bound=Placed)
Row = list[P]


def reading_order(pieces: Sequence[P], depth: int = 0) -> list[list[Row[P]]]:
    """Blocks in reading order; a block is rows from the top down, a row its pieces from the left."""
    rows = rows_of(pieces)
    if not rows or depth >= DEEPEST:
        return [rows] if rows else []
    blocks: list[list[Row[P]]] = []
    plain: list[Row[P]] = []
    for band, gutter in _bands(rows):
        if gutter is None:
            plain += band
            continue
        if plain:
            blocks.append(plain)
            plain = []
        for part in _parted(band, gutter):
            left, right = _sides(part, gutter)
            blocks += reading_order(left, depth + 1) + reading_order(right, depth + 1)
    return [*blocks, plain] if plain else blocks


def rows_of(pieces: Sequence[P]) -> list[Row[P]]:
    """Pieces grouped by baseline, from the top down; cells that are set a little lower still belong to the row."""
    rows: list[Row[P]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.y, piece.x0)):
        drop = abs(rows[-1][0].y - piece.y) / (max(piece.size, rows[-1][0].size) or 1.0) if rows else 1.0
        if drop < 0.3 or (drop < 0.5 and all(piece.x0 > p.x1 or piece.x1 < p.x0 for p in rows[-1])):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.x0) for row in rows]


def _bands(rows: list[Row[P]]) -> list[tuple[list[Row[P]], Gutter | None]]:
    """Stretches of rows that leave the same gutter free, with that gutter if text runs on both its sides in columns."""
    left, right = min(p.x0 for row in rows for p in row), max(p.x1 for row in rows for p in row)
    page = (left, right)
    found: list[tuple[list[Row[P]], Gutter | None]] = []
    band: list[Row[P]] = []
    free: list[Gutter] = [page]
    live: list[Gutter] = []
    for row in rows:
        still_free = _without(free, row)
        still_live = _two_sided(still_free, [*band, row], page)
        if not still_live:
            start = _fresh_start(band, row, page)
            if live or start < len(band):
                found.append((band[:start], _columns(band[:start], live)))
                band = band[start:]
            still_free = _free([*band, row], page)
            still_live = _two_sided(still_free, [*band, row], page)
        band.append(row)
        free, live = still_free, still_live
    return [*found, (band, _columns(band, live))] if band else found


def _fresh_start(band: list[Row[P]], row: Row[P], page: Gutter) -> int:
    """From which row of a band on a gutter is free up to `row`; the band's length when there is none."""
    for start in range(max(0, len(band) - LOOK_BACK), len(band)):
        if _two_sided(_free([*band[start:], row], page), [*band[start:], row], page):
            return start
    return len(band)


def _free(rows: list[Row[P]], page: Gutter) -> list[Gutter]:
    free = [page]
    for row in rows:
        free = _without(free, row)
    return free


def _without(free: list[Gutter], row: Row[P]) -> list[Gutter]:
    for piece in row:
        parts = [part for a, b in free for part in ((a, min(b, piece.x0)), (max(a, piece.x1), b))]
        free = sorted({(a, b) for a, b in parts if b - a >= NARROWEST_GUTTER})
    return free


def _two_sided(free: list[Gutter], band: list[Row[P]], page: Gutter) -> list[Gutter]:
    """The gutters well inside the page that have pieces on both sides."""
    margin = NARROWEST_COLUMN * (page[1] - page[0])
    inner = (page[0] + margin, page[1] - margin)
    first, last = min(row[0].x1 for row in band), max(row[-1].x0 for row in band)
    return [(a, b) for a, b in free if first <= a and b <= last and a >= inner[0] and b <= inner[1]]


def _sides(band: list[Row[P]], gutter: Gutter) -> tuple[list[P], list[P]]:
    pieces = [piece for row in band for piece in row]
    return [p for p in pieces if p.x1 <= gutter[1]], [p for p in pieces if p.x1 > gutter[1]]


def _columns(band: list[Row[P]], gutters: list[Gutter]) -> Gutter | None:
    """The widest gutter with a column of text on each side rather than the cells of rows."""
    for gutter in sorted(gutters, key=lambda g: g[0] - g[1]):
        left, right = (rows_of(side) for side in _sides(band, gutter))
        fewest = min(len(left), len(right))
        if fewest < FEWEST_LINES:
            continue
        switches = _switches(band, gutter)
        prose = fewest >= FEWEST_LINES_OF_PROSE and switches >= fewest and _is_prose(left) and _is_prose(right)
        if switches <= FEWEST_LINES or prose:
            return gutter
    return None


def _switches(band: list[Row[P]], gutter: Gutter) -> int:
    """How often painting went from one side to the other: once for columns, once or twice a row for a table."""
    left, right = _sides(band, gutter)
    painted = sorted([(p.order, 0) for p in left] + [(p.order, 1) for p in right])
    return sum(one[1] != other[1] for one, other in pairwise(painted))


def _is_prose(rows: list[Row[P]]) -> bool:
    left, right = min(row[0].x0 for row in rows), max(row[-1].x1 for row in rows)
    fill = sum(row[-1].x1 - row[0].x0 for row in rows) / (len(rows) * ((right - left) or 1.0))
    return fill >= FILLED


def _parted(band: list[Row[P]], gutter: Gutter) -> list[list[Row[P]]]:
    """A band cut where white runs across both columns and all above it was painted before all below it."""
    parts, start = [], 0
    pitches = sorted(one[0].y - other[0].y for one, other in pairwise(band))
    usual = pitches[len(pitches) // 2] if pitches else 0.0
    for cut in range(1, len(band)):
        above, below = band[start:cut], band[cut:]
        if above[-1][0].bottom - below[0][0].y <= 1.5 * usual:
            continue
        painted = max(p.order for row in above for p in row) < min(p.order for row in below for p in row)
        if painted and all(side for part in (above, below) for side in _sides(part, gutter)):
            parts.append(above)
            start = cut
    return [*parts, band[start:]]
