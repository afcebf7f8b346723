"""Documents on disk, read one by one and part by part: an archive is not held in memory to show three quotes of it."""

import json
import mmap
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.model import Document

LISTED, CONTENT, PLACES, TEXTS = "documents.json", "documents.jsonl", "documents.npy", "texts.bin"
# The parts of a document, each a line of its own in CONTENT. The first is read with the document itself.
PARTS = ("sections", "units", "offsets", "parts", "source")
HEAD = ("id", "title", "page_starts", "sections")
# Documents that stay in memory. One of a hundred pages takes about a megabyte when all of it was read.
KEPT = 64
# Python holds a text in 1, 2 or 4 bytes a character, by its widest one, and so do we: a slice is found by counting.
WIDTHS = ((0x100, "latin-1"), (0x10000, "utf-16-le"), (0x110000, "utf-32-le"))
BYTES = {"latin-1": 1, "utf-16-le": 2, "utf-32-le": 4}
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


class StoredDocument(Document):
    """A document whose parts are read when they are first asked for."""

    # An empty slot makes Python call __getattr__, once for each part: what it returns is kept in the slot.
    __slots__ = ("_read",)

    def __getattr__(self, name: str) -> Any:
        if name not in Document.__slots__:
            raise AttributeError(name)
        for part, value in object.__getattribute__(self, "_read")(name).items():
            object.__setattr__(self, part, value)
        return object.__getattribute__(self, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """What is known of a document without opening it; `length` is in characters, `start` in bytes.

    `years` are those that it names, each once.
    """

    id: str
    title: str
    length: int
    start: int
    coding: str
    years: list[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Files:
    """The files of all documents, mapped, and where each document and part is in them."""

    listed: list[Listed]
    content: "mmap.mmap | bytes"
    texts: "mmap.mmap | bytes"
    places: NDArray[np.int64]

    def words(self, number: int, start: int, end: int) -> str:
        one = self.listed[number]
        width = BYTES[one.coding]
        return self.texts[one.start + start * width : one.start + end * width].decode(one.coding, "surrogatepass")

    def read(self, number: int, name: str) -> dict[str, Any]:
        """A field of a document, with what is stored beside it."""
        if name == "text":
            return {"text": self.words(number, 0, self.listed[number].length)}
        part = PARTS.index("sections" if name in HEAD else name)
        start, end = self.places[number, part : part + 2]
        return Document.parts_from_json(json.loads(self.content[start:end]))


@dataclass(slots=True, eq=False, repr=False)
class Documents(Mapping[str, Document]):
    """Documents by id, in the order they were indexed. KEPT stay in memory.

    `years` are those that any of them names.
    """

    years: frozenset[str]
    _files: _Files
    _numbers: dict[str, int]
    _open: "OrderedDict[str, Document]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def __getitem__(self, name: str) -> Document:
        number = self._numbers[name]
        with self._lock:
            document = self._open.get(name)
            if document is None:
                document = self._open[name] = _opened(self._files, number)
            self._open.move_to_end(name)
            if len(self._open) > KEPT:
                self._open.popitem(last=False)
        return document

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def listed(self) -> list[Listed]:
        """What is known of each document without opening it, in order."""
        return self._files.listed

    def number(self, name: str) -> int:
        """The place of a document in the order. Raises KeyError."""
        return self._numbers[name]

    @property
    def titles(self) -> list[str]:
        """The titles of all documents, in order."""
        return [one.title for one in self.listed]

    def years_of(self, names: Iterable[str]) -> frozenset[str]:
        """The years that any of these documents names."""
        return frozenset(year for name in names for year in self.listed[self.number(name)].years)

    def words(self, number: int, start: int, end: int) -> str:
        """`text[start:end]` of a document by its number, without opening it."""
        return self._files.words(number, start, end)


def _opened(files: _Files, number: int) -> Document:
    document = object.__new__(StoredDocument)
    object.__setattr__(document, "_read", partial(files.read, number))
    return document


def save_documents(build: Path, documents: Iterable[Document]) -> None:
    """Write the documents whole: an index needs no other file to show a quote in its source."""
    listed, places, at = [], [], 0
    with (build / CONTENT).open("wb") as content, (build / TEXTS).open("wb") as texts:
        for document in documents:
            coding = next(coding for most, coding in WIDTHS if max(map(ord, document.text), default=0) < most)
            years = sorted(set(YEAR.findall(document.text)))
            listed.append([document.id, document.title, len(document.text), texts.tell(), coding, years])
            texts.write(document.text.encode(coding, "surrogatepass"))
            row = [at]
            for line in _lines(document):
                at += content.write(line)
                row.append(at)
            places.append(row)
    np.save(build / PLACES, np.asarray(places, np.int64).reshape(-1, len(PARTS) + 1))
    (build / LISTED).write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")


def open_documents(build: Path) -> Documents:
    """The inverse of `save_documents`; texts stay in their files, mapped, so that processes share them."""
    listed = [Listed(*row) for row in json.loads((build / LISTED).read_text(encoding="utf-8"))]
    files = _Files(listed, _mapped(build / CONTENT), _mapped(build / TEXTS), np.load(build / PLACES))
    years = frozenset(year for one in listed for year in one.years)
    return Documents(years, files, {one.id: number for number, one in enumerate(listed)})


def _lines(document: Document) -> Iterator[bytes]:
    whole = document.to_json()
    for part in PARTS:
        held = HEAD if part == "sections" else (part,)
        line = json.dumps({name: whole[name] for name in held}, ensure_ascii=False, separators=(",", ":"))
        yield (line + "\n").encode("utf-8", "surrogatepass")


def _mapped(path: Path) -> "mmap.mmap | bytes":
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
