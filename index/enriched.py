"""Questions and restatements that were written for passages: searched beside the text, pointing into it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.enrichment import Enrichment
from corpus.model import Passage
from index.dense import DenseIndex, Scored, build_dense, load_dense
from index.encode import Encoder
from index.sparse import WordIndex, build_words, load_words

SPANS, QUESTIONS, RESTATEMENTS, WORDS = "spans.json", "questions.faiss", "restatements.faiss", "words"
# A passage that shares at least this part of the shorter of the two is what an enrichment speaks of.
SAME_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class EnrichedSpan:
    """A span of a document that questions and a restatement belong to."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signals:
    """One value per span, higher is better: its best question by cosine and by words, and its restatement."""

    questions: NDArray[np.float32]
    restatement: NDArray[np.float32]
    words: NDArray[np.float32]


class EnrichedIndex:
    """Searches what was written for spans; `owners[n]` is the span that question `n` belongs to."""

    def __init__(
        self,
        spans: list[EnrichedSpan],
        owners: NDArray[np.int64],
        questions: DenseIndex,
        restatements: DenseIndex,
        words: WordIndex,
    ) -> None:
        self.spans = spans
        self.documents = frozenset(span.document_id for span in spans)
        self._owners = owners
        self._questions = questions
        self._restatements = restatements
        self._words = words

    def signals(self, vector: NDArray[np.float32], question: str) -> Signals:
        """How well each span matches a question; `vector` is the question's, `(dimension,)` and of length 1."""
        asked = self._best(self._questions.search(vector, len(self._questions)), -1.0)
        words = self._best(self._words.search(question, len(self._owners)), 0.0)
        restated = np.zeros(len(self.spans), np.float32)
        for position, score in self._restatements.search(vector, len(self.spans)):
            restated[position] = score
        return Signals(asked, restated, words)

    def _best(self, ranking: Scored, lowest: float) -> NDArray[np.float32]:
        values = np.full(len(self.spans), lowest, np.float32)
        if ranking:
            positions, scores = zip(*ranking, strict=True)
            np.maximum.at(values, self._owners[list(positions)], np.asarray(scores, np.float32))
        return values

    def save(self, folder: Path) -> None:
        """Write a folder."""
        folder.mkdir()
        rows = [[span.document_id, span.start, span.end] for span in self.spans]
        content = {"spans": rows, "owners": self._owners.tolist()}
        (folder / SPANS).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        self._questions.save(folder / QUESTIONS)
        self._restatements.save(folder / RESTATEMENTS)
        self._words.save(folder / WORDS)


def build_enriched(enrichments: Sequence[Enrichment], encoder: Encoder) -> EnrichedIndex:
    """An index over enrichments. Their questions are encoded as questions: they are compared with one."""
    spans = [EnrichedSpan(one.document_id, one.start, one.end) for one in enrichments]
    owners = np.asarray([n for n, one in enumerate(enrichments) for _ in one.questions], np.int64)
    questions = [question for one in enrichments for question in one.questions]
    vectors = _in_batches(questions, encoder)
    restatements = encoder.encode_passages([one.restatement for one in enrichments])
    return EnrichedIndex(spans, owners, build_dense(vectors), build_dense(restatements), build_words(questions))


def load_enriched(folder: Path) -> EnrichedIndex:
    """The inverse of `save`."""
    content = json.loads((folder / SPANS).read_text(encoding="utf-8"))
    return EnrichedIndex(
        [EnrichedSpan(*row) for row in content["spans"]],
        np.asarray(content["owners"], np.int64),
        load_dense(folder / QUESTIONS),
        load_dense(folder / RESTATEMENTS),
        load_words(folder / WORDS),
    )


def spans_of(passages: Sequence[Passage], spans: Sequence[EnrichedSpan]) -> list[list[int]]:
    """For each passage the positions of the spans that are about the same place."""
    by_document: dict[str, list[int]] = {}
    for position, span in enumerate(spans):
        by_document.setdefault(span.document_id, []).append(position)
    return [
        [n for n in by_document.get(passage.document_id, []) if _same_place(passage, spans[n])] for passage in passages
    ]


def _same_place(passage: Passage, span: EnrichedSpan) -> bool:
    shared = min(passage.end, span.end) - max(passage.start, span.start)
    return shared >= SAME_PLACE * min(passage.end - passage.start, span.end - span.start)


def _in_batches(questions: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    size = 64
    parts = [encoder.encode_queries(questions[start : start + size]) for start in range(0, len(questions), size)]
    return np.concatenate(parts)
