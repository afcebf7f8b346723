"""What paragraphs tell about each other: the title, how headings nest, and which table a caption belongs to."""

import re
from dataclasses import replace

from corpus.paragraphs import Paragraph
from corpus.reading import Mark

NUMBERED = re.compile(r"\d")
OF_A_FIGURE = re.compile(r"(figuur|grafiek|kaart|foto|afbeelding)\b", re.IGNORECASE)
NUMBER_CELL = re.compile(r"[\d.,%€ \-–+]*\d[\d.,%€ \-–+]*")
YEAR = re.compile(r"(19|20)\d\d")
# A title stands at the top; a few short lines (an organisation, a date) may stand above it.
TITLE_WITHIN = 5
LONGEST_LINE_ABOVE = 10
LONGEST_HEADER_WORDS = 5


def find_title(paragraphs: list[Paragraph]) -> tuple[str, list[Paragraph]]:
    """The document's own title and the paragraphs with that line as text, so that chapters are the highest headings.

    It is the one line that the file marks as title (more than one are headings of the highest level); else the one
    heading of the highest level, if it is the first heading, stands at the top and has no number. Else "".
    """
    named = [p for p in paragraphs if p.mark.kind == "title"]
    if len(named) > 1:
        as_heading = Mark("heading", level=0)
        paragraphs = [replace(p, mark=as_heading) if p.mark.kind == "title" else p for p in paragraphs]
    title = named[0] if len(named) == 1 else _only_top_heading(paragraphs)
    return (title.text if title else ""), [replace(p, mark=Mark()) if p is title else p for p in paragraphs]


def _only_top_heading(paragraphs: list[Paragraph]) -> Paragraph | None:
    headings = [p for p in paragraphs if p.mark.kind == "heading"]
    if not headings or any(p.mark.level <= headings[0].mark.level for p in headings[1:]):
        return None
    above = paragraphs[: next(place for place, p in enumerate(paragraphs) if p is headings[0])]
    at_the_top = len(above) < TITLE_WITHIN and all(len(p.text.split()) <= LONGEST_LINE_ABOVE for p in above)
    return headings[0] if at_the_top and not NUMBERED.match(headings[0].text) else None


def nest_headings(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Heading levels as depth in the outline: the first is 1, and none is more than one below the heading it is under.

    Whatever levels a file uses (2, 4, 4, 3), headings that were equal under one heading stay equal (1, 2, 2, 2).
    """
    under: list[int] = []
    nested = []
    for paragraph in paragraphs:
        if paragraph.mark.kind == "heading":
            while under and under[-1] >= paragraph.mark.level:
                under.pop()
            under.append(paragraph.mark.level)
            paragraph = replace(paragraph, mark=replace(paragraph.mark, level=len(under)))
        nested.append(paragraph)
    return nested


def join_captions(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """A caption gets the group of the table right below it, else of the one right above; one of a figure gets none."""
    joined = list(paragraphs)
    taken: set[int] = set()
    for step in (1, -1):
        for position, paragraph in enumerate(joined):
            mark, beside = paragraph.mark, position + step
            if (
                mark.kind != "caption"
                or mark.group
                or not 0 <= beside < len(joined)
                or OF_A_FIGURE.match(paragraph.text)
            ):
                continue
            neighbour = joined[beside].mark
            if neighbour.kind == "row" and neighbour.group not in taken:
                taken.add(neighbour.group)
                joined[position] = replace(paragraph, mark=replace(mark, group=neighbour.group))
    return joined


def looks_like_header(rows: list[list[str]]) -> bool:
    """Whether the first row names columns: short words or years in each cell but the first, above numbers or text."""
    if len(rows) < 3 or len(rows[0]) < 2 or not all(rows[0][1:]):
        return False
    for cell in rows[0]:
        number = NUMBER_CELL.fullmatch(cell) and not YEAR.fullmatch(cell)
        if number or len(cell.split()) > LONGEST_HEADER_WORDS or cell.endswith((".", ";", "!")):
            return False
    others = [any(_is_content(cell) for cell in row) for row in rows[1:]]
    return 2 * sum(others) >= len(others)


def _is_content(cell: str) -> bool:
    return bool(NUMBER_CELL.fullmatch(cell)) or len(cell.split()) > LONGEST_HEADER_WORDS
