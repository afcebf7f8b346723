"""Tables of a web page as rows of cells, each in its column."""

from typing import Any

from lxml import etree

from corpus.web.text import HEADINGS, References, flat_text, unread, whole

ROWS = frozenset({"tr", "form"})
CHILDREN = {
    "table": ROWS | {"caption", "colgroup", "col", "thead", "tbody", "tfoot"},
    **dict.fromkeys(("thead", "tbody", "tfoot"), ROWS),
    "tr": frozenset({"td", "th"}),
    "dl": frozenset({"dt", "dd", "div"}),
}
WRAPPERS = frozenset({"form", "div"})
# Beyond this a span is a mistake, or made to exhaust memory.
WIDEST = 200


def is_layout(table: Any) -> bool:
    """Whether a table only places text: it says so, is one cell, or holds headings or text outside its cells."""
    if table.get("role") in ("presentation", "none") or not is_sound(table):
        return True
    cells = table.iter("td", "th")
    next(cells, None)
    return next(cells, None) is None or next(table.iter(*HEADINGS), None) is not None


def is_sound(element: Any) -> bool:
    """Whether all text of a table or list of terms stands in its cells, so that reading these reads all."""
    for part in element.iter(*CHILDREN):
        allowed = CHILDREN[part.tag]
        wrappers = [child for child in part if child.tag in allowed & WRAPPERS]
        for holder in (part, *wrappers):
            if (holder.text or "").strip():
                return False
            if any(child.tag not in allowed or (child.tail or "").strip() for child in holder):
                return False
        if any(child.tag in WRAPPERS for wrapper in wrappers for child in wrapper):
            return False
    return True


def table_rows(table: Any, references: References) -> tuple[list[list[str]], bool]:
    """The cells of each row, and whether the table says that its first row is its header.

    A cell that spans columns or rows stands in its first place; the others are "". A table inside a cell is text.
    """
    rows: list[list[str]] = []
    header = False
    spans: dict[int, int] = {}
    walk = etree.iterwalk(table, events=("start",), tag=("table", "caption", "tr"))
    for _, element in walk:
        if element is table:
            continue
        walk.skip_subtree()
        if element.tag != "tr" or unread(element):
            continue
        cells = [cell for cell in element if cell.tag in ("td", "th") and not unread(cell)]
        if not rows:
            header = element.getparent().tag == "thead" or (bool(cells) and all(cell.tag == "th" for cell in cells))
        rows.append(_row(cells, spans, references))
    return rows, header and len(rows) > 1


def _row(cells: list[Any], spans: dict[int, int], references: References) -> list[str]:
    """One row; `spans` holds for each column how many more rows the cell above it takes."""
    row: list[str] = []
    for cell in cells:
        _skip_spanned(row, spans)
        across = min(max(1, whole(cell.get("colspan"), 1)), max(1, WIDEST - len(row)))
        down = whole(cell.get("rowspan"), 1) - 1
        for column in range(len(row), len(row) + across):
            if down > 0 and column < WIDEST:
                spans[column] = down
        row += [flat_text(cell, references), *[""] * (across - 1)]
    for column in list(spans):
        if column >= len(row):
            spans[column] -= 1
            if spans[column] <= 0:
                del spans[column]
    return row


def _skip_spanned(row: list[str], spans: dict[int, int]) -> None:
    while len(row) in spans:
        spans[len(row)] -= 1
        if spans[len(row)] <= 0:
            del spans[len(row)]
        row.append("")
