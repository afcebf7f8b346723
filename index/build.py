"""Documents to an index: chunk, embed, count words, write beside the old index, swap in whole."""

import errno
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from corpus.abbreviations import find_abbreviations
from corpus.enrichment import SHIPPED, Enrichment
from corpus.errors import BronvastError, InputError
from corpus.load import DocumentFile
from corpus.model import Document, Kind, Passage
from corpus.passages import chunk, lead_of
from index.dense import build_dense
from index.encode import Encoder
from index.enriched import build_enriched
from index.floor import Floor, floor_values, measure_floor
from index.manifest import FORMAT, VECTORS, Recipe, publish, recipe_of, recipe_values, write_manifest
from index.reuse import RememberingEncoder
from index.sparse import build_words
from index.store import (
    CONTEXTS,
    ENRICHED,
    PASSAGES,
    SENTENCES,
    WORDS,
    save_abbreviations,
    save_documents,
    save_passages,
)

# Sentences in a context: measured against 2 and 5 in docs/metingen.md.
CONTEXT = 3

Progress = Callable[[int, int], None]
"""Told how many texts are embedded, and out of how many."""


def is_current(manifest: Mapping[str, Any] | None, hashes: Mapping[str, str], fingerprint: str, recipe: Recipe) -> bool:
    """Whether an index was made of exactly these files (document id to hash), by this model and recipe.

    Files that could not be read when it was made count too: they are not tried again until they change.
    """
    return (
        manifest is not None
        and manifest["model"]["fingerprint"] == fingerprint
        and recipe_of(manifest) == recipe
        and {d["id"]: d["file_sha256"] for d in [*manifest["documents"], *manifest["refused"]]} == dict(hashes)
    )


