"""Footnotes on a PDF page: small type at the foot of a column, each opening with its number."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from corpus.pdf_print import Print

SMALLER = 0.93
OPENING = re.compile(r"(\d{1,3})(?=[\s\u00a0])")


def body_size(prints: Sequence[Print]) -> float:
    """The size most letters of running text are set in."""
    counts: Counter[float] = Counter()
    for line in prints:
        if not line.furniture:
            counts[line.style[0]] += len(line.text) if not line.table else 0
    return max(counts, key=lambda size: (counts[size], size), default=0.0)


def find_notes(prints: Sequence[Print], body: float) -> dict[int, str]:
    """Position of each line that opens a footnote to its number. Numbers rise; each page may begin again at 1."""
    found: dict[int, str] = {}
    last = 0
    for page, group in groupby(enumerate(prints), key=lambda item: item[1].page):
        fresh = True
        for position in _small_feet(list(group), body):
            number = _number(prints[position])
            if number and _follows(number, last, fresh, bool(prints[position].raised)):
                found[position] = str(number)
                last, fresh = number, False
        del page
    return found


def _small_feet(page: list[tuple[int, Print]], body: float) -> list[int]:
    """Positions of the lines in small type that end a block, from the top; table rows are none."""
    feet: list[int] = []
    read = [item for item in page if not item[1].furniture]
    for _, block in groupby(read, key=lambda item: item[1].block):
        foot: list[int] = []
        for position, line in reversed(list(block)):
            if line.style[0] > SMALLER * body or line.table:
                break
            foot.append(position)
        feet += reversed(foot)
    return feet


def is_foot(prints: Sequence[Print], body: float) -> set[int]:
    """Positions of all lines in small type at the foot of a page, footnotes' further lines included."""
    return {
        position
        for _, group in groupby(enumerate(prints), key=lambda item: item[1].page)
        for position in _small_feet(list(group), body)
    }


def _number(line: Print) -> int:
    match = OPENING.match(line.text)
    return int(line.raised or (match[1] if match else 0))


def _follows(number: int, last: int, fresh: bool, raised: bool) -> bool:
    """The next number; after one that was not found a raised number may be a few further; or a page's first."""
    return number == last + 1 or (raised and last < number <= last + 5) or (fresh and number == 1)
