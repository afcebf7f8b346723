"""Printed lines to a reading: the source they are written into, with their marks and the white above them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.lines import Line
from corpus.offsets import Span
from corpus.pdf.headings import Heading
from corpus.pdf.notes import body_size, find_notes
from corpus.pdf.print import Print
from corpus.reading import Mark, Reading

# In sizes of type: distances from here on are no line spacing; line spacing where a size stands on one line only.
MOST_LEADING, USUAL_LEADING = 2.4, 1.2
LEAST_WHITE = 0.3


def mark_prints(prints: Sequence[Print], headings: Sequence[Heading], title: str) -> list[tuple[Print, Mark | None]]:
    """Each line with its mark; a heading's lines are one line. The title on the first page is no heading."""
    notes = find_notes(prints, body_size(prints))
    starts = {heading.start: heading for heading in headings}
    marked: list[tuple[Print, Mark | None]] = []
    position = 0
    while position < len(prints):
        line = prints[position]
        heading = starts.get(position)
        if heading:
            is_title = line.page == 1 and heading.text == title
            mark = Mark() if is_title else Mark("heading", heading.level)
            marked.append((replace(line, text=heading.text, bottom=prints[heading.stop - 1].bottom), mark))
        elif position in notes:
            marked.append((line, Mark("footnote", number=notes[position])))
        elif line.table:
            marked.append((line, Mark("row", group=line.table)))
        else:
            marked.append((line, Mark("item", number=line.marker) if line.marker else None))
        position = heading.stop if heading else position + 1
    return marked


def line_pitches(prints: Sequence[Print]) -> dict[float, float]:
    """The usual distance between baselines for each size of type."""
    distances: dict[float, Counter[float]] = defaultdict(Counter)
    for above, line in pairwise(prints):
        distance = above.bottom - line.y
        if above.block == line.block and above.style[0] == line.style[0] and 0 < distance < MOST_LEADING * line.size:
            distances[line.style[0]][round(distance * 2) / 2] += 1
    return {size: max(counts, key=lambda d: (counts[d], -d)) for size, counts in distances.items()}


@dataclass(slots=True)
class Typescript:
    """The source under construction, line by line."""

    pages: int
    pitches: dict[float, float]
    parts: list[str] = field(default_factory=list)
    length: int = 0
    page_starts: list[int] = field(default_factory=lambda: [0])
    lines: list[Line] = field(default_factory=list)
    removed: list[Span] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)
    before: Print | None = None

    def add(self, line: Print, mark: Mark | None) -> None:
        """Write a line, on its page."""
        self._open_page(line.page)
        start = self.length
        self._write(line.text + "\n")
        if line.furniture:
            self.removed.append((start, start + len(line.text)))
            return
        self.lines.append(Line(start, start + len(line.text), line.text, line.page, self._gap(line)))
        if mark:
            self.marks[start] = mark
        self.before = line

    def _open_page(self, page: int) -> None:
        while len(self.page_starts) < page:
            self._write("\f")
            self.page_starts.append(self.length)

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _gap(self, line: Print) -> int:
        """Blank lines above: none at the top of a page or column."""
        above = self.before
        if above is None or above.page != line.page or above.bottom <= line.y:
            return 0
        sizes = (above.style[0], line.style[0])
        usual = max(self.pitches.get(size, USUAL_LEADING * size) for size in sizes)
        extra = (above.bottom - line.y) / (usual or 1.0) - 1
        return max(1, round(extra)) if extra >= LEAST_WHITE else 0

    def reading(self, title: str, warnings: tuple[str, ...]) -> Reading:
        """What has been written."""
        self._open_page(self.pages)
        return Reading(
            source="".join(self.parts),
            lines=tuple(self.lines),
            page_starts=tuple(self.page_starts),
            removed=tuple(self.removed),
            marks=self.marks,
            title=title,
            warnings=warnings,
        )
