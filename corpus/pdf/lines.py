"""Runs of text to pieces of printed lines: what stands on one baseline without a tab or a gutter in between."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.pdf.glyphs import SPACE, Run

# In em: from this gap on two pieces may belong to different columns or cells.
GUTTER = 1.0
# A page of text has a thousand runs or so; on one with more, no run is tried as the footnote number of others.
MOST_RUNS = 5000
SOFT_HYPHEN_INSIDE = re.compile("\u00ad(?=.)")
NUMBER = re.compile(r"\d{1,3}")
Style = tuple[float, bool, tuple[float, ...]]
"""Size in half points, bold or not, colour."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text on one baseline. `raised` is the number it opens with when that stands raised, as a footnote's does."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    style: Style
    order: int
    raised: str = ""
    artifact: bool = False

    @property
    def bottom(self) -> float:
        """Where the piece ends below; a table row that is one piece reaches further down."""
        return self.y


def make_pieces(runs: Iterable[Run]) -> list[Piece]:
    """Pieces from the top of the page down, then from the left. Text printed twice in one place counts once."""
    pieces = []
    for row in _rows([run for run in runs if run.text.strip()]):
        group: list[Run] = []
        reach = 0.0
        for run in row:
            if group and run.x0 - reach > GUTTER * max(run.size, group[-1].size):
                pieces.append(_piece(group))
                group = []
            if not any(_same_place(run, other) for other in group[-3:]):
                reach = max(reach, run.x1) if group else run.x1
                group.append(run)
        pieces.append(_piece(group))
    return sorted(pieces, key=lambda piece: (-piece.y, piece.x0))


def same_line(one: Piece, other: Piece) -> bool:
    """Whether two pieces stand on one baseline."""
    return abs(one.y - other.y) < 0.3 * max(one.size, other.size)


def _rows(runs: list[Run]) -> list[list[Run]]:
    """Runs on one baseline, from the left; raised and lowered ones (footnote numbers) with the line they touch."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.y, run.x0)):
        if rows and abs(rows[-1][0].y - run.y) < 0.2 * max(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    rows = _with_raised(rows) if len(runs) <= MOST_RUNS else rows
    return [sorted(row, key=lambda run: run.x0) for row in rows]


def _with_raised(rows: list[list[Run]]) -> list[list[Run]]:
    kept = [list(row) for row in rows]
    for position, row in enumerate(rows):
        for run in row:
            for near in (position + 1, position - 1, position + 2):
                if 0 <= near < len(rows) and any(_carries(big, run) for big in kept[near]):
                    kept[near].append(run)
                    kept[position].remove(run)
                    break
    return [row for row in kept if row]


def _carries(big: Run, small: Run) -> bool:
    """Whether a small run hangs on a larger one as its superscript or subscript."""
    rise = (small.y - big.y) / (big.size or 1.0)
    touches = small.x0 - big.x1 < 0.5 * big.size and big.x0 - small.x1 < 0.5 * big.size
    return small.size < 0.85 * big.size and touches and (0.1 < rise < 0.75 or -0.45 < rise < -0.1)


def _same_place(run: Run, other: Run) -> bool:
    near = 0.15 * run.size
    return run.text == other.text and abs(run.x0 - other.x0) < near and abs(run.y - other.y) < near


def _piece(runs: list[Run]) -> Piece:
    text = ""
    before: Run | None = None
    for run in runs:
        if before is not None:
            gap = (run.x0 - before.x1) / (min(run.size, before.size) or 1.0)
            text += " " if run.spaced or gap > SPACE else ""
        text, before = text + run.text, run
    main = _main_style(runs)
    first, rest = runs[0], runs[1:]
    raised = NUMBER.fullmatch(first.text.split(" ")[0]) if rest or " " in first.text else None
    hangs = bool(rest) and _carries(rest[0], first) and first.y > rest[0].y
    if raised and hangs:
        text = f"{first.text} {text[len(first.text) :].lstrip()}"
    return Piece(
        text=tidy(text),
        x0=first.x0,
        x1=max(run.x1 for run in runs),
        y=max((run for run in runs if run.size >= main[0] - 0.5), key=lambda run: len(run.text), default=first).y,
        size=main[0],
        style=main,
        order=min(run.order for run in runs),
        raised=raised.group() if raised and hangs else "",
        artifact=all(run.artifact for run in runs),
    )


def tidy(text: str) -> str:
    """The text as it is read: one space between words, accents on their letters, soft hyphens only at the end."""
    composed = unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())
    return SOFT_HYPHEN_INSIDE.sub("-", composed)


def _main_style(runs: Sequence[Run]) -> Style:
    counts: Counter[Style] = Counter()
    for run in runs:
        counts[(round(run.size * 2) / 2, run.bold, run.colour)] += len(run.text)
    return max(counts, key=lambda style: (counts[style], style))
