"""Footnotes on a PDF page: small type at the foot of a column, each opening with its number."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from corpus.pdf.print import Print

SMALLER = 0.93
SENTENCE_END = re.compile(r"[.!?][\"'’”)\]»]*$|://\S+$")
OPENING = re.compile(r"(\d{1,3})(?=[\s\u00a0])")


def body_size(prints: Sequence[Print]) -> float:
    """The size most letters of running text are set in."""
    counts: Counter[float] = Counter()
    for line in prints:
        if not line.furniture:
            counts[line.style[0]] += len(line.text) if not line.table else 0
    return max(counts, key=lambda size: (counts[size], size), default=0.0)


def find_notes(prints: Sequence[Print], body: float) -> dict[int, str]:
    """Position of each line of a footnote to the number it opens with; "" for the further lines of a note.

    Numbers rise; each page may begin again at 1. A note that does not end its sentence goes on at the next foot.
    """
    found: dict[int, str] = {}
    last, last_line = 0, -1
    for page in _pages(prints):
        fresh = True
        for foot in _small_feet(page, body):
            open_note = last_line >= 0 and not SENTENCE_END.search(prints[last_line].text)
            goes_on = open_note and page[0][1].page - prints[last_line].page == 1
            for position in foot:
                number = _number(prints[position])
                if number and _follows(number, last, fresh, bool(prints[position].raised)):
                    last, fresh, goes_on = number, False, True
                    found[position] = str(number)
                elif goes_on:
                    found[position] = ""
                last_line = position if goes_on else last_line
    return found


def is_foot(prints: Sequence[Print], body: float) -> set[int]:
    """Positions of all lines in small type at the foot of a column."""
    return {position for page in _pages(prints) for foot in _small_feet(page, body) for position in foot}


def _pages(prints: Sequence[Print]) -> list[list[tuple[int, Print]]]:
    return [list(group) for _, group in groupby(enumerate(prints), key=lambda item: item[1].page)]


def _small_feet(page: list[tuple[int, Print]], body: float) -> list[list[int]]:
    """For each block of a page the positions of the lines in small type that end it; table rows are none."""
    feet: list[list[int]] = []
    read = [item for item in page if not item[1].furniture]
    for _, block in groupby(read, key=lambda item: item[1].block):
        foot: list[int] = []
        for position, line in reversed(list(block)):
            if line.style[0] > SMALLER * body or line.table:
                break
            foot.append(position)
        feet.append(foot[::-1])
    return feet


def _number(line: Print) -> int:
    match = OPENING.match(line.text)
    return int(line.raised or (match[1] if match else 0))


def _follows(number: int, last: int, fresh: bool, raised: bool) -> bool:
    """The next number; after one that was not found a raised number may be a few further; or a page's first."""
    return number == last + 1 or (raised and last < number <= last + 5) or (fresh and number == 1)
