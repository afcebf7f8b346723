"""How far a quote reaches: whole lists and tables, what a sentence leans on, and what limits it."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from corpus.model import Document, Unit, UnitKind
from qa.sentence import starts_loosely

LONGEST_LIST, LONGEST_UNASKED_LIST = 1400, 500
# A sentence may lean on one that leans on another.
MOST_LEANT_ON = 2
# What takes back or narrows the sentence before it must not be cut off.
LIMITS = re.compile(
    r"\W*((dit|dat) (geldt|gold) (echter )?(niet|alleen)|echter|maar|toch|tenzij|mits|behalve|uitgezonderd|"
    r"met uitzondering van|daarentegen|daar staat tegenover|wel\b|niet all?e|(een )?uitzondering|desondanks|"
    r"desalniettemin)\b"
    r"|\W*(\w+[\s,]+){1,4}(echter|daarentegen)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\W*maar (liefst|ook)\b", re.IGNORECASE)


def unit_at(document: Document, start: int) -> int:
    """The position of the unit that starts here."""
    return bisect_left(document.units, start, key=lambda unit: unit.start)


def neighbour(document: Document, position: int, step: int) -> int | None:
    """The unit before (-1) or after (1) one, when it stands in the same section and is prose as well."""
    other = position + step
    if not 0 <= other < len(document.units):
        return None
    one, two = document.units[position], document.units[other]
    prose = one.kind is UnitKind.SENTENCE and two.kind is UnitKind.SENTENCE
    return other if one.section == two.section and prose else None


def whole_list(document: Document, position: int, asked: bool) -> tuple[int, int] | None:
    """The whole table or list of records around a row or record; None for other units and when it is too long."""
    text, unit = document.text, document.units[position]
    if unit.kind is not UnitKind.ROW and not _is_record(text, unit):
        return None
    first, last = _run(text, document.units, position)
    start, end = document.units[first].start, document.units[last].end
    if end - start > (LONGEST_LIST if asked else LONGEST_UNASKED_LIST):
        return None
    return (start if first == last else _with_bullet(text, start)), end


def widened(document: Document, first: int, last: int) -> tuple[int, int]:
    """Units `first` to `last` with what they lean on, the list they announce, and what limits them."""
    units, text = document.units, document.text
    for _ in range(MOST_LEANT_ON):
        before = neighbour(document, first, -1)
        if before is None or not starts_loosely(text[units[first].start : units[first].end]):
            break
        first = before
    after = neighbour(document, last, 1)
    if after is not None and limits(text[units[after].start : units[after].end]):
        last = after
    return units[first].start, _with_list(text, units, last)


def limits(text: str) -> bool:
    """Whether a sentence takes back or narrows the one before it."""
    return bool(LIMITS.match(text)) and not ASIDE.match(text)


def _with_list(text: str, units: Sequence[Unit], position: int) -> int:
    """The end of a sentence, or of the list it announces with a colon: as many whole items as may be quoted."""
    first = units[position]
    end = first.end
    if text[end - 1] != ":":
        return end
    for unit, following in zip(units[position + 1 :], [*units[position + 2 :], None], strict=False):
        if unit.kind is not UnitKind.ITEM or unit.section != first.section or unit.end - first.start > LONGEST_LIST:
            break
        if following is None or "\n" in text[unit.end : following.start]:
            end = unit.end
    return end


def _with_bullet(text: str, start: int) -> int:
    """Where the line of an item starts, its bullet included: in a list all items look alike."""
    line = text.rfind("\n", 0, start) + 1
    return start if any(letter.isalnum() for letter in text[line:start]) else line


def _is_record(text: str, unit: Unit) -> bool:
    """Whether a list item is a name or a term rather than a sentence."""
    return unit.kind is UnitKind.ITEM and text[unit.end - 1] not in ".!?;:"


def _run(text: str, units: Sequence[Unit], position: int) -> tuple[int, int]:
    """First and last unit of the table or list of records around a unit."""

    def alike(other: Unit) -> bool:
        same = other.section == units[position].section and other.kind is units[position].kind
        return same and (other.kind is UnitKind.ROW or _is_record(text, other))

    first = last = position
    while first and alike(units[first - 1]):
        first -= 1
    while last + 1 < len(units) and alike(units[last + 1]):
        last += 1
    return first, last
