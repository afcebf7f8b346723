"""Finds page furniture by comparing pages: the same text, up to its digits, at the same place on several of them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.pdf.glyphs import Rule
from corpus.pdf.lines import Piece

ROMAN = re.compile(r"[ivxl]{1,6}", re.IGNORECASE)
# Shares of the page's height: heads and feet stand in the margin; what repeats further inside is only dropped after
# its first time, and only when most pages have it (the title block of a leaflet).
MARGIN, INSIDE = 0.13, 0.35
NEAR = 3.0
LONGEST_NUMBER = 5
MOST_PAGES = 0.6


@dataclass(slots=True)
class Sheet:
    """One page: its upright pieces, those that stand sideways, its rules and images, and its height."""

    pieces: list[Piece]
    sideways: list[Piece]
    rules: list[Rule]
    images: int
    height: float


def find_furniture(sheets: Sequence[Sheet]) -> list[set[Piece]]:
    """For each page the pieces that are furniture: heads, feet and page numbers."""
    pages_at: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page, sheet in enumerate(sheets):
        for piece in sheet.pieces:
            if _edge(piece, sheet) <= INSIDE:
                pages_at[_key(piece.text, page), round(piece.y / NEAR)].add(page)
    return [
        {piece for piece in sheet.pieces if piece.artifact or _repeats(piece, page, sheet, pages_at, len(sheets))}
        for page, sheet in enumerate(sheets)
    ]


def _repeats(piece: Piece, page: int, sheet: Sheet, pages_at: dict[tuple[str, int], set[int]], total: int) -> bool:
    edge, place = _edge(piece, sheet), round(piece.y / NEAR)
    if edge > INSIDE:
        return False
    key = _key(piece.text, page)
    near = [pages_at.get((key, other), set()) for other in (place - 1, place, place + 1)]
    return _is_furniture(page, sorted(set().union(*near)), edge, total)


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


def _edge(piece: Piece, sheet: Sheet) -> float:
    """Distance to the nearest of the upper and lower edge, as a share of the height."""
    return min(piece.y, sheet.height - piece.y) / (sheet.height or 1.0)


def _key(text: str, page: int) -> str:
    """The text with its numbers made equal; a lone number as its distance from the page, as page numbers rise."""
    if text.isdecimal() and len(text) <= LONGEST_NUMBER:
        return f"#{int(text) - page}"
    return "#" if ROMAN.fullmatch(text) else re.sub(r"\d+", "#", text)
