"""Passages as columns in one mapped file: a passage becomes an object only when it is looked at."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from corpus.model import Document, Passage
from corpus.passages import passage_id
from index.cover import Spans
from index.documents import Documents

COLUMNS = np.dtype(
    [(name, np.int32) for name in ("document", "section", "first_page", "last_page", "start", "end", "copy")]
)
"""`document` and `section` are positions; `copy` counts passages of a document that are named alike."""

# Texts of passages that stay in memory.
KEPT = 2**15

Positions = Sequence[int] | NDArray[np.int64]


class Passages(Sequence[Passage]):
    """The passages of an index in order, those of one document together; `rows` is `(n,)` of COLUMNS."""

    def __init__(self, rows: NDArray[Any], documents: Documents) -> None:
        self._rows = np.asarray(rows)  # a plain array over the mapped file
        self._documents = documents
        # The same passages are looked at for many questions: some megabytes of words save reading them again.
        self._words = lru_cache(KEPT)(documents.words)
        # Of what they need, not of this object: who refers to itself keeps its file mapped until memory is tidied.
        self._read = partial(_passage, documents, self._words)
        self._looked_at = lru_cache(KEPT)(partial(_passage_at, self._rows, self._read))
        # Where the passages of each document begin, and of the last one end.
        self._firsts = np.searchsorted(np.asarray(rows["document"]), np.arange(len(documents) + 1))

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, position: int) -> Passage: ...
    @overload
    def __getitem__(self, position: slice) -> list[Passage]: ...
    def __getitem__(self, position: int | slice) -> Passage | list[Passage]:
        if isinstance(position, slice):
            return [self._read(row) for row in self._rows[position]]
        return self._looked_at(int(position))

    def __iter__(self) -> Iterator[Passage]:
        return (self._read(row) for row in self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as any sequence that compares by what it holds

    def column(self, name: str, positions: Positions) -> NDArray[np.int64]:
        """One of COLUMNS at these positions, `(n,)`."""
        return self._rows[name][np.asarray(positions, np.int64)].astype(np.int64)

    def texts(self, positions: Positions) -> list[str]:
        """The words of the passages at these positions, without opening their documents."""
        rows = self._rows[np.asarray(positions, np.int64)]
        columns = (rows[name].tolist() for name in ("document", "start", "end"))
        return [self._words(*place) for place in zip(*columns, strict=True)]

    def spans(self, origins: NDArray[np.int64]) -> Spans:
        """All spans, in documents laid end to end; `origins` says where each document starts, by position."""
        base = origins[self._rows["document"]]
        return Spans(base + self._rows["start"], base + self._rows["end"])

    def of_document(self, name: str) -> range:
        """The positions of a document's passages. Raises KeyError."""
        number = self._documents.number(name)
        return range(int(self._firsts[number]), int(self._firsts[number + 1]))

    def find(self, name: str, document: str) -> Passage | None:
        """The passage of a document with this id."""
        if document not in self._documents:
            return None
        return next((one for one in map(self.__getitem__, self.of_document(document)) if one.id == name), None)


def _passage_at(rows: NDArray[Any], read: Callable[[Any], Passage], position: int) -> Passage:
    return read(rows[position])


def _passage(documents: Documents, words: Callable[[int, int, int], str], row: Any) -> Passage:
    number, section, first, last, start, end, copy = row.tolist()
    document = documents[documents.listed[number].id]
    within = document.sections[section]
    name = passage_id(within, words(number, start, end), copy)
    return Passage(name, document.id, within, (first, last), start, end)


def save_passages(path: Path, passages: Iterable[Passage], documents: Mapping[str, Document]) -> None:
    """Write passages as spans, in the order of the documents."""
    numbers = {name: number for number, name in enumerate(documents)}
    by_document = groupby(passages, key=lambda passage: passage.document_id)
    save_rows(path, [rows_of(some, numbers[name], documents[name]) for name, some in by_document])


def rows_of(passages: Iterable[Passage], number: int, document: Document) -> NDArray[Any]:
    """The passages of one document, the one with this number, as `(n,)` of COLUMNS."""
    sections = {id(section): place for place, section in enumerate(document.sections)}
    rows = []
    for one in passages:
        name = passage_id(one.section, document.text[one.start : one.end])
        copy = int(one.id[len(name) + 1 :] or 1)
        rows.append((number, sections[id(one.section)], *one.page, one.start, one.end, copy))
    return np.asarray(rows, COLUMNS)


def save_rows(path: Path, rows: Sequence[NDArray[Any]]) -> None:
    """Write the rows of all documents, in their order."""
    np.save(path, np.concatenate([np.zeros(0, COLUMNS), *rows]))


def load_passages(path: Path, documents: Documents) -> Passages:
    """The inverse of `save_passages`; the columns stay in the file, mapped."""
    return Passages(np.load(path, mmap_mode="r"), documents)
