"""Which documents are searched: what an asker may choose, and the documents of an index that this comes to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.catalogue import name_of_collection
from corpus.errors import InputError

MOST_NAMED = 20
NO_COLLECTIONS = (
    "deze index heeft geen collecties. Een collectie is een map onder de map die u aan bronvast index geeft"
)


class SelectionError(InputError):
    """A collection, document, year or kind that the index does not have; the message names those that it has."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What the searched documents must be; a field that is empty leaves it open, and all of them empty is everything.

    `recognise` says whether a question may narrow it: "in de evaluatie van 2021".
    """

    documents: tuple[str, ...] = ()
    collection: str = ""
    year: int | None = None
    kind: str = ""
    recognise: bool = True

    @property
    def is_everything(self) -> bool:
        """Whether nothing is chosen."""
        return not (self.documents or self.collection or self.year or self.kind)


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Filter:
    """Under which choice an answer was looked for, and in how many documents; `words` of the question asked for it.

    Where who asked chose it in another way, `words` is "".
    """

    selection: Selection
    count: int
    words: str = ""

    def to_record(self) -> dict[str, Any]:
        """JSON values, by the names that a question has for them."""
        return {
            "collectie": self.selection.collection,
            "documenten": list(self.selection.documents),
            "jaar": self.selection.year,
            "soort": self.selection.kind,
            "woorden": self.words,
            "aantal": self.count,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the index lists it; `year` is None and the texts are "" where that is not known.

    `title` is in lower case, its words parted by single spaces.
    """

    id: str
    title: str
    collection: str
    year: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The documents of an index that hold passages, in its order."""

    entries: tuple[Entry, ...]
    collections: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = dict.fromkeys(entry.collection for entry in self.entries if entry.collection)
        object.__setattr__(self, "collections", tuple(sorted(names)))

    def chosen(self, selection: Selection) -> frozenset[str]:
        """Ids of the documents that are all that is chosen; never none. Raises SelectionError."""
        collection = name_of_collection(selection.collection) if selection.collection else ""
        known = {entry.id for entry in self.entries}
        if missing := [name for name in selection.documents if name not in known]:
            raise _unknown("document", missing[0], [entry.id for entry in self.entries])
        if collection and collection not in self.collections:
            raise _unknown("collectie", selection.collection, self.collections, NO_COLLECTIONS)
        if selection.year and not any(entry.year == selection.year for entry in self.entries):
            raise _unknown("jaar", str(selection.year), _sorted(str(entry.year or "") for entry in self.entries))
        if selection.kind and not any(entry.kind == selection.kind for entry in self.entries):
            raise _unknown("soort", selection.kind, _sorted(entry.kind for entry in self.entries))
        found = frozenset(
            entry.id
            for entry in self.entries
            if (not selection.documents or entry.id in selection.documents)
            and (not collection or entry.collection == collection)
            and (not selection.year or entry.year == selection.year)
            and (not selection.kind or entry.kind == selection.kind)
        )
        if not found:
            raise SelectionError("Geen enkel document is alles wat u koos. Kies minder tegelijk.")
        return found

    def within(self, names: frozenset[str]) -> "Catalogue":
        """Only these documents."""
        return Catalogue(tuple(entry for entry in self.entries if entry.id in names))


def catalogue_of(manifest: Mapping[str, Any]) -> Catalogue:
    """The documents by the manifest of an index; one made before there were collections has none, years nor kinds."""
    return Catalogue(
        tuple(
            Entry(d["id"], plain(d["title"]), d.get("collection", ""), d.get("year"), d.get("kind", ""))
            for d in manifest["documents"]
            if d["passages"]
        )
    )


def plain(text: str) -> str:
    """The words of a text in lower case, parted by single spaces."""
    return " ".join(re.findall(r"\w+", text.lower()))


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name})


def _unknown(what: str, given: str, known: Sequence[str], none: str = "") -> SelectionError:
    if not known:
        return SelectionError(f"{what} “{given[:100]}”: {none or f'geen document heeft hier een {what}'}.")
    more = f" en nog {len(known) - MOST_NAMED}" if len(known) > MOST_NAMED else ""
    return SelectionError(f"{what} “{given[:100]}” is er niet. Kies uit: {', '.join(known[:MOST_NAMED])}{more}.")
