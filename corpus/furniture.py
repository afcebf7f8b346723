"""Finds page furniture by comparing pages: the same text, up to its digits, at the same place on several of them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.pdf_lines import Piece

ROMAN = re.compile(r"[ivxl]{1,6}", re.IGNORECASE)
# Shares of the page's height: heads and feet stand in the margin; what repeats further inside is only dropped after
# its first time, and only when most pages have it (the title block of a leaflet).
MARGIN, INSIDE = 0.13, 0.35
NEAR = 3.0
MOST_PAGES = 0.6


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pieces of one page and the page's height."""

    pieces: Sequence[Piece]
    height: float


def find_furniture(sheets: Sequence[Sheet]) -> list[set[Piece]]:
    """For each page the pieces that are furniture: heads, feet and page numbers."""
    places: dict[str, list[tuple[int, Piece]]] = defaultdict(list)
    for page, sheet in enumerate(sheets):
        for piece in sheet.pieces:
            if _edge(piece, sheet) <= INSIDE:
                places[_key(piece.text)].append((page, piece))
    found: list[set[Piece]] = [{p for p in sheet.pieces if p.artifact} for sheet in sheets]
    for candidates in places.values():
        for page, piece in candidates:
            twins = [(p, twin) for p, twin in candidates if abs(twin.y - piece.y) <= NEAR]
            pages = sorted({p for p, twin in twins if _counts_along(piece.text, page, twin.text, p)})
            if _is_furniture(page, pages, _edge(piece, sheets[page]), len(sheets)):
                found[page].add(piece)
    return found


def _is_furniture(page: int, pages: list[int], edge: float, total: int) -> bool:
    """In the margin: on some pages in a row, or every other one (left and right differ). Further in: on most pages."""
    if edge > MARGIN:
        return page > pages[0] and len(pages) >= max(2, MOST_PAGES * total)
    fewest = 2 if total <= 4 else 3
    position = pages.index(page)
    first = last = position
    while first and pages[first] - pages[first - 1] <= 2:
        first -= 1
    while last + 1 < len(pages) and pages[last + 1] - pages[last] <= 2:
        last += 1
    return last - first + 1 >= fewest


def _counts_along(text: str, page: int, other_text: str, other: int) -> bool:
    """Whether two lone numbers rise with their pages, as page numbers do; always true of other text."""
    if not (text.isdigit() and other_text.isdigit()):
        return True
    return int(text) - page == int(other_text) - other


def _edge(piece: Piece, sheet: Sheet) -> float:
    """Distance to the nearest of the upper and lower edge, as a share of the height."""
    return min(piece.y, sheet.height - piece.y) / (sheet.height or 1.0)


def _key(text: str) -> str:
    """The text with its numbers made equal."""
    return "#" if ROMAN.fullmatch(text) else re.sub(r"\d+", "#", text)
