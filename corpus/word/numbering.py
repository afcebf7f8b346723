"""Counts Word's lists and numbered headings, since a docx holds how to number, not the numbers."""

import re
from dataclasses import dataclass, field
from typing import Any

from corpus.numbering import count_as
from corpus.word.styles import Look, W, child, value, whole

PLACE = re.compile(r"%(\d)")
# Signs that print as they are; the others are letters of symbol fonts, in which they print as a round or square dot.
PRINTS_AS_IS = "•▪◦‣●*-–—"
LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Level:
    """How one depth of a list is numbered: `pattern` is "%1.%2", or a bullet's sign."""

    style: str = "decimal"
    pattern: str = ""
    start: int = 1
    restarts: bool = True
    legal: bool = False
    paragraph_style: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted. Lists of one design go on counting together, as in Word."""

    designs: dict[str, dict[int, Level]] = field(default_factory=dict)
    design_of: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def depth_of(self, look: Look, style: str) -> int:
        """The depth of a paragraph: its own, or the one that its list ties to its style."""
        levels = self.designs.get(self.design_of.get(look.numbered, ""), {})
        tied = (depth for depth, level in levels.items() if style and level.paragraph_style == style)
        return look.depth or next(tied, 0)

    def next(self, numbered: str, depth: int) -> str:
        """The mark of the next paragraph at a depth of a list: "2.1", "b)", "•"; "" where the paper shows none."""
        design = self.design_of.get(numbered, "")
        levels = self.designs.get(design, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(design, {})
        starts = self.overrides.get(numbered, {})
        if depth in starts:
            counts[depth] = starts.pop(depth) - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth and levels.get(d, level).restarts]:
            del counts[deeper]
        if level.style == "bullet":
            return level.pattern if level.pattern and level.pattern in PRINTS_AS_IS else "•"
        return "" if level.style == "none" else self._written(level, levels, counts)

    def _written(self, level: Level, levels: dict[int, Level], counts: dict[int, int]) -> str:
        def number(place: re.Match[str]) -> str:
            depth = int(place[1]) - 1
            other = levels.get(depth, level)
            return count_as("decimal" if level.legal else other.style, counts.get(depth, other.start))

        return " ".join(PLACE.sub(number, level.pattern[:LONGEST_NUMBER]).split())


def read_numbering(root: Any, looks: dict[str, Look]) -> Numbering:
    """The lists that a document defines; none where it has no numbering part."""
    numbering = Numbering()
    if root is None:
        return numbering
    links: dict[str, str] = {}
    for design in root.iter(f"{W}abstractNum"):
        identity = design.get(f"{W}abstractNumId", "")
        numbering.designs[identity] = {whole(lvl.get(f"{W}ilvl")): _level(lvl) for lvl in design.iter(f"{W}lvl")}
        links[identity] = value(design, "numStyleLink") or ""
    nums = {num.get(f"{W}numId", ""): num for num in root.iter(f"{W}num")}
    for identity, num in nums.items():
        design = value(num, "abstractNumId") or ""
        if links.get(design):
            styled = looks.get(links[design], Look()).numbered
            design = value(nums.get(styled), "abstractNumId") or design
        _add(numbering, identity, design, num)
    return numbering


def _add(numbering: Numbering, identity: str, design: str, num: Any) -> None:
    """A list; one that changes how a level looks gets a design of its own."""
    own: dict[int, Level] = {}
    starts: dict[int, int] = {}
    for override in num.iter(f"{W}lvlOverride"):
        depth = whole(override.get(f"{W}ilvl"))
        if (level := child(override, "lvl")) is not None:
            own[depth] = _level(level)
        if (start := value(override, "startOverride")) is not None:
            starts[depth] = whole(start, 1)
    if own:
        numbering.designs[f"num {identity}"] = {**numbering.designs.get(design, {}), **own}
        design = f"num {identity}"
    numbering.design_of[identity] = design
    numbering.overrides[identity] = starts


def _level(level: Any) -> Level:
    return Level(
        style=value(level, "numFmt") or "decimal",
        pattern=value(level, "lvlText") or "",
        start=whole(value(level, "start"), 1),
        restarts=value(level, "lvlRestart") != "0",
        legal=child(level, "isLgl") is not None,
        paragraph_style=value(level, "pStyle") or "",
    )
