"""Headings of a PDF: what its outline names, and lines whose type stands out against the body."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.pdf_notes import body_size, is_foot
from corpus.pdf_outline import Bookmark
from corpus.pdf_print import Print
from corpus.pdf_lines import Style
from corpus.pdf_tables import join_lines

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
DIVISION = re.compile(r"(?:hoofdstuk|deel|bijlage)\s+(?:\d{1,2}|[A-Z]|[IVX]+)\b|[A-Z]\.\s*(?=[^\W\d_])", re.IGNORECASE)
A_NUMBER = re.compile(r"[\d.,%€$ ]*\d[,%]\d*|[\d.,]{5,}")
BULLETS = frozenset("•▪◦‣●*-–—o")
SENTENCE_END = re.compile(r"[.!?:;][\"'’”)\]»]*\s?\d{0,3}$")
LARGER, NEARLY_BODY = 1.08, 0.9
LONGEST_WORDS, MOST_LINES = 22, 3
# Lines of one heading stand at most this far apart, in sizes.
LEADING = 1.6
DEEPEST = 6
MATCHED_OUTLINE = 0.3


@dataclass(slots=True)
class Heading:
    """A heading in `prints[start:stop]`; `level` counts from 1, 0 while it is unknown."""

    start: int
    stop: int
    text: str
    style: Style
    level: int = 0


def find_headings(prints: Sequence[Print], outline: Sequence[Bookmark]) -> list[Heading]:
    """Headings in reading order with their levels: from the outline, their number, or the rank of their type."""
    body = body_size(prints)
    named = _match_outline(prints, outline)
    taken = {position for heading in named for position in range(heading.start, heading.stop)}
    typed = [h for h in _typed(prints, body) if taken.isdisjoint(range(h.start, h.stop))]
    headings = sorted([*named, *typed], key=lambda heading: heading.start)
    levels = _style_levels(headings)
    for heading in headings:
        heading.level = heading.level or _numbered_level(heading.text) or levels[heading.style]
    return headings


def _match_outline(prints: Sequence[Print], outline: Sequence[Bookmark]) -> list[Heading]:
    """Lines on the outlined page that read as a bookmark's title; none if hardly any title is found."""
    pages: dict[int, list[int]] = defaultdict(list)
    for position, line in enumerate(prints):
        if not line.furniture and not line.table:
            pages[line.page].append(position)
    found: dict[int, Heading] = {}
    for bookmark in outline:
        heading = _on_page(prints, pages[bookmark.page], bookmark, found)
        if heading:
            found[heading.start] = heading
    return list(found.values()) if len(found) >= MATCHED_OUTLINE * len(outline) else []


def _on_page(
    prints: Sequence[Print], positions: Sequence[int], bookmark: Bookmark, taken: Mapping[int, Heading]
) -> Heading | None:
    wanted = _letters(bookmark.title)
    for index, start in enumerate(positions):
        text = ""
        for stop in positions[index : index + MOST_LINES]:
            text = f"{text} {prints[stop].text}".strip()
            if start not in taken and wanted in (_letters(text), _letters(NUMBERED.sub("", text))):
                lines = [prints[i].text for i in range(start, stop + 1)]
                return Heading(start, stop + 1, join_lines(lines), prints[start].style, bookmark.level)
    return None


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _typed(prints: Sequence[Print], body: float) -> list[Heading]:
    """Short stretches of lines in one style that stands out, with the look of a heading."""
    plain = _body_style(prints, body)
    feet = is_foot(prints, body)
    found: list[Heading] = []
    position = 0
    while position < len(prints):
        stop = position + 1
        if position in feet or not _stands_out(prints[position], plain):
            position = stop
            continue
        while stop < len(prints) and _goes_on(prints[stop - 1], prints[stop]):
            stop += 1
        text = join_lines([line.text for line in prints[position:stop]])
        if stop - position <= MOST_LINES and _reads_as_heading(text) and _starts_afresh(prints, position):
            found.append(Heading(position, stop, text, prints[position].style))
        position = stop
    return found


def _body_style(prints: Sequence[Print], body: float) -> Style:
    counts: Counter[Style] = Counter()
    for line in prints:
        if line.style[0] == body and not line.furniture:
            counts[line.style] += len(line.text)
    return max(counts, key=lambda style: (counts[style], style), default=(body, False, ()))


def _stands_out(line: Print, plain: Style) -> bool:
    size, bold, _ = line.style
    larger = size >= LARGER * plain[0]
    bolder = bold and not plain[1] and size >= NEARLY_BODY * plain[0]
    return (larger or bolder) and not line.table and not line.furniture and line.marker not in BULLETS


def _goes_on(last: Print, line: Print) -> bool:
    """Whether a line continues the heading above it: same type, directly below, without a number of its own."""
    close = last.block == line.block and 0 < last.y - line.y <= LEADING * last.size
    return close and last.style == line.style and not line.furniture and not NUMBERED.match(line.text)


def _reads_as_heading(text: str) -> bool:
    if not any(letter.isalpha() for letter in text) or A_NUMBER.match(text) or text[0].islower():
        return False
    return len(text.split()) <= LONGEST_WORDS and text[-1] not in ".,;" and text[0] not in "(“\"'‘"


def _starts_afresh(prints: Sequence[Print], position: int) -> bool:
    """Whether the line above ends its sentence, stops short, or stands elsewhere."""
    if not position:
        return True
    above, line = prints[position - 1], prints[position]
    apart = above.page != line.page or above.block != line.block or above.bottom - line.y > LEADING * line.size
    return apart or bool(SENTENCE_END.search(above.text)) or above.style[0] != line.style[0] or above.x1 < line.x1 * 0.8


def _numbered_level(text: str) -> int:
    number = NUMBERED.match(text)
    return number[1].count(".") + 1 if number else 0


def _style_levels(headings: Sequence[Heading]) -> dict[Style, int]:
    """A level for each style: what its outlined or numbered headings say; else one below the larger styles."""
    said: dict[Style, Counter[int]] = defaultdict(Counter)
    for heading in headings:
        level = heading.level or _numbered_level(heading.text) or bool(DIVISION.match(heading.text))
        said[heading.style][int(level)] += 1
    levels: dict[Style, int] = {}
    deepest = 0
    for style in sorted(said, key=lambda style: (-style[0], not style[1], sum(said[style].values()))):
        counts = said[style]
        unsaid = counts.pop(0, 0)
        if counts and sum(counts.values()) >= unsaid * MATCHED_OUTLINE:
            levels[style] = min(counts, key=lambda level: (-counts[level], level))
        else:
            levels[style] = min(deepest + 1, DEEPEST)
        deepest = max(deepest, levels[style])
    return levels
