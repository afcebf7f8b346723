"""What a person sees on paper besides sections: lists, links, the cells of tables, the people in a list of names."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from corpus.offsets import Span


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list: its items in order, their bullets or numbers included, and the sentence that introduces them, if any."""

    introduction: Span | None
    items: tuple[Span, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the text that points elsewhere: a footnote's marker or "zie ook deel 8".

    `section` is a position in `Document.sections`, -1 for a reference to a page; `page` is 0 for one to a section.
    """

    start: int
    end: int
    section: int
    page: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row; `column` is a position in `Table.columns`, -1 where the text does not tell which."""

    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """A table row: what it is about, and its values."""

    start: int
    end: int
    label: Span
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The grid of a table section: names of the value columns, rows, and the notes below it with the star they explain.

    Without `columns` the rows stand as they were read; `section` is a position in `Document.sections`.
    """

    section: int
    columns: tuple[Span, ...]
    rows: tuple[Row, ...]
    notes: tuple[Span, ...]


def as_pairs(text: str, table: Table, row: Row) -> str:
    """A row as "label (column: value; ...)"; a value whose column is not known stands alone. "" without columns.

    For showing beside the row as it stands, never in place of it.
    """
    if not table.columns or not row.cells:
        return ""
    values = [
        f"{text[slice(*table.columns[cell.column])]}: {text[cell.start : cell.end]}"
        if cell.column >= 0
        else text[cell.start : cell.end]
        for cell in row.cells
    ]
    return f"{text[slice(*row.label)]} ({'; '.join(values)})"


@dataclass(frozen=True, slots=True)
class Person:
    """A record in a list of names; `group` is the section it stands in, a position in `Document.sections`."""

    start: int
    end: int
    name: Span
    function: Span | None
    organisation: Span | None
    group: int


@dataclass(frozen=True, slots=True)
class Parts:
    """All of these in a document, each kind ordered by start."""

    lists: tuple[ItemList, ...] = ()
    links: tuple[Link, ...] = ()
    tables: tuple[Table, ...] = ()
    people: tuple[Person, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Parts":
        """The inverse of `to_json`."""
        return cls(
            lists=tuple(ItemList(_span(x["introduction"]), _spans(x["items"]), x["numbered"]) for x in data["lists"]),
            links=tuple(Link(**x) for x in data["links"]),
            tables=tuple(
                Table(x["section"], _spans(x["columns"]), tuple(map(_row, x["rows"])), _spans(x["notes"]))
                for x in data["tables"]
            ),
            people=tuple(
                Person(
                    x["start"], x["end"], _sure(x["name"]), _span(x["function"]), _span(x["organisation"]), x["group"]
                )
                for x in data["people"]
            ),
        )


def _row(data: Mapping[str, Any]) -> Row:
    return Row(data["start"], data["end"], _sure(data["label"]), tuple(Cell(**cell) for cell in data["cells"]))


def _span(value: Any) -> Span | None:
    return None if value is None else _sure(value)


def _sure(value: Any) -> Span:
    return int(value[0]), int(value[1])


def _spans(values: Any) -> tuple[Span, ...]:
    return tuple(map(_sure, values))
