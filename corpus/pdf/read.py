"""Reads a PDF: its printed lines in reading order without running heads, and what its fonts and outline say of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pypdf.errors import LimitReachedError, PyPdfError

from corpus.errors import InputError
from corpus.limits import Limits
from corpus.pdf.file import Budget, damage_in, listening, open_pdf, told_in_dutch
from corpus.pdf.fonts import UNKNOWN, Face
from corpus.pdf.furniture import Sheet
from corpus.pdf.headings import find_headings
from corpus.pdf.outline import find_title, read_contents, read_outline
from corpus.pdf.page import read_page
from corpus.pdf.painter import MALFORMED
from corpus.pdf.print import make_sheet, print_pages
from corpus.pdf.typescript import Typescript, line_pitches, mark_prints
from corpus.reading import Reading

# Above this share of unknown letters a page is not read: what is left would be a guess.
GARBLED = 0.5
MANY_DROPPED = 50
GUESSED = "Een lettertype zegt niet welke letters het toont; controleer of de tekst klopt."
NO_LETTERS = "tekens waarvan de letter niet te herleiden is"
# In characters: what one piece of a line takes in memory besides its text.
COST_OF_A_PIECE = 20


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
        marks = mark_prints(prints, headings, title)
        sheet = Typescript(len(pages), line_pitches(prints))
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
