"""A page's pieces to printed lines in reading order."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.pdf.columns import Row, reading_order, rows_of
from corpus.pdf.file import Budget
from corpus.pdf.furniture import Sheet, find_furniture
from corpus.pdf.glyphs import Drawing
from corpus.pdf.grids import ruled_rows
from corpus.pdf.lines import Piece, Style, make_pieces
from corpus.pdf.tables import CELL, LEADER, TableRow, aligned_rows, is_marker

SIDEWAYS_TWICE = 3
# Tables of a page found by their alignment are counted from here, to differ from the ruled ones.
ALIGNED = 1000
# A page with more pieces is a drawing, not text: it is read line by line, without looking for columns and tables.
MOST_PIECES = 5000
# A number or letter of a list that stands close to its text.
HANGING = re.compile(r"(?:\d{1,2}|[ivxl]{1,5}|[a-z])[.)](?=\s)")
# In points; numbers that end in one place ("ix." and "x.") begin within this of each other.
INDENT = 8.0
# A requirement's or article's own number ("F10.", "Q3.").
OWN_NUMBER = re.compile(r"[A-Z]{1,2}\d{1,3}\.(?=\s)")


@dataclass(frozen=True, slots=True)
class Print:
    """One printed line, or a table's row. `block` counts stretches of lines that stand below each other.

    `marker` is the bullet or number that stands apart before the text; `table` is 0 for running text.
    `led` says that dots led to a page number. `furniture` is -1 for a running head, 1 for a foot, 0 for what is read.
    """

    text: str
    page: int
    block: int
    x0: float
    x1: float
    y: float
    bottom: float
    size: float
    style: Style
    raised: str = ""
    marker: str = ""
    table: int = 0
    furniture: int = 0
    led: bool = False


def make_sheet(drawing: Drawing) -> Sheet:
    """A drawing with its runs joined to pieces."""
    angles = sorted({run.angle for run in drawing.runs if run.angle})
    sideways = [p for angle in angles for p in make_pieces(run for run in drawing.runs if run.angle == angle)]
    upright = make_pieces(run for run in drawing.runs if not run.angle)
    return Sheet(upright, sideways, drawing.rules, drawing.images, drawing.height)


def print_pages(sheets: Sequence[Sheet], budget: Budget) -> list[list[Print]]:
    """For each page its lines: running heads, what is read, then feet; sideways text after the upright text."""
    furniture = find_furniture(sheets)
    repeated = Counter(text for sheet in sheets for text in {piece.text for piece in sheet.sideways})
    pages = []
    tables = blocks = 0
    for number, sheet in enumerate(sheets, 1):
        budget.check_time()
        read = [p for p in sheet.pieces if p not in furniture[number - 1]]
        if len(read) > MOST_PIECES:
            printed = [_line(row, number, blocks, 0) for row in rows_of(read)]
        else:
            rows, rest = ruled_rows(read, sheet.rules)
            printed = _printed(reading_order([*rows, *rest]), number, blocks, tables)
        side = [(p, 1 if repeated[p.text] >= SIDEWAYS_TWICE else 0) for p in sheet.sideways]
        last = printed[-1].block if printed else blocks
        printed += [_line([p], number, last + 1 + i, place) for i, (p, place) in enumerate(side)]
        heads = [p for p in sheet.pieces if p in furniture[number - 1] and p.y > sheet.height / 2]
        feet = [p for p in sheet.pieces if p in furniture[number - 1] and p.y <= sheet.height / 2]
        page = [_line([p], number, blocks, -1) for p in heads] + printed
        page += [_line([p], number, blocks, 1) for p in feet]
        pages.append(page)
        blocks = max([blocks, *(line.block for line in page)]) + 1
        tables = max([tables, *(line.table for line in page)])
    return pages


def _printed(blocks: Iterable[Sequence[Row[Piece | TableRow]]], page: int, block: int, tables: int) -> list[Print]:
    printed: list[Print] = []
    for found in blocks:
        block += 1
        stretch: list[Row[Piece]] = []
        items: list[Row[Piece] | TableRow] = []
        for row in found:
            if pieces := [piece for piece in row if isinstance(piece, Piece)]:
                stretch.append(pieces)
            for table_row in [piece for piece in row if isinstance(piece, TableRow)]:
                items += [*aligned_rows(stretch, ALIGNED), table_row]
                stretch = []
        items += aligned_rows(stretch, ALIGNED)
        printed += [_row(i, page, block) if isinstance(i, TableRow) else _line(i, page, block, 0) for i in items]
    return _with_hanging_markers(_numbered_tables(printed, tables))


def _row(row: TableRow, page: int, block: int) -> Print:
    return Print(row.text, page, block, row.x0, row.x1, row.y, row.bottom, row.size, row.style, table=row.table)


def _line(pieces: Sequence[Piece], page: int, block: int, furniture: int) -> Print:
    """The pieces of one line; the dots that lead to a page number become the gap between two cells."""
    main = max(pieces, key=lambda piece: len(piece.text))
    text = " ".join(piece.text for piece in pieces)
    led = LEADER.search(text)
    own = OWN_NUMBER.match(text)
    apart = len(pieces) > 1 and is_marker(pieces[0])
    return Print(
        text=LEADER.sub(CELL, text).strip() if led else text,
        page=page,
        block=block,
        x0=pieces[0].x0,
        x1=pieces[-1].x1,
        y=main.y,
        bottom=main.y,
        size=main.size,
        style=main.style,
        raised=pieces[0].raised,
        marker=pieces[0].text if apart else own.group() if own else "",
        table=-1 if led and not furniture else 0,
        furniture=furniture,
        led=bool(led),
    )


def _with_hanging_markers(printed: list[Print]) -> list[Print]:
    """The lines with the numbers that stand too close to their text to be apart: they hang where others hang."""
    places = [line.x0 for line in printed if line.marker]
    marked: list[Print] = []
    for line in printed:
        above = marked[-1] if marked and marked[-1].block == line.block else None
        close = HANGING.match(line.text) if not line.marker and not line.table else None
        hangs = above and (above.marker or above.x0 > line.x0 + INDENT / 2)
        if close and hangs and any(abs(place - line.x0) < INDENT for place in places):
            marked.append(replace(line, marker=close.group()))
        else:
            marked.append(line)
    return marked


def _numbered_tables(printed: list[Print], used: int) -> list[Print]:
    """The lines with tables counted on from `used`: rows that follow each other and say the same table are one."""
    numbered: list[Print] = []
    for before, line in pairwise([None, *printed]):
        assert line is not None
        if line.table and (before is None or before.table != line.table):
            used += 1
        numbered.append(replace(line, table=used) if line.table else line)
    return numbered
