"""Reads one page of a PDF, turned as its reader sees it."""

from typing import Any

from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, StreamObject

from corpus.pdf.file import Budget, spend
from corpus.pdf.fonts import Face
from corpus.pdf.glyphs import Drawing, Run
from corpus.pdf.painter import MALFORMED, Matrix, Painter, product

# In points; no page is larger.
FARTHEST = 1e5
A4 = (0.0, 0.0, 595.0, 842.0)


def read_page(page: Any, faces: dict[Any, Face], budget: Budget) -> Drawing:
    """All text, rules and images of a page, turned upright. `faces` remembers fonts between pages."""
    painter = Painter(page.pdf, faces, budget)
    contents = page.get("/Contents")
    base, painter.drawing.width, painter.drawing.height = _upright(page)
    painter.state.ctm = base
    if contents is not None:
        contents = contents.get_object()
        for stream in contents if isinstance(contents, ArrayObject) else [contents]:
            if isinstance(found := stream.get_object(), StreamObject):
                spend(found, budget)
        painter.paint(contents, page.get("/Resources"), frozenset())
    drawing = painter.drawing
    drawing.runs = _seen([run for run in drawing.runs if run.text and _on_paper(run, drawing)])
    budget.read(sum(len(run.text) for run in drawing.runs))
    return drawing


def _upright(page: Any) -> tuple[Matrix, float, float]:
    """The matrix that turns a page as its reader sees it, and its width and height then."""
    try:
        left, bottom, right, top = (float(value) for value in page.cropbox)
    except (*MALFORMED, PyPdfError):
        left, bottom, right, top = A4
    width, height = abs(right - left), abs(top - bottom)
    moved: Matrix = (1, 0, 0, 1, -min(left, right), -min(bottom, top))
    turned: dict[int, Matrix] = {90: (0, -1, 1, 0, 0, width), 180: (-1, 0, 0, -1, width, height)}
    turned[270] = (0, 1, -1, 0, height, 0)
    rotation = int(page.get("/Rotate", 0) or 0) % 360
    if rotation in (90, 270):
        return product(moved, turned[rotation]), height, width
    return (product(moved, turned[180]) if rotation == 180 else moved), width, height


def _seen(runs: list[Run]) -> list[Run]:
    """The visible runs; all of them where most text is hidden, since it lies under a scan."""
    hidden = sum(len(run.text) for run in runs if run.hidden)
    if 2 * hidden > sum(len(run.text) for run in runs):
        return runs
    return [run for run in runs if not run.hidden]


def _on_paper(run: Run, drawing: Drawing) -> bool:
    if not all(abs(value) < FARTHEST for value in (run.x0, run.x1, run.y, run.size)):  # also false of nan
        return False
    if run.angle:
        return True
    inside = -run.size < run.y < drawing.height + run.size
    return inside and run.x1 > 0 and run.x0 < drawing.width
