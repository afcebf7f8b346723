"""Reads files into documents; says what is wrong with a file instead of guessing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from pathlib import Path

from corpus.enrichment import Enrichment, beside, load_enrichments
from corpus.errors import InputError
from corpus.find import check_names, document_id, document_title
from corpus.limits import Limits
from corpus.model import Document
from corpus.reading import Reading
from corpus.structure import assemble


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document and the file it came from; `sha256` is the hash of the file (and the enrichment beside it).

    `warnings` are what the file's reader had to say, in Dutch. `collection` is the folder it belongs to, "" for none.
    """

    document: Document
    path: Path
    sha256: str
    warnings: tuple[str, ...] = ()
    enrichments: tuple[Enrichment, ...] = ()
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be read, and why, in Dutch."""

    path: Path
    why: str


def load_documents(paths: Sequence[Path], limits: Limits | None = None) -> list[DocumentFile]:
    """Read every file. Raises InputError that names the first that cannot be read, what was wrong and what to do."""
    check_names(paths)
    return [load_document(path, limits or Limits()) for path in paths]


def load_document(path: Path, limits: Limits) -> DocumentFile:
    """Read one file by its suffix. Raises InputError for one that is missing, damaged, empty, or beyond a limit."""
    file = load_bare(path, limits)
    return replace(file, enrichments=load_enrichments(file.document, path))


def load_bare(path: Path, limits: Limits) -> DocumentFile:
    """The same without what was written for it, which may belong to another version. Raises InputError as above."""
    data = read_bytes(path, limits)
    reading = read_file(path, data, limits)
    _check_length(path, reading, limits)
    titled = reading if reading.title else replace(reading, title=document_title(path))
    return DocumentFile(assemble(document_id(path), titled), path, file_hash(path), reading.warnings)


def read_file(path: Path, data: bytes, limits: Limits) -> Reading:
    """What the reader for this kind of file makes of its bytes."""
    suffix = path.suffix.lower()
    name = str(path)
    if suffix == ".pdf":
        from corpus.pdf.read import read_pdf

        return read_pdf(name, data, limits)
    if suffix == ".docx":
        from corpus.word.read import read_docx

        return read_docx(name, data, limits)
    if suffix in (".html", ".htm"):
        from corpus.web.read import read_html

        return read_html(name, data, limits)
    if suffix == ".md":
        from corpus.web.markdown import read_markdown

        return read_markdown(name, data, limits)
    from corpus.encoding import decode
    from corpus.lines import read_lines

    source = decode(name, data)
    lines, page_starts = read_lines(source)
    return Reading(source, tuple(lines), page_starts)


def file_hashes(paths: Sequence[Path]) -> dict[str, str]:
    """Document id to the hash of the file's bytes, without reading its text. Raises InputError for one that is gone."""
    check_names(paths)
    return {document_id(path): file_hash(path) for path in paths}


def read_bytes(path: Path, limits: Limits) -> bytes:
    """The bytes of a file. Raises InputError for one that is missing, unreadable, too large, or changes meanwhile."""
    try:
        before = path.stat()
        if before.st_size > limits.file_bytes:
            raise InputError(
                f"{path}: het is {before.st_size / 2**20:.0f} MB groot, de grens is {limits.file_bytes / 2**20:g} MB. "
                "Splits het document, of verhoog max_file_mb in de instellingen."
            )
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
        after = path.stat()
    except OSError as error:
        raise InputError(_unreadable(path, error)) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise InputError(
            f"{path}: het bestand veranderde tijdens het lezen. Wacht tot het klaar is en probeer opnieuw."
        )
    return data


def _check_length(path: Path, reading: Reading, limits: Limits) -> None:
    for found, limit, what, setting in (
        (len(reading.source), limits.characters, "tekens", "max_characters"),
        (len(reading.page_starts), limits.pages, "pagina's", "max_pages"),
    ):
        if found > limit:
            raise InputError(
                f"{path}: het document heeft {found} {what}, de grens is {limit}. "
                f"Splits het document, of verhoog {setting} in de instellingen."
            )


def file_hash(path: Path) -> str:
    """The hash of a file's bytes; with an enrichment beside it, of the two hashes. Raises InputError."""
    try:
        hashes = []
        for part in (path, *filter(Path.is_file, (beside(path),))):
            with part.open("rb") as file:
                hashes.append(file_digest(file, "sha256").hexdigest())
        return hashes[0] if len(hashes) == 1 else sha256("".join(hashes).encode()).hexdigest()
    except OSError as error:
        raise InputError(_unreadable(path, error)) from error


def _unreadable(path: Path, error: OSError) -> str:
    return f"{path}: kan het bestand niet lezen ({error.strerror}). Controleer het pad en de rechten."
