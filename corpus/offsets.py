"""One map from the text people read back to the untouched source."""

from bisect import bisect_right
from dataclasses import dataclass, field

Run = tuple[int, int, int]
"""(text offset, source offset, length): `length` characters that stand in both."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Runs ordered by text offset. Text between runs (a space for a line break) has no source of its own.

    Source offsets rise too, but for footnotes and tables: these interrupt a sentence on paper and are read after it.
    Without their runs the map is monotone, and within each of them it is as well; no source character stands in two.
    """

    runs: tuple[Run, ...]

    def to_source(self, start: int, end: int) -> list[Span]:
        """The source spans of `text[start:end]`, one per run touched, in reading order.

        Raises ValueError when the span holds no character of the source.
        """
        first = max(0, bisect_right(self.runs, start, key=lambda run: run[0]) - 1)
        spans = []
        for text_start, source_start, length in self.runs[first:]:
            if text_start >= end:
                break
            left, right = max(start, text_start), min(end, text_start + length)
            if left < right:
                spans.append((source_start + left - text_start, source_start + right - text_start))
        if not spans:
            raise ValueError(f"text[{start}:{end}] holds nothing of the source")
        return spans

    def to_text(self, start: int, end: int) -> list[Span]:
        """The text spans that show `source[start:end]`, in reading order; empty when none of it is readable text."""
        spans = []
        for text_start, source_start, length in self.runs:
            left, right = max(start, source_start), min(end, source_start + length)
            if left < right:
                spans.append((text_start + left - source_start, text_start + right - source_start))
        return spans


@dataclass(slots=True)
class TextBuilder:
    """Puts a text together from slices of a source and remembers where each came from."""

    source: str
    parts: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    length: int = 0

    def copy(self, start: int, end: int) -> None:
        """Append `source[start:end]`."""
        if start < end:
            self.runs.append((self.length, start, end - start))
            self._append(self.source[start:end])

    def insert(self, characters: str) -> None:
        """Append white space that has no place of its own in the source."""
        if characters.strip():
            raise ValueError(f"only white space may be inserted, not {characters!r}")
        self._append(characters)

    def build(self) -> tuple[str, OffsetMap]:
        """The text and its map."""
        return "".join(self.parts), OffsetMap(tuple(self.runs))

    def _append(self, characters: str) -> None:
        self.parts.append(characters)
        self.length += len(characters)
