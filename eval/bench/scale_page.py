"""What was measured about size, as a table and a plot in Dutch: the section of docs/groot.md between two marks."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from pathlib import Path
from typing import Any

import numpy as np

from eval.write import replace_file

BEGIN, END = "<!-- schaal -->", "<!-- /schaal -->"
PLOT = "beeld/schaal.svg"
STAGES = {
    "search": "zoeken in totaal",
    "sentences": "zinnen (vectoren)",
    "contexts": "vensters (vectoren)",
    "words": "woorden (BM25)",
    "answer": "zoeken en antwoord samen",
    "embed": "de vraag inbedden",
}
GIGA = 2**30
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 360, 64, 190, 20, 50
COLOURS = {"search": "#154273", "sentences": "#007bc7", "contexts": "#39870c", "words": "#a90061", "embed": "#696969"}
TICKS = (0.1, 1, 10, 100)

Measured = Mapping[str, Any]


def table(measured: Sequence[Measured]) -> list[str]:
    """One column a size, one row a figure, as lines of Markdown."""
    rows = [
        ["", *(f"{_whole(one['passages'])} passages" for one in measured)],
        ["---", *["---:"] * len(measured)],
        ["zinnen / vensters", *(f"{_whole(one['sentences'])} / {_whole(one['contexts'])}" for one in measured)],
        ["vectoren", *("echt" if one["real"] else "getrokken" for one in measured)],
        ["indexeren, rekentijd (zonder inbedden)", *(_spent(one) for one in measured)],
        ["op schijf: vectoren / woorden / teksten", *(_disk(one) for one in measured)],
        ["openen", *(f"{_number(one['start']['open'])} s" for one in measured)],
        ["starten, tot en met het eerste antwoord", *(f"{_number(one['start']['process'])} s" for one in measured)],
        ["geheugen na openen", *(_memory(one["memory opened"]) for one in measured)],
        ["geheugen na de vragen", *(_memory(one["memory asked"]) for one in measured)],
        ["recall@10, zinnen / vensters", *(_recall(one) for one in measured)],
        ["zinnen: elke vector / in delen, rekentijd p50", *(_both(one) for one in measured)],
        ["vragen per seconde, één proces", *(_number(one["a second"]) for one in measured)],
    ]
    rows += [[f"{words}, klok: p50 / p95 / p99", *(_spread(one, name, "clock") for one in measured)]
             for name, words in STAGES.items()]  # fmt: skip
    rows += [[f"{STAGES[name]}, rekentijd: p50 / p95 / p99", *(_spread(one, name, "spent") for one in measured)]
             for name in ("search", "embed")]  # fmt: skip
    return [f"| {' | '.join(row)} |" for row in rows]


def plot(measured: Sequence[Measured]) -> str:
    """Processor time at p95 by stage against size, both on a logarithmic scale."""
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    low, high = (log10(measured[n]["passages"]) for n in (0, -1))
    bottom, top = log10(TICKS[0]), log10(TICKS[-1])

    def at(passages: float, ms: float) -> tuple[float, float]:
        share = (log10(passages) - low) / ((high - low) or 1)
        return LEFT + share * across, TOP + (top - log10(max(ms, TICKS[0]))) / (top - bottom) * down

    parts = []
    for tick in TICKS:
        _, y = at(measured[0]["passages"], tick)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{LEFT + across}" stroke="#ccc"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{tick:g}".replace(".", ","), "end"))
    for one in measured:
        x, _ = at(one["passages"], 1)
        parts.append(_text(x, TOP + down + 20, _whole(one["passages"]), "middle"))
    ends = []
    for name, colour in COLOURS.items():
        points = [at(one["passages"], _quantiles(one, name, "spent")[1]) for one in measured]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        ends.append((points[-1][1], name, colour))
    last = float("-inf")
    for y, name, colour in sorted(ends):
        last = max(y, last + 16)
        parts.append(_text(LEFT + across + 10, last + 4, STAGES[name], "start", colour))
    parts.append(_text(LEFT + across / 2, HEIGHT - 6, "passages", "middle"))
    turned = f"translate(16 {TOP + down / 2}) rotate(-90)"
    parts.append(f'<text transform="{turned}" text-anchor="middle">rekentijd, p95, ms</text>')
    title = "Rekentijd van elke stap tegen het aantal passages"
    font = 'font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {font}>'
    return f'{head}<title>{escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'


def write_page(page: Path, measured: Sequence[Measured]) -> None:
    """Put table and plot between the marks of the page; the words around them stay. Raises ValueError without."""
    text = page.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{page}: expected the marks {BEGIN} and {END}")
    (page.parent / PLOT).write_text(plot(measured), encoding="utf-8")
    image = f"![Rekentijd van elke stap bij een groeiend aantal passages; dezelfde cijfers staan in de tabel]({PLOT})"
    inside = "\n".join([BEGIN, *table(measured), "", image, END])
    replace_file(page, re.sub(f"{BEGIN}.*{END}", lambda _: inside, text, flags=re.DOTALL))


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _quantiles(one: Measured, stage: str, kind: str) -> list[float]:
    return [float(value) for value in np.quantile(one["stages"][stage][kind], (0.5, 0.95, 0.99))]


def _spread(one: Measured, stage: str, kind: str) -> str:
    return " / ".join(_number(value) for value in _quantiles(one, stage, kind)) + " ms"


def _spent(one: Measured) -> str:
    return f"{_number(sum(one['built']['spent'].values()))} s"


def _disk(one: Measured) -> str:
    return " / ".join(_number(one["built"]["size"][kind] / GIGA, 2) for kind in ("vectors", "words", "texts")) + " GB"


def _memory(memory: Mapping[str, float]) -> str:
    return f"{_number(memory['all'] / 1024, 2)} GB, eigen {_number(memory['own'] / 1024, 2)}"


def _recall(one: Measured) -> str:
    return " / ".join(_number(one["recall"][name], 3) for name in ("sentences", "contexts"))


def _both(one: Measured) -> str:
    ways = one["both ways"]
    return " / ".join(_number(float(np.median(ways[name]))) for name in ("exact", "near")) + " ms" if ways else ""


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _number(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace(".", ",")
