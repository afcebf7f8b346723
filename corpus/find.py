"""Finds documents: which files to read, where they came from, and what they are called."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from corpus.catalogue import name_of_collection
from corpus.errors import InputError
from corpus.remote import READ, Place, copy_of, default_folder

SUFFIXES = READ
# Documents all the same, of a kind that is not read: said, where other files are passed over in silence.
UNREAD_SUFFIXES = (".doc", ".odt", ".rtf", ".epub", ".pages", ".wpd")
GIVEN = "opgegeven paden"


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read and, in Dutch, which of the places they came from.

    `named` are those that a user gave one by one; `unread` are documents of a kind that is not read. `collections`
    holds the name of the first folder under the one that was searched, for files that stand in such a folder.
    """

    paths: tuple[Path, ...]
    origin: str
    named: frozenset[Path] = frozenset()
    unread: tuple[Path, ...] = ()
    collections: Mapping[Path, str] = field(default_factory=dict)


def find_documents(given: Sequence[Path], configured: Sequence[Place], root: Path) -> Found:
    """The first of these that exists: paths given, paths in the settings, `documents/`, `../shared/corpus`, the sample.

    A URL in the settings is copied to this machine first. Raises InputError when a path that was given or configured
    is missing or holds no document.
    """
    if given:
        return _expand(given, GIVEN)
    if configured:
        places = [copy_of(p, default_folder()) if isinstance(p, str) else root / p for p in configured]
        return _expand(places, "documents in de instellingen")
    for folder in (root / "documents", root.parent / "shared" / "corpus"):
        if folder.is_dir() and (paths := _in_folder(folder, SUFFIXES)):
            unread = _in_folder(folder, UNREAD_SUFFIXES)
            return Found(paths, f"map {folder}", unread=unread, collections=_collections(folder, paths))
    return Found(sample_documents(), "het voorbeelddocument van Bronvast")


def sample_documents() -> tuple[Path, ...]:
    """The sample document that ships in the package."""
    return _in_folder(Path(str(files("corpus") / "sample")), SUFFIXES)


def check_names(paths: Sequence[Path]) -> None:
    """Raise InputError when two files would get the same document id."""
    names = Counter(document_id(path) for path in paths)
    twice = [str(path) for path in paths if names[document_id(path)] > 1]
    if twice:
        raise InputError(
            f"Deze bestanden hebben dezelfde naam: {', '.join(twice)}. Geef elk document een eigen bestandsnaam."
        )


def document_id(path: Path) -> str:
    """The file's name without suffix, as lower-case words and hyphens."""
    return re.sub(r"[^\w]+", "-", path.stem.lower()).strip("-_") or "document"


def document_title(path: Path) -> str:
    """A readable title from the file's name."""
    words = re.sub(r"[-_\s]+", " ", path.stem).strip()
    return words[:1].upper() + words[1:] or "Document"


def _expand(paths: Sequence[Path], origin: str) -> Found:
    found: list[Path] = []
    named: set[Path] = set()
    unread: list[Path] = []
    collections: dict[Path, str] = {}
    expected = f"Verwacht: {', '.join(SUFFIXES)}"
    for path in paths:
        if path.is_dir():
            inside = _in_folder(path, SUFFIXES)
            if not inside:
                raise InputError(f"{path}: deze map bevat geen document. {expected}.")
            found += inside
            collections |= _collections(path, inside)
            unread += _in_folder(path, UNREAD_SUFFIXES)
        elif not path.exists():
            raise InputError(f"{path}: bestaat niet. Controleer het pad. {expected}, of een map daarmee.")
        elif path.suffix.lower() not in SUFFIXES:
            raise InputError(f"{path}: dit bestandstype wordt niet gelezen. {expected}. Bewaar het als een daarvan.")
        else:
            found.append(path)
            named.add(path)
    return Found(tuple(dict.fromkeys(found)), origin, frozenset(named), tuple(unread), collections)


def _collections(folder: Path, paths: Sequence[Path]) -> dict[Path, str]:
    """The collection of each file that stands in a folder under the one that was searched."""
    below = {path: path.relative_to(folder).parts for path in paths}
    return {path: name_of_collection(parts[0]) for path, parts in below.items() if len(parts) > 1}


def _in_folder(folder: Path, suffixes: Sequence[str]) -> tuple[Path, ...]:
    """Files of these kinds, in order of name; names that start with a dot or "~$" are other programs' own."""
    return tuple(
        sorted(
            path
            for path in folder.rglob("*")
            if path.is_file() and path.suffix.lower() in suffixes and not path.name.startswith((".", "~$"))
        )
    )
