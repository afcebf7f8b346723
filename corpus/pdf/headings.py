"""Headings of a PDF: what its outline names, and lines whose type stands out against the body."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.pdf.lines import Style
from corpus.pdf.notes import body_size, is_foot
from corpus.pdf.outline import Bookmark
from corpus.pdf.print import Print
from corpus.pdf.tables import join_lines

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
DIVISION = re.compile(r"(?:hoofdstuk|deel|bijlage)\s+(?:\d{1,2}|[A-Z]|[IVX]+)\b|[A-Z]\.\s*(?=[^\W\d_])", re.IGNORECASE)
CAPTION = re.compile(r"(?:tekstkader|tekstbox|kader|box|tabel|figuur)\s+\d", re.IGNORECASE)
A_NUMBER = re.compile(r"[\d.,%€$ ]*\d[,%]\d*|[\d.,]{5,}")
BULLETS = frozenset("•▪◦‣●*-–—o")
SENTENCE_END = re.compile(r"[.!?:;][\"'’”)\]»]*\s?\d{0,3}$")
LARGER, NEARLY_BODY = 1.08, 0.9
LONGEST_WORDS, MOST_LINES = 22, 3
# Lines of one heading stand at most this far apart, in sizes.
LEADING = 1.8
DEEPEST = 6
MATCHED_OUTLINE = 0.3
MOST_BOOKMARKS = 5000


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
    plain = _body_style(prints, body)
    named = _match_outline(prints, outline, plain)
    taken = {position for heading in named for position in range(heading.start, heading.stop)}
    typed = _typed(prints, plain, is_foot(prints, body), taken)
    headings = sorted([*named, *typed], key=lambda heading: heading.start)
    deeper = _depth_of_numbers(named)
    for heading in typed:
        heading.level = _numbered_level(heading.text, deeper)
    levels = _style_levels(headings)
    for heading in headings:
        heading.level = heading.level or levels[heading.style]
    dense = {level: rank for rank, level in enumerate(sorted({heading.level for heading in headings}), 1)}
    for heading in headings:
        heading.level = dense[heading.level]
    return headings


def _match_outline(prints: Sequence[Print], outline: Sequence[Bookmark], plain: Style) -> list[Heading]:
    """Lines that read as a bookmark's title, on its page, or in print that stands out; none if hardly any is found."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    read = [i for i, line in enumerate(prints) if not line.furniture and not line.table]
    for index, start in enumerate(read):
        text = ""
        for last in read[index : index + MOST_LINES]:
            if prints[last].page != prints[start].page:
                break
            text = f"{text} {prints[last].text}".strip()
            for key in {_letters(text), _letters(NUMBERED.sub("", text))}:
                places[key].append((start, last + 1))
    found: dict[int, Heading] = {}
    last_start, readable = -1, set(read)
    for bookmark in outline[:MOST_BOOKMARKS]:
        wanted = [_letters(bookmark.title), _letters(NUMBERED.sub("", bookmark.title))]
        fitting = [
            (start, stop)
            for key in filter(None, wanted)
            for start, stop in places.get(key, ())
            if start not in found and (prints[start].page == bookmark.page or _fits(prints[start], bookmark, plain))
        ]
        if fitting:
            start, stop = min(fitting, key=lambda place: (place[0] < last_start, place[0]))
            text = join_lines([prints[i].text for i in range(start, stop) if i in readable])
            found[start] = Heading(start, stop, text, prints[start].style, bookmark.level)
            last_start = start
    return list(found.values()) if len(found) >= MATCHED_OUTLINE * len(outline) else []


def _fits(line: Print, bookmark: Bookmark, plain: Style) -> bool:
    return bookmark.page == 0 and _stands_out(line, plain)


def _depth_of_numbers(named: Sequence[Heading]) -> int:
    """How much deeper the outline puts numbered headings than their number alone says (under "A.", for one)."""
    offsets = Counter(h.level - depth for h in named if (depth := _numbered_level(h.text, 0)))
    return max(0, max(offsets, key=lambda offset: (offsets[offset], -offset), default=0))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _typed(prints: Sequence[Print], plain: Style, feet: set[int], taken: set[int]) -> list[Heading]:
    """Short stretches of lines in one style that stands out, with the look of a heading."""
    found: list[Heading] = []
    position = 0
    while position < len(prints):
        stop = position + 1
        if position in feet or position in taken or not _stands_out(prints[position], plain):
            position = stop
            continue
        while stop < len(prints) and stop not in taken and _goes_on(prints[stop - 1], prints[stop]):
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
    if not any(letter.isalpha() for letter in text) or A_NUMBER.match(text):
        return False
    if text[0].islower() and not CAPTION.match(text):
        return False
    return len(text.split()) <= LONGEST_WORDS and text[-1] not in ".,;" and text[0] not in "(“\"'‘"


def _starts_afresh(prints: Sequence[Print], position: int) -> bool:
    """Whether the line above ends its sentence, stops short, or stands elsewhere."""
    if not position:
        return True
    above, line = prints[position - 1], prints[position]
    apart = above.page != line.page or above.block != line.block or above.bottom - line.y > LEADING * line.size
    return apart or bool(SENTENCE_END.search(above.text)) or above.style[0] != line.style[0] or above.x1 < line.x1 * 0.8


def _numbered_level(text: str, deeper: int) -> int:
    """The level a number says: "2.1" is 2, "A." and "Bijlage 1" are 1; 0 without a number."""
    number = NUMBERED.match(text)
    if number:
        return number[1].count(".") + 1 + deeper
    return 1 if DIVISION.match(text) else 0


def _style_levels(headings: Sequence[Heading]) -> dict[Style, int]:
    """A level for each style: what its outlined or numbered headings say; else one below the larger styles."""
    said: dict[Style, Counter[int]] = defaultdict(Counter)
    for heading in headings:
        said[heading.style][heading.level] += 1
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
