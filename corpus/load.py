"""Finds documents and reads their files; says what is wrong with a file instead of guessing."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from corpus.errors import InputError
from corpus.model import Document
from corpus.structure import read_document

SUFFIXES = (".txt",)
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
GIVEN = "opgegeven paden"
LARGEST = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read and, in Dutch, which of the places they came from."""

    paths: tuple[Path, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document and the file it came from; `sha256` is the hash of the file's bytes when it was read.

    `warnings` are what the file's reader had to say, in Dutch.
    """

    document: Document
    path: Path
    sha256: str
    warnings: tuple[str, ...] = ()


def find_documents(given: Sequence[Path], configured: Sequence[Path], root: Path) -> Found:
    """The first of these that exists: paths given, paths in the settings, `documents/`, `../shared/corpus`, the sample.

    Raises InputError when a path that was given or configured is missing or holds no document.
    """
    if given:
        return Found(_expand(given), GIVEN)
    if configured:
        return Found(_expand([root / path for path in configured]), "documents in de instellingen")
    for folder in (root / "documents", root.parent / "shared" / "corpus"):
        if folder.is_dir() and (paths := _in_folder(folder)):
            return Found(paths, f"map {folder}")
    return Found(sample_documents(), "het voorbeelddocument van Bronvast")


def sample_documents() -> tuple[Path, ...]:
    """The sample document that ships in the package."""
    return _in_folder(Path(str(files("corpus") / "sample")))


def load_documents(paths: Sequence[Path]) -> list[DocumentFile]:
    """Read every file. Raises InputError that names the file, what was wrong and what to do."""
    check_names(paths)
    files = []
    for path in paths:
        data = read_bytes(path)
        document = read_document(document_id(path), document_title(path), decode(path, data))
        files.append(DocumentFile(document, path, sha256(data).hexdigest()))
    return files


def file_hashes(paths: Sequence[Path]) -> dict[str, str]:
    """Document id to the hash of the file's bytes, without reading the structure."""
    check_names(paths)
    return {document_id(path): sha256(read_bytes(path)).hexdigest() for path in paths}


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


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises InputError for one that is missing, unreadable or too large."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path}: het bestand is groter dan {LARGEST // 2**20} MB. Splits het in kleinere delen.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: kan het bestand niet lezen ({error.strerror}). Controleer het pad en de rechten."
        ) from error


def decode(path: Path, data: bytes) -> str:
    """The text in a file's bytes, no line end translated. Raises InputError if it is not UTF-8 or UTF-16, or empty."""
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\x00" in data:
        raise InputError(
            f"{path}: dit is geen tekstbestand (het bevat binaire gegevens). Bewaar het document als .txt in UTF-8."
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}: de tekencodering klopt niet: byte {error.start} (regel {line}) is geen {encoding.upper()}. "
            f"Zet het bestand om naar UTF-8, bijvoorbeeld met: iconv -f WINDOWS-1252 -t UTF-8 in.txt > uit.txt"
        ) from error
    if not text.strip():
        raise InputError(f"{path}: het bestand is leeg. Geef een document met tekst.")
    return text


def _expand(paths: Sequence[Path]) -> tuple[Path, ...]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = _in_folder(path)
            if not inside:
                raise InputError(
                    f"{path}: deze map bevat geen document ({', '.join(SUFFIXES)}). Zet er een .txt-bestand in."
                )
            found += inside
        elif not path.exists():
            raise InputError(
                f"{path}: bestaat niet. Controleer het pad; verwacht: een .txt-bestand of een map daarmee."
            )
        elif path.suffix.lower() not in SUFFIXES:
            raise InputError(f"{path}: dit bestandstype wordt niet gelezen. Verwacht: {', '.join(SUFFIXES)}.")
        else:
            found.append(path)
    return tuple(dict.fromkeys(found))


def _in_folder(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES))
