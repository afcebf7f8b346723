"""Documents to an index: chunk, embed, count words, write beside the old index, swap in whole."""

import errno
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from threadpoolctl import threadpool_limits

from corpus.abbreviations import find_abbreviations
from corpus.catalogue import kind_of, year_of
from corpus.enrichment import SHIPPED, Enrichment
from corpus.errors import BronvastError, InputError
from corpus.load import DocumentFile
from corpus.model import Document, Passage
from corpus.passages import chunk
from index.dense import build_dense
from index.documents import save_documents
from index.embedded import embedded_text
from index.encode import Encoder
from index.enriched import build_enriched, questions_of
from index.everyday import EVERYDAY
from index.floor import Floor, floor_values, measure_floor
from index.manifest import VECTORS, Recipe, publish, recipe_of, recipe_values, settle, write_manifest
from index.reuse import Progress, RememberingEncoder
from index.sparse import build_words
from index.store import (
    CONTEXTS,
    ENRICHED,
    PASSAGES,
    SENTENCES,
    WORDS,
    save_abbreviations,
    save_named,
)
from index.table import save_passages
from index.tokens import MOST_KEPT as MOST_READ

# Sentences in a context: measured against 2 and 5 in docs/metingen.md.
CONTEXT = 3
# The modules that decide what stands in an index.
INDEXING = (
    *("build", "dense", "embedded", "enriched", "floor", "near", "rounded", "scale", "sparse", "store"),
    *("everyday", "unanswered"),
)


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
    read: bool = False,
) -> Mapping[str, Any]:
    """Build and publish an index; returns its manifest. Whatever goes wrong, the old index stays as it was.

    `progress` counts the texts that must really be embedded. `refused` are files that cannot be read: their `id`,
    `file`, `file_sha256` and `why`. `vectors` is where vectors are kept from one indexing to the next, without it a
    folder in `root`. `before` gets the manifest when the build is whole and not yet current: what it raises, leaves the
    old index as it was. With `read` the token vectors of sentences are kept with the vectors.

    Raises InputError when the documents hold no text, BronvastError when the disk is full or cannot be written, or
    when another process is indexing.
    """
    pieces = _cut(files, recipe)
    passages = Counter(passage.document_id for passage in pieces.passages)
    content = {
        "origin": origin,
        "model": {"name": model_name, "fingerprint": encoder.fingerprint, "dimension": encoder.dimension},
        "recipe": recipe_values(recipe),
        "documents": [_describe(file, passages[file.document.id]) for file in files],
        "refused": list(refused),
        "passages": len(pieces.passages),
        "sentences": len(pieces.sentences),
        "enrichments": len(pieces.enrichments),
    }
    try:
        root.mkdir(parents=True, exist_ok=True)
        sentences = pieces.texts(pieces.sentences) if read and len(pieces.sentences) <= MOST_READ else []
        remembering = RememberingEncoder(encoder, vectors or root / VECTORS, sentences)
        with closing(remembering), FileLock(root / ".lock", timeout=0):
            manifest = _write_and_publish(root, pieces, remembering, content, progress, before)
            remembering.finish()
        return manifest
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
    pieces: _Pieces,
    encoder: RememberingEncoder,
    content: Mapping[str, Any],
    progress: Progress,
    before: Callable[[Mapping[str, Any]], None],
) -> Mapping[str, Any]:
    """Write everything in a folder that nobody reads yet, give it its name, and point to it."""
    build = root / ".new"
    shutil.rmtree(build, ignore_errors=True)  # of a run that was killed
    try:
        build.mkdir()
        sentences, contexts = pieces.texts(pieces.sentences), pieces.texts(pieces.contexts)
        questions = questions_of(pieces.enrichments)
        restatements = [one.restatement for one in pieces.enrichments]
        encoder.learn([*sentences, *contexts, *restatements], questions, progress)
        # Threads that wait for each other cost more than they gain, and one gives the same bits on every machine.
        with threadpool_limits(1, "blas"):
            floor = _save_vectors(build, sentences, contexts, pieces.enrichments, encoder)
        build_words(contexts).save(build / WORDS)
        save_documents(build, pieces.documents.values())
        save_abbreviations(build, find_abbreviations(document.text for document in pieces.documents.values()))
        save_named(build, pieces.sentences)
        save_passages(build / f"{PASSAGES}.npy", pieces.passages, pieces.documents)
        save_passages(build / f"{SENTENCES}.npy", pieces.sentences, pieces.documents)
        save_passages(build / f"{CONTEXTS}.npy", pieces.contexts, pieces.documents)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = settle(root, build, write_manifest(build, {**content, "floor": floor_values(floor)}, created))
        before(manifest)
        publish(root, root / str(manifest["build"]))
    finally:
        shutil.rmtree(build, ignore_errors=True)
    return manifest


def _save_vectors(
    build: Path, sentences: Sequence[str], contexts: Sequence[str], enrichments: Sequence[Enrichment], encoder: Encoder
) -> Floor:
    dense = {SENTENCES: build_dense(encoder.encode_passages(sentences))}
    dense[CONTEXTS] = build_dense(encoder.encode_passages(contexts))
    for name, index in dense.items():
        index.save(build / f"{name}.faiss")
    if enrichments:
        build_enriched(enrichments, encoder).save(build / ENRICHED)
    return measure_floor(list(dense.values()), encoder)


def _describe(file: DocumentFile, passages: int) -> dict[str, Any]:
    return {
        "id": file.document.id,
        "title": file.document.title,
        "sha256": file.document.sha256,
        "file": str(file.path.resolve()),
        "file_sha256": file.sha256,
        "pages": len(file.document.page_starts),
        "passages": passages,
        "collection": file.collection,
        "year": year_of(file.document.title, file.path.stem),
        "kind": kind_of(file.document.title, file.path.stem),
    }


def reader_fingerprint() -> str:
    """Names the code that turns a file into what is searched: an index made by other code is stale."""
    digest = sha256()
    folders = [package_files(name) for name in ("corpus", "corpus.pdf", "corpus.web", "corpus.word")]
    reading = [path for folder in folders for path in folder.iterdir() if path.name.endswith(".py")]
    indexing = [package_files("index").joinpath(f"{name}.py") for name in INDEXING]
    written = [*package_files("corpus").joinpath(SHIPPED).iterdir()]
    written.append(package_files("index").joinpath("data", EVERYDAY))
    for path in sorted([*reading, *indexing, *written], key=lambda path: path.name):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _explain(root: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{root}: de schijf is vol. Maak ruimte vrij en probeer het opnieuw. De oude index is niet veranderd."
    return (
        f"{root}: kan de index niet schrijven ({error.strerror or error}). Controleer de map en de rechten. "
        f"De oude index is niet veranderd."
    )
