"""Figures as SVG, drawn by hand: no library, nothing from outside, colours from the page's own style.

Every plot has a name for those who cannot see it; the numbers themselves stand in a table beside it.
"""

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from eval.summary import CurvePoint, Group
from eval.wording import label_of

WIDTH, ROW, LABEL, END = 660, 26, 210, 95
HEIGHT, LEFT, BOTTOM, TOP = 300, 60, 46, 16
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def bars(title: str, groups: Sequence[Group], measure: str) -> Markup:
    """One bar a group, from 0 to 1, with its value and count."""
    shown = [group for group in groups if measure in group.means]
    scale = WIDTH - LABEL - END
    parts = []
    for number, group in enumerate(shown):
        top, value = number * ROW, group.means[measure]
        name = escape(_short(label_of(group.name)))
        parts += [
            f'<text class="name" x="{LABEL - 8}" y="{top + 17}" text-anchor="end">{name}</text>',
            f'<rect class="track" x="{LABEL}" y="{top + 5}" width="{scale}" height="{ROW - 10}"/>',
            f'<rect class="bar" x="{LABEL}" y="{top + 5}" width="{value * scale:.1f}" height="{ROW - 10}"/>',
            f'<text x="{LABEL + scale + 8}" y="{top + 17}">{_number(value)} ({group.count})</text>',
        ]
    return _svg(title, WIDTH, max(1, len(shown)) * ROW, parts)


def risk_coverage(curve: Sequence[CurvePoint]) -> Markup:
    """Which share of the answers is wrong when only the surest are given."""
    across, down = WIDTH - LEFT - 20, HEIGHT - TOP - BOTTOM

    def at(coverage: float, risk: float) -> tuple[float, float]:
        return LEFT + coverage * across, TOP + (1 - risk) * down

    parts = []
    for tick in TICKS:
        (x, _), (_, y) = at(tick, 0), at(0, tick)
        parts += [
            f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + across}" y2="{y:.1f}"/>',
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(tick)}</text>',
            f'<text x="{x:.1f}" y="{TOP + down + 18}" text-anchor="middle">{_number(tick)}</text>',
        ]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(point.coverage, point.risk) for point in curve))
    middle = LEFT + across / 2
    parts += [
        f'<polyline class="curve" points="{points}"/>',
        f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">deel van alle vragen dat een antwoord krijgt</text>',
        f'<text transform="translate(14 {TOP + down / 2}) rotate(-90)" text-anchor="middle">deel dat fout is</text>',
    ]
    return _svg("Deel foute antwoorden tegen deel beantwoorde vragen", WIDTH, HEIGHT, parts)


def balance(counts: Sequence[tuple[str, str, int]]) -> Markup:
    """One bar that is parted by count: (name, class, count)."""
    total = sum(count for _, _, count in counts) or 1
    parts, left = [], 0.0
    for _, kind, count in counts:
        width = count / total * WIDTH
        if count:
            parts.append(f'<rect class="{kind}" x="{left:.1f}" y="0" width="{width:.1f}" height="{ROW}"/>')
        left += width
    name = ", ".join(f"{name} {count}" for name, _, count in counts)
    return _svg(f"Verdeling: {name}", WIDTH, ROW, parts)


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> Markup:
    """Everything that comes from outside was escaped where it was put in."""
    inside = "".join(parts)
    head = f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {width} {height}">'
    return Markup(f"{head}{inside}</svg>")  # noqa: S704


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _short(name: str) -> str:
    return name if len(name) <= 30 else f"{name[:29]}…"
