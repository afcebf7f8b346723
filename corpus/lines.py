"""Source to lines: where each printed line stands, on which page, and how much white stands above it."""

import re
from collections import Counter
from dataclasses import dataclass

LINE = re.compile(r"[^\n\f]*")
LONE_NUMBER = re.compile(r"\d{1,4}")
# A converted report marks a page by one leading space; in a text that indents for other reasons more lines have one.
MOST_LINES_THAT_OPEN_A_PAGE = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: `source[start:end]` without the white space around it.

    `gap` counts the blank lines above it beyond what this document puts between any two lines.
    """

    start: int
    end: int
    text: str
    page: int
    gap: int

    @property
    def words(self) -> list[str]:
        """The line cut at white space."""
        return self.text.split()


@dataclass(frozen=True, slots=True)
class _Raw:
    start: int
    end: int
    indent: int
    blanks: int
    after_form_feed: bool


def read_lines(source: str) -> tuple[list[Line], tuple[int, ...]]:
    """Lines in source order without printed page numbers, and the source offset at which each page starts.

    A page starts after a form feed; or, in a text without them whose first line does so, at a line with exactly one
    leading space. There a number alone on a line that is the next page's number opens that page.
    """
    raw = _raw_lines(source)
    usual = Counter(line.blanks for line in raw[1:]).most_common(1)
    usual_blanks = usual[0][0] if usual else 0
    opens_page = _page_openers(source, raw)
    lines: list[Line] = []
    page_starts = [0]
    carried = 0
    for position, line in enumerate(raw):
        text = source[line.start : line.end]
        if position and line.start in opens_page:
            page_starts.append(line.start)
        gap = max(0, line.blanks - usual_blanks) + carried
        carried = 0
        if LONE_NUMBER.fullmatch(text) and _is_page_number(int(text), raw, position, opens_page, len(page_starts)):
            if int(text) == len(page_starts) + 1 and not _has_form_feeds(raw):
                page_starts.append(line.start)
            carried = gap
            continue
        lines.append(Line(line.start, line.end, text, len(page_starts), gap))
    return lines, tuple(page_starts)


def _raw_lines(source: str) -> list[_Raw]:
    lines: list[_Raw] = []
    blanks, form_feed, position = 0, False, 0
    while position <= len(source):
        match = LINE.match(source, position)
        assert match is not None  # the pattern matches the empty string too
        content = match.group()
        stripped = content.strip()
        if stripped:
            start = match.start() + len(content) - len(content.lstrip())
            lines.append(_Raw(start, start + len(stripped), start - match.start(), blanks, form_feed))
            blanks, form_feed = 0, False
        elif not source.startswith("\f", match.end()):
            blanks += 1
        form_feed = form_feed or source.startswith("\f", match.end())
        position = match.end() + 1
    return lines


def _has_form_feeds(raw: list[_Raw]) -> bool:
    return any(line.after_form_feed for line in raw)


def _page_openers(source: str, raw: list[_Raw]) -> set[int]:
    if _has_form_feeds(raw):
        return {line.start for line in raw if line.after_form_feed}
    spaced = {line.start for line in raw if line.indent == 1 and source[line.start - 1] == " "}
    if not raw or raw[0].start not in spaced or len(spaced) > MOST_LINES_THAT_OPEN_A_PAGE * len(raw):
        return set()
    return spaced


def _is_page_number(number: int, raw: list[_Raw], position: int, openers: set[int], page: int) -> bool:
    """With form feeds a page number is the first or last line of its page; else it names this page or the next."""
    if _has_form_feeds(raw):
        first = position == 0 or raw[position].start in openers
        last = position + 1 == len(raw) or raw[position + 1].start in openers
        return first or last
    return bool(openers) and number in (page, page + 1)
