"""Reads a PDF: its printed lines in reading order without running heads, and what its fonts and outline say of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdf.errors import LimitReachedError, PyPdfError

from corpus.errors import InputError
from corpus.furniture import Sheet
from corpus.limits import Limits
from corpus.lines import Line
from corpus.offsets import Span
from corpus.pdf_file import Budget, damage_in, listening, open_pdf, told_in_dutch
from corpus.pdf_fonts import UNKNOWN, Face
from corpus.pdf_glyphs import MALFORMED, read_page
from corpus.pdf_headings import Heading, find_headings
from corpus.pdf_notes import body_size, find_notes
from corpus.pdf_outline import find_title, read_contents, read_outline
from corpus.pdf_print import Print, make_sheet, print_pages
from corpus.reading import Mark, Reading

# Above this share of unknown letters a page is not read: what is left would be a guess.
GARBLED = 0.5
MANY_DROPPED = 50
GUESSED = "Een lettertype zegt niet welke letters het toont; controleer of de tekst klopt."
NO_LETTERS = "tekens waarvan de letter niet te herleiden is"
# In characters: what one piece of a line takes in memory besides its text.
COST_OF_A_PIECE = 20
# In sizes of type: distances from here on are no line spacing; line spacing where a size stands on one line only.
MOST_LEADING, USUAL_LEADING = 2.4, 1.2
LEAST_WHITE = 0.3


def read_pdf(name: Path | str, data: bytes, limits: Limits | None = None) -> Reading:
    """The reading of a PDF in `data`; `name` is only used in messages.

    `source` is what this reader gave: printed lines joined by line feeds, pages by a line feed and a form feed; a
    heading that wraps, or a table's row, is one line. Raises InputError for a file that is broken, locked, without
    text, or beyond a limit.
    """
    budget = Budget(limits or Limits())
    if len(data) > budget.limits.file_bytes:
        raise InputError(
            f"{name}: het bestand is groter dan {budget.limits.file_bytes / 2**20:g} MB (grens: file_bytes). "
            "Splits het document of verhoog die grens in de instellingen."
        )
    with listening() as messages, told_in_dutch(name, budget.limits):
        reader = open_pdf(data, budget)
        faces: dict[Any, Face] = {}
        sheets = [_sheet(page, faces, budget) for page in reader.pages]
        unread = _unread(name, sheets)
        pages = print_pages(sheets, budget)
        title = find_title(reader, pages)
        prints = [line for page in pages for line in page]
        headings = find_headings(prints, read_outline(reader) or read_contents(prints))
        marks = _marks(prints, headings, title)
        sheet = _Typescript(len(pages), _pitches(prints))
        for line, mark in marks:
            sheet.add(line, mark)
    dropped = sum(face.dropped for face in faces.values())
    lost = [f"Er zijn {dropped} soorten tekens zonder letter weggelaten."] if dropped > MANY_DROPPED else []
    lost += [GUESSED] if any(face.guessed for face in faces.values()) else []
    return sheet.reading(title, (*unread, *lost, *damage_in(messages)))


def _sheet(page: Any, faces: dict[Any, Face], budget: Budget) -> Sheet:
    """A page's sheet; an empty one without height for a page that is damaged."""
    try:
        sheet = make_sheet(read_page(page, faces, budget))
    except LimitReachedError:
        raise
    except (*MALFORMED, PyPdfError, RecursionError, AssertionError):
        return Sheet([], [], [], 0, 0.0)
    budget.read(COST_OF_A_PIECE * len(sheet.pieces))
    return sheet


def _unread(name: Path | str, sheets: Sequence[Sheet]) -> list[str]:
    """Warnings for pages without text, which are emptied when their letters are unknown.

    Raises InputError when no page has text.
    """
    images: list[int] = []
    garbled: list[int] = []
    damaged = [number for number, sheet in enumerate(sheets, 1) if not sheet.height]
    for number, sheet in enumerate(sheets, 1):
        text = "".join(piece.text for piece in (*sheet.pieces, *sheet.sideways))
        if text.count(UNKNOWN) > GARBLED * len(text):
            garbled.append(number)
            sheet.pieces.clear()
            sheet.sideways.clear()
        elif not text and sheet.images:
            images.append(number)
    if not any(sheet.pieces or sheet.sideways for sheet in sheets):
        reasons = ((damaged, "de pagina's zijn beschadigd"), (images, "alleen beeld"), (garbled, NO_LETTERS))
        reason = next((reason for pages, reason in reasons if pages), "de pagina's zijn leeg")
        raise InputError(
            f"{name}: geen leesbare tekst, {reason}. Maak er met tekstherkenning (OCR) een doorzoekbare PDF van."
        )
    found = [f"{_listed(images)}: alleen beeld, geen tekst."] if images else []
    found += [f"{_listed(damaged)}: beschadigd en daarom niet gelezen."] if damaged else []
    return found + [
        f"pagina {number}: de letters zijn niet te herleiden; deze pagina is niet gelezen." for number in garbled
    ]


def _listed(pages: Sequence[int]) -> str:
    return f"pagina {', '.join(map(str, pages))}"


def _marks(prints: Sequence[Print], headings: Sequence[Heading], title: str) -> list[tuple[Print, Mark | None]]:
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


def _pitches(prints: Sequence[Print]) -> dict[float, float]:
    """The usual distance between baselines for each size of type."""
    distances: dict[float, Counter[float]] = defaultdict(Counter)
    for above, line in pairwise(prints):
        distance = above.bottom - line.y
        if above.block == line.block and above.style[0] == line.style[0] and 0 < distance < MOST_LEADING * line.size:
            distances[line.style[0]][round(distance * 2) / 2] += 1
    return {size: max(counts, key=lambda d: (counts[d], -d)) for size, counts in distances.items()}


@dataclass(slots=True)
class _Typescript:
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
