"""Rows of a table for who asks for all of a kind: "Welke groeikernen zijn er?" gets each row that says "groei"."""

import re
from collections.abc import Set

from corpus.model import Document
from corpus.offsets import Span
from corpus.parts import Cell, Row, Table
from index.documents import YEAR
from index.sparse import stems
from qa.extent import LONGEST_LIST
from qa.listing import GENERAL, LONGEST, asks_which, stems_at
from qa.question import Question, alike

# A cell says what kind a row is of with one word of letters; shorter ones ("ja", "x") say that of too many things.
KIND, LEAST_LETTERS = re.compile(r"\W*([^\W\d_]{4,})\W*"), 4
# "krimp- en groeikernen" are also "krimpkernen".
HALVED = re.compile(r"(\w+)-\s+(?:en|of|and|or)\s+(\w+)")
BELONGING = frozenset(stems(["liggen ligt horen hoort vallen valt vielen bestaan zitten zit"])[0])


def asked_rows(document: Document, question: Question) -> list[Span]:
    """The rows whose cells name the kind of thing that a question asks for whole, in order; [] for none.

    That kind must stand in the title of the table, and what else the question says in the title or in what the rows are
    about; then only the rows that it names are given, and of a table by year those that are so in the last. Who names a
    column ("in 2016") gets those that say so there, or the whole table where the text does not tell which column a
    value stands in.
    """
    if not asks_which(question.text):
        return []
    said = set(stems([question.text])[0]) - GENERAL - BELONGING
    for table in document.parts.tables:
        if rows := _rows_of(document, table, said):
            return rows
    return []


def _rows_of(document: Document, table: Table, said: Set[str]) -> list[Span]:
    title = _title(document.sections[table.section].title)
    kinds = {kind for row in table.rows for cell in row.cells if (kind := _kind(document, cell))}
    asked = {kind for kind in kinds if any(_is_of(stem, kind, title) for stem in said)}
    if len(asked) != 1:
        return []
    kind = asked.pop()
    columns = {row: {cell.column for cell in row.cells if _kind(document, cell) == kind} for row in table.rows}
    rows = [row for row in table.rows if columns[row]]
    if not 1 < len(rows) <= LONGEST:
        return []
    more = {stem for stem in said if not _is_of(stem, kind, title) and not _in(stem, title)}
    named = {n for n, column in enumerate(table.columns) if more and more <= stems_at(document, column)}
    if named and any(-1 in columns[row] for row in rows):
        return _whole(table)
    if named:
        return [(row.start, row.end) for row in rows if columns[row] & named]
    if _goes_by_year(document, table):
        spoken = {kind} | {other for other in kinds if any(stem.startswith(other) for stem in title)}
        rows = [row for row in rows if _last(document, row, spoken) == kind]
    return [(row.start, row.end) for row in rows if more <= stems_at(document, row.label)]


def _goes_by_year(document: Document, table: Table) -> bool:
    """Whether columns are years, each later than the one before: what a row is now stands last."""
    found = [YEAR.search(document.text, *column) for column in table.columns]
    years = [int(year.group()) for year in found if year]
    return len(years) > 1 and years == sorted(set(years))


def _last(document: Document, row: Row, kinds: Set[str]) -> str:
    """The last of these kinds in a row that has one of them."""
    return [kind for cell in row.cells if (kind := _kind(document, cell)) in kinds][-1]


def _whole(table: Table) -> list[Span]:
    """A table as one quote: who asks for one column must see which value may stand in it."""
    start, end = table.columns[0][0], table.rows[-1].end
    return [(start, end)] if end - start <= LONGEST_LIST else []


def _is_of(stem: str, kind: str, title: Set[str]) -> bool:
    """Whether a stem of a question is that kind ("groei") or a thing of it that the title speaks of ("groeikern")."""
    return stem.startswith(kind) and not alike(stem).isdisjoint(title)


def _in(stem: str, title: Set[str]) -> bool:
    ends = tuple(alike(stem))
    return stem in title or (len(stem) >= LEAST_LETTERS and any(one.endswith(ends) for one in title))


def _kind(document: Document, cell: Cell) -> str:
    found = KIND.fullmatch(document.text, cell.start, cell.end)
    return "".join(stems([found[1]])[0]) if found else ""


def _title(text: str) -> set[str]:
    """The stems of a title, and those of compounds of which it gives the first half only."""
    title = set(stems([text])[0])
    for first, whole in HALVED.findall(text.lower()):
        ends = [f"{first}{whole[at:]}" for at in range(1, len(whole) - LEAST_LETTERS + 1)]
        title.update(stems([" ".join(ends)])[0])
    return title