def build_index(
    root: Path,
    files: Sequence[DocumentFile],
    origin: str,
    encoder: Encoder,
    model_name: str,
    recipe: Recipe,
    progress: Progress,
    refused: Sequence[Mapping[str, Any]] = (),
    vectors: Path | None = None,
    before: Callable[[Mapping[str, Any]], None] = lambda _manifest: None,
) -> Mapping[str, Any]:
    """Build and publish an index; returns its manifest. Whatever goes wrong, the old index stays as it was.

    `refused` are files that cannot be read: their `id`, `file`, `file_sha256` and `why`. `vectors` is where vectors are
    kept from one indexing to the next, without it a folder in `root`. `before` gets the manifest when the build is
    whole and not yet current: what it raises, leaves the old index as it was.

    Raises InputError when the documents hold no text, BronvastError when the disk is full or cannot be written, or
    when another process is indexing.
    """
    pieces = _cut(files, recipe)
    created = datetime.now(UTC)
    name = f"{created:%Y%m%dT%H%M%S%f}-{os.getpid()}"
    content = {
        "format": FORMAT,
        "build": name,
        "created": created.isoformat(timespec="seconds"),
        "origin": origin,
        "model": {"name": model_name, "fingerprint": encoder.fingerprint, "dimension": encoder.dimension},
        "recipe": recipe_values(recipe),
        "documents": [_describe(file, pieces.passages) for file in files],
        "refused": list(refused),
        "passages": len(pieces.passages),
        "sentences": len(pieces.sentences),
        "enrichments": len(pieces.enrichments),
    }
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / ".lock", timeout=0):
            remembering = RememberingEncoder(encoder, vectors or root / VECTORS)
            try:
                return _write_and_publish(root, name, pieces, remembering, content, progress, before)
            finally:
                remembering.save()
    except Timeout as error:
        raise BronvastError(
            f"{root}: een ander proces is deze index al aan het maken. Wacht tot dat klaar is."
        ) from error
    except OSError as error:
        raise BronvastError(_explain(root, error)) from error


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Documents cut three ways: into passages that are shown, sentences that are quoted, and contexts for these."""

    documents: dict[str, Document]
    passages: list[Passage]
    sentences: list[Passage]
    contexts: list[Passage]
    enrichments: list[Enrichment]

    def texts(self, pieces: Sequence[Passage]) -> list[str]:
        return [embedded_text(self.documents[piece.document_id], piece) for piece in pieces]


def _cut(files: Sequence[DocumentFile], recipe: Recipe) -> _Pieces:
    documents = {file.document.id: file.document for file in files}
    passages = [p for document in documents.values() for p in chunk(document, recipe.window, recipe.stride)]
    sentences = [p for document in documents.values() for p in chunk(document, 1, 1)]
    contexts = [p for document in documents.values() for p in chunk(document, CONTEXT, 1)]
    if not passages:
        raise InputError("De documenten bevatten geen leesbare zinnen. Geef een document met lopende tekst.")
    return _Pieces(documents, passages, sentences, contexts, [one for file in files for one in file.enrichments])


def _write_and_publish(
    root: Path,
    name: str,
    pieces: _Pieces,
    encoder: Encoder,
    content: Mapping[str, Any],
    progress: Progress,
    before: Callable[[Mapping[str, Any]], None],
) -> Mapping[str, Any]:
    """Write everything in a folder that nobody reads yet, give it its name, and point to it."""
    build = root / f".new-{name}"
    try:
        build.mkdir()
        floor = _save_vectors(build, pieces, encoder, progress)
        build_words(pieces.texts(pieces.contexts)).save(build / WORDS)
        save_documents(build, list(pieces.documents.values()))
        save_abbreviations(build, find_abbreviations(document.text for document in pieces.documents.values()))
        save_passages(build / f"{PASSAGES}.json", pieces.passages, pieces.documents)
        save_passages(build / f"{SENTENCES}.json", pieces.sentences, pieces.documents)
        save_passages(build / f"{CONTEXTS}.json", pieces.contexts, pieces.documents)
        manifest = write_manifest(build, {**content, "floor": floor_values(floor)})
        build.replace(root / name)
        before(manifest)
        publish(root, root / name)
    finally:
        shutil.rmtree(build, ignore_errors=True)
    return manifest


def _save_vectors(build: Path, pieces: _Pieces, encoder: Encoder, progress: Progress) -> Floor:
    written = sum(len(one.questions) + 1 for one in pieces.enrichments)
    total, ready = len(pieces.sentences) + len(pieces.contexts) + written, 0
    progress(0, total)

    def done(more: int) -> None:
        nonlocal ready
        ready += more
        progress(ready, total)

    sentences = build_dense(encoder.encode_passages(pieces.texts(pieces.sentences), done))
    contexts = build_dense(encoder.encode_passages(pieces.texts(pieces.contexts), done))
    sentences.save(build / f"{SENTENCES}.faiss")
    contexts.save(build / f"{CONTEXTS}.faiss")
    if pieces.enrichments:
        build_enriched(pieces.enrichments, encoder, done).save(build / ENRICHED)
    return measure_floor([sentences, contexts], encoder)


def _describe(file: DocumentFile, passages: Sequence[Passage]) -> dict[str, Any]:
    return {
        "id": file.document.id,
        "title": file.document.title,
        "sha256": file.document.sha256,
        "file": str(file.path.resolve()),
        "file_sha256": file.sha256,
        "pages": len(file.document.page_starts),
        "passages": sum(passage.document_id == file.document.id for passage in passages),
    }


def reader_fingerprint() -> str:
    """Names the code that turns a file into what is searched: an index made by other code is stale."""
    digest = sha256()
    folders = [package_files(name) for name in ("corpus", "corpus.pdf", "corpus.web", "corpus.word")]
    reading = [path for folder in folders for path in folder.iterdir() if path.name.endswith(".py")]
    indexing = [
        package_files("index").joinpath(n) for n in ("build.py", "sparse.py", "floor.py", "scale.py", "enriched.py")
    ]
    shipped = list(package_files("corpus").joinpath(SHIPPED).iterdir())
    for path in sorted([*reading, *indexing, *shipped], key=lambda path: path.name):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def embedded_text(document: Document, passage: Passage) -> str:
    """What is embedded and counted for a passage: the titles it stands under, what introduces its list, its words.

    Without them a list of names does not say whose names they are, nor an item what it is an example of.
    """
    around = document.enclosing(passage.section)
    titles = [f"{s.number} {s.title}".strip() if s.kind in (Kind.BOX, Kind.TABLE) else s.title for s in around]
    words = document.text[passage.start : passage.end]
    return "\n".join(
        filter(None, (" > ".join(filter(None, titles)), lead_of(document, passage.start, passage.end), words))
    )


def _explain(root: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{root}: de schijf is vol. Maak ruimte vrij en probeer het opnieuw. De oude index is niet veranderd."
    return (
        f"{root}: kan de index niet schrijven ({error.strerror or error}). Controleer de map en de rechten. "
        f"De oude index is niet veranderd."
    )
