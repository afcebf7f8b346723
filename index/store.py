"""An index on disk and in memory: documents, passages, vectors and words."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import IndexUnusableError
from corpus.model import Passage
from index.dense import DenseIndex, load_dense
from index.documents import Documents, open_documents
from index.enriched import EnrichedIndex, load_enriched
from index.floor import Floor, floor_of
from index.manifest import CURE, VECTORS, verify
from index.sparse import WordIndex, load_words
from index.table import Passages, load_passages
from index.tokens import TokenShelf

ABBREVIATIONS, NAMED = "abbreviations.json", "named.json"
PASSAGES, SENTENCES, CONTEXTS = "passages", "sentences", "contexts"
WORDS, ENRICHED = "words", "enriched"
# How a question refers to a part: a word and a number.
NAMEABLE = re.compile(r"\w+ \d{1,3}")
# The part that a question about a whole document is answered from.
SUMMARY = "samenvatting"
SUMMARISES = re.compile(r"\b\w*samenvatting\b|\bsummary\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Index:
    """An opened index.

    `passages` are shown, `sentences` are quoted, `contexts` are a few sentences that are searched together;
    `dense_sentences` is over `sentences`, `dense_contexts` and `words` are over `contexts`. `named` holds runs of
    sentences by the label of the part they stand in, `tokens` what was kept of reading sentences.
    All but small tables stays in its files until it is asked for.
    """

    manifest: Mapping[str, Any]
    documents: Documents
    passages: Passages
    sentences: Passages
    contexts: Passages
    dense_sentences: DenseIndex
    dense_contexts: DenseIndex
    words: WordIndex
    abbreviations: dict[str, str]
    floor: Floor
    named: Mapping[str, list[list[int]]]
    enriched: EnrichedIndex | None = None
    tokens: TokenShelf | None = None

    @property
    def fingerprint(self) -> str:
        """The build's name."""
        return str(self.manifest["build"])

    def text(self, passage: Passage) -> str:
        """The passage's words: a slice of its document."""
        return self.documents.words(self.documents.number(passage.document_id), passage.start, passage.end)


def open_index(root: Path, manifest: Mapping[str, Any], vectors: Path | None = None) -> Index:
    """Verify and load; `vectors` is the folder that `build_index` got. Raises IndexUnusableError with the cure."""
    build = verify(root, manifest)
    try:
        documents = open_documents(build)
        index = Index(
            manifest,
            documents,
            load_passages(build / f"{PASSAGES}.npy", documents),
            load_passages(build / f"{SENTENCES}.npy", documents),
            load_passages(build / f"{CONTEXTS}.npy", documents),
            load_dense(build / f"{SENTENCES}.faiss"),
            load_dense(build / f"{CONTEXTS}.faiss"),
            load_words(build / WORDS),
            _load(build / ABBREVIATIONS),
            floor_of(manifest),
            _load(build / NAMED),
            load_enriched(build / ENRICHED) if (build / ENRICHED).is_dir() else None,
            TokenShelf(vectors or root / VECTORS, manifest["model"]["fingerprint"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise IndexUnusableError(f"{build}: de index kan niet worden gelezen ({error}). {CURE}") from error
    if len(index.contexts) != len(index.dense_contexts) or len(index.sentences) != len(index.dense_sentences):
        raise IndexUnusableError(f"{build}: het aantal passages en vectoren verschilt. {CURE}")
    return index


def save_abbreviations(build: Path, abbreviations: Mapping[str, str]) -> None:
    """Write the abbreviations that the documents explain."""
    _dump(build / ABBREVIATIONS, dict(abbreviations))


def save_named(build: Path, sentences: Iterable[Passage]) -> None:
    """Write which sentences stand in each part that a question can name ("tabel 1"), as runs of positions.

    SUMMARY are the chapters that sum up a document.
    """
    runs: dict[str, list[list[int]]] = {}
    for position, sentence in enumerate(sentences):
        chapter, *inside = sentence.section.path
        labels = [*filter(NAMEABLE.fullmatch, inside), *([SUMMARY] if SUMMARISES.search(chapter) else [])]
        for label in labels:
            known = runs.setdefault(label, [])
            if known and known[-1][1] == position:
                known[-1][1] += 1
            else:
                known.append([position, position + 1])
    _dump(build / NAMED, runs)


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _dump(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
