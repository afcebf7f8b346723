"""Words to places: finds a stretch of text in a source, whatever the line breaks, hyphens and quotation marks."""

import re
from bisect import bisect_right

from corpus.folding import Squeezed, squeezed
from corpus.model import Document
from corpus.offsets import Span

# "first words ... last words" stands for everything between them, at most this many characters on.
ELLIPSIS = re.compile(r"\s*(?:\.{3}|…)\s*")
LONGEST = 5000
CONTEXT = 120


class Finder:
    """Finds words in one document: in its source, or where a footnote interrupts them there, in its readable text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._source = squeezed(document.source)
        self._text = squeezed(document.text)

    def find(self, words: str) -> list[Span]:
        """Every place of the words as a source span, in order; empty when they stand nowhere.

        Where a footnote or table stands in between, the larger part is the place.
        """
        return sorted({max(pieces, key=lambda piece: piece[1] - piece[0]) for pieces in self.pieces(words)})

    def pieces(self, words: str) -> list[tuple[Span, ...]]:
        """Every place of the words, as the source spans on both sides of what interrupts them."""
        places = [(span,) for span in _find(self._source, words)]
        apart = [self.document.source_spans(start, end) for start, end in _find(self._text, words)]
        return [*places, *(spans for spans in apart if len(spans) > 1)]

    def known_part(self, words: str) -> str:
        """As many of the first words as the document holds: shows where a quote goes wrong."""
        parts = words.split()
        counts = range(len(parts) + 1)
        # Whether a prefix occurs can only change from yes to no as it grows.
        known = bisect_right(counts, False, key=lambda n: bool(n) and not self._holds(" ".join(parts[:n]))) - 1
        return " ".join(parts[: max(0, known)])

    def _holds(self, words: str) -> bool:
        letters = squeezed(words).letters
        return letters in self._source.letters or letters in self._text.letters


def _find(place: Squeezed, words: str) -> list[Span]:
    parts = [squeezed(part).letters for part in ELLIPSIS.split(words.strip()) if squeezed(part).letters]
    spans: list[Span] = []
    at = 0
    while parts and (start := place.letters.find(parts[0], at)) >= 0:
        end = start + len(parts[0])
        for part in parts[1:]:
            found = place.letters.find(part, end, end + LONGEST)
            end = found + len(part) if found >= 0 else -1
            if end < 0:
                break
        if end > 0:
            spans.append(place.span(start, end))
        at = start + len(parts[0])
    return spans


def in_context(source: str, span: Span, width: int = CONTEXT) -> tuple[str, str, str]:
    """What stands before, in and after a span, on one line each, cut at words."""
    before = source[max(0, span[0] - width) : span[0]]
    after = source[span[1] : span[1] + width]
    if span[0] > width and " " in before.strip():
        before = "…" + before[before.index(" ") :]
    if span[1] + width < len(source) and " " in after.strip():
        after = after[: after.rindex(" ")] + "…"
    return one_line(before), one_line(source[span[0] : span[1]]), one_line(after)


def one_line(text: str) -> str:
    """Text of a source as one line: words that were cut at a line end joined, white space made one space."""
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)-[ \t]*[\r\n]+\s*(?=[a-zà-ÿ])", "", text))
