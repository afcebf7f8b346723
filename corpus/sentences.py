"""Text to sentences, by pysbd's Dutch rules."""

import re
from functools import cache
from typing import Any

import pysbd

from corpus.offsets import Span

# A whole passage must stay under the model's 512 tokens; names and numbers take about three characters a token.
LONGEST = 1400
# The splitter takes a text that starts with a list number for one item and does not split it.
LIST_NUMBER = re.compile(r"\d{1,2}[.)]\s+")
# A footnote's number that stands apart after a full stop belongs to the sentence it closes, not to the next one.
LOOSE_MARKER = re.compile(r"\d{1,3}\s+(?=[^\W\d_a-z]|[‘“\"'])")
LONGEST_MARKER = 3
# One that is glued to the full stop ("regio's.4") is no part of the sentence; a decimal ("2.4") is.
GLUED_MARKER = re.compile(r"[^\s\d][.!?][”’\"')]*(\d{1,3})$")


@cache
def _segmenter() -> Any:
    return pysbd.Segmenter(language="nl", clean=False)


def split_sentences(text: str, start: int, end: int) -> list[Span]:
    """Spans of the sentences in `text[start:end]`, without the white space around them.

    They are ordered, do not overlap and hold every printed character but the numbers of footnotes after a full stop.
    A sentence longer than LONGEST characters (a text without full stops) is cut at a space.
    """
    spans: list[Span] = []
    position = start
    number = LIST_NUMBER.match(text, start, end)
    for sentence in _segmenter().segment(text[number.end() if number else start : end]):
        stripped = sentence.strip()
        found = text.find(stripped, position, end) if stripped else -1
        if found < 0:
            continue  # the splitter changed characters: they stay with the next sentence that it left alone
        between = text[position:found]
        left, right = position + len(between) - len(between.lstrip()), found + len(stripped)
        marker = LOOSE_MARKER.match(text, left, right)
        if marker and spans and text[spans[-1][1] - 1] in ".!?”’\"'":
            left = marker.end()
        position = right
        if spans and stripped.isdigit() and len(stripped) <= LONGEST_MARKER:
            continue  # a marker that closes the block
        spans += _cut(text, left, _without_marker(text, left, right))
    rest = text[position:end]
    if rest.strip():
        left = position + len(rest) - len(rest.lstrip())
        spans += _cut(text, left, left + len(rest.strip()))
    return spans


def _without_marker(text: str, start: int, end: int) -> int:
    """Where a sentence ends before the footnote number that is glued to its full stop, or stands after it."""
    marker = GLUED_MARKER.search(text, start, end)
    return marker.start(1) if marker else end


def _cut(text: str, start: int, end: int) -> list[Span]:
    spans = []
    while end - start > LONGEST:
        space = text.rfind(" ", start, start + LONGEST)
        stop = space if space > start else start + LONGEST
        spans.append((start, stop))
        start = stop + 1 if space > start else stop
    return [*spans, (start, end)]
