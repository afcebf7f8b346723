"""How full a printed line is: the only trace that plain text keeps of paragraphs and headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.lines import Line

SENTENCE_END = re.compile(r"[.!?:;][\"'’”)\]»]*\s?\d{0,3}$")
BULLET = re.compile(r"[•▪◦‣●*\-–—]\s+(?=\S)")
NUMBERED = re.compile(r"(\d{1,2})[.)]\s+(?=\S)")
# Relative widths of letters in a common proportional font, in em; thirds are near enough to tell a full line.
NARROW, WIDE = frozenset("ijltfr.,;:'’‘!|()-[] /"), frozenset("mwMW&@%–—“”•")
FULL = 0.95
# No printed column is this wide: a text with such lines keeps a paragraph on one line.
WIDEST_COLUMN, UNWRAPPED_SHARE = 80.0, 0.05


def printed_width(text: str) -> float:
    """Estimated width on paper, in em."""
    return sum(
        0.3 if letter in NARROW else 0.82 if letter in WIDE else 0.68 if letter.isupper() else 0.5 for letter in text
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """The width of the text column, in em, and whether paragraphs are wrapped to it at all."""

    column: float
    wrapped: bool = True

    def is_full(self, line: Line) -> bool:
        """Whether the line reaches the right margin, so that the next one may continue it."""
        return self.wrapped and (line.text.endswith("-") or printed_width(line.text) >= FULL * self.column)

    def is_short(self, line: Line) -> bool:
        """Whether the line is far from the margin, like a cell or a heading."""
        return printed_width(line.text) < 0.62 * self.column

    def may_be_title(self, line: Line) -> bool:
        """Whether the line stops well before the margin, as titles do."""
        return not line.text.endswith("-") and printed_width(line.text) < 0.85 * self.column

    def closes(self, line: Line) -> bool:
        """Whether a new block may follow: the line ends a sentence, or stops before the margin."""
        return bool(SENTENCE_END.search(line.text)) or not self.is_full(line)


def measure_layout(lines: Sequence[Line]) -> Layout:
    """The column width: the median of lines that end in a hyphen, which are full; else the 90th percentile of all."""
    wide = sum(printed_width(line.text) > WIDEST_COLUMN for line in lines)
    if wide > UNWRAPPED_SHARE * len(lines):
        return Layout(WIDEST_COLUMN, wrapped=False)
    hyphenated = sorted(printed_width(line.text) for line in lines if line.text.endswith("-"))
    if len(hyphenated) >= 10:
        return Layout(hyphenated[len(hyphenated) // 2])
    widths = sorted(printed_width(line.text) for line in lines)
    return Layout(widths[int(len(widths) * 0.9)] if widths else 0.0)


def starts_lower(text: str) -> bool:
    """Whether a text goes on in the middle of a sentence."""
    return text[:1].islower()
