"""An index on disk and in memory: documents, passages, vectors and words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import IndexUnusableError
from corpus.model import Document, Passage
from index.dense import DenseIndex, load_dense
from index.enriched import EnrichedIndex, load_enriched
from index.floor import Floor, floor_of
from index.manifest import CURE, verify
from index.sparse import WordIndex, load_words

DOCUMENTS, ABBREVIATIONS = "documents.json", "abbreviations.json"
PASSAGES, SENTENCES, CONTEXTS = "passages", "sentences", "contexts"
WORDS, ENRICHED = "words", "enriched"


@dataclass(frozen=True, slots=True)
class Index:
    """An opened index.

    `passages` are shown, `sentences` are quoted, `contexts` are a few sentences that are searched together;
    `dense_sentences` is over `sentences`, `dense_contexts` and `words` are over `contexts`.
    """

    manifest: Mapping[str, Any]
    documents: dict[str, Document]
    passages: list[Passage]
    sentences: list[Passage]
    contexts: list[Passage]
    dense_sentences: DenseIndex
    dense_contexts: DenseIndex
    words: WordIndex
    abbreviations: dict[str, str]
    floor: Floor
    enriched: EnrichedIndex | None = None

    @property
    def fingerprint(self) -> str:
        """The build's name."""
        return str(self.manifest["build"])

    def text(self, passage: Passage) -> str:
        """The passage's words: a slice of its document."""
        return self.documents[passage.document_id].text[passage.start : passage.end]


def open_index(root: Path, manifest: Mapping[str, Any]) -> Index:
    """Verify and load. Raises IndexUnusableError with the cure."""
    build = verify(root, manifest)
    try:
        documents = {d["id"]: Document.from_json(d) for d in _load(build / DOCUMENTS)}
        index = Index(
            manifest,
            documents,
            _read_passages(build / f"{PASSAGES}.json", documents),
            _read_passages(build / f"{SENTENCES}.json", documents),
            _read_passages(build / f"{CONTEXTS}.json", documents),
            load_dense(build / f"{SENTENCES}.faiss"),
            load_dense(build / f"{CONTEXTS}.faiss"),
            load_words(build / WORDS),
            _load(build / ABBREVIATIONS),
            floor_of(manifest),
            load_enriched(build / ENRICHED) if (build / ENRICHED).is_dir() else None,
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise IndexUnusableError(f"{build}: de index kan niet worden gelezen ({error}). {CURE}") from error
    if len(index.contexts) != len(index.dense_contexts) or len(index.sentences) != len(index.dense_sentences):
        raise IndexUnusableError(f"{build}: het aantal passages en vectoren verschilt. {CURE}")
    return index


def save_documents(build: Path, documents: list[Document]) -> None:
    """Write the documents whole: an index needs no other file to show a quote in its source."""
    _dump(build / DOCUMENTS, [document.to_json() for document in documents])


def save_abbreviations(build: Path, abbreviations: Mapping[str, str]) -> None:
    """Write the abbreviations that the documents explain."""
    _dump(build / ABBREVIATIONS, dict(abbreviations))


def save_passages(path: Path, passages: list[Passage], documents: Mapping[str, Document]) -> None:
    """Write passages as spans; sections as positions in their document."""
    positions = {name: {id(s): n for n, s in enumerate(d.sections)} for name, d in documents.items()}
    rows = [[p.id, p.document_id, positions[p.document_id][id(p.section)], p.page, p.start, p.end] for p in passages]
    _dump(path, rows)


def _read_passages(path: Path, documents: Mapping[str, Document]) -> list[Passage]:
    return [
        Passage(name, document, documents[document].sections[section], (page[0], page[1]), start, end)
        for name, document, section, page, start, end in _load(path)
    ]


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _dump(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
