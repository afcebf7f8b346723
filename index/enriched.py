"""Questions and restatements that were written for passages: searched beside the text, pointing into it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.enrichment import Enrichment
from index.dense import DenseIndex, build_dense, load_dense
from index.encode import Encoder
from index.everyday import everyday_questions
from index.sparse import WordIndex, build_words, load_words
from index.unanswered import (
    NO_CONTRAST,
    Contrast,
    Near,
    UnansweredIndex,
    build_unanswered,
    load_unanswered,
    unanswered_of,
)

SPANS, QUESTIONS, RESTATEMENTS, WORDS = "spans.json", "questions.faiss", "restatements.faiss", "words"
UNANSWERED = "unanswered.faiss"
BATCH = 64
# Of so many stems is remembered where they were asked: some kilobytes each.
STEMS_KEPT = 512

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EnrichedSpan:
    """A span of a document that questions and a restatement belong to."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signals:
    """One value per span, higher is better: its best question by vector and by words, and its restatement.

    Vectors count in standard deviations above the mean of their collection, words in BM25. `nearest` are the cosines
    of the best question and of the best restatement, `answered` those of the nearest questions.
    """

    questions: Values
    restatement: Values
    words: Values
    nearest: tuple[float, float]
    answered: Near


class EnrichedIndex:
    """Searches what was written for spans; `owners[n]` is the span that question `n` belongs to, ascending."""

    def __init__(
        self,
        spans: list[EnrichedSpan],
        owners: NDArray[np.int64],
        questions: DenseIndex,
        restatements: DenseIndex,
        words: WordIndex,
        unanswered: UnansweredIndex | None = None,
    ) -> None:
        self.spans = spans
        self.documents = frozenset(span.document_id for span in spans)
        self._owners = owners
        self._questions = questions
        self._restatements = restatements
        self._words = words
        self._unanswered = unanswered
        self._asked_with = lru_cache(STEMS_KEPT)(partial(_holding, owners, words))

    def signals(self, vector: Values, question: str, depth: int, chosen: NDArray[np.bool_] | None = None) -> Signals:
        """How well each span matches a question; `vector` is the question's, `(dimension,)` and of length 1.

        Only the `depth` nearest questions and restatements are looked at; the others count as the last of these. With
        `chosen` `(spans,)`, at least one of them true, only the chosen spans are looked at.
        """
        own = self._of(chosen)
        positions, cosines = self._questions.nearest(vector, depth, own)
        heights = self._questions.raised(vector, cosines)
        asked = self._best(self._owners[positions], heights, float(heights[-1]))
        answered = Near(cosines, len(self._owners) if own is None else int(own.sum()))
        positions, cosines = self._restatements.nearest(vector, depth, chosen)
        heights = self._restatements.raised(vector, cosines)
        restated = np.full(len(self.spans), heights[-1], np.float32)
        restated[positions] = heights
        words = self._best(self._owners, self._words.scores(question), 0.0)
        return Signals(asked, restated, words, (float(answered.cosines[0]), float(cosines[0])), answered)

    def contrast(self, vector: Values, answered: Near, chosen: NDArray[np.bool_] | None = None) -> Contrast:
        """How a question lies between those with an answer and those without; see UnansweredIndex."""
        return self._unanswered.contrast(vector, answered, chosen) if self._unanswered else NO_CONTRAST

    def contrasts(self, chosen: NDArray[np.bool_] | None = None) -> bool:
        """Whether questions without an answer were written for any of the chosen spans, or of all."""
        return self._unanswered is not None and self._unanswered.knows(chosen)

    def knows(self, stem: str, chosen: NDArray[np.bool_] | None = None) -> bool:
        """Whether any question, of the chosen spans or of all, has this stem."""
        return self._words.knows(stem, self._of(chosen))

    def _of(self, chosen: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """Which questions belong to the chosen spans."""
        return None if chosen is None else chosen[self._owners]

    def asked_with(self, stem: str) -> NDArray[np.int64]:
        """Positions of the spans of which a question has this stem, ascending; once for each question that has it."""
        return self._asked_with(stem)

    def asks(self, stem: str, spans: NDArray[np.int64]) -> bool:
        """Whether a question of one of these spans has this stem."""
        owners = self.asked_with(stem)
        return bool(len(owners)) and bool((owners.take(np.searchsorted(owners, spans), mode="clip") == spans).any())

    def _best(self, owners: NDArray[np.int64], found: Values, lowest: float) -> Values:
        values = np.full(len(self.spans), lowest, np.float32)
        np.maximum.at(values, owners, found)
        return values

    @property
    def dense(self) -> tuple[DenseIndex, DenseIndex]:
        """The vectors of the questions, and those of the restatements."""
        return self._questions, self._restatements

    def save(self, folder: Path) -> None:
        """Write a folder."""
        folder.mkdir()
        rows = [[span.document_id, span.start, span.end] for span in self.spans]
        content = {"spans": rows, "owners": self._owners.tolist()}
        (folder / SPANS).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        self._questions.save(folder / QUESTIONS)
        self._restatements.save(folder / RESTATEMENTS)
        self._words.save(folder / WORDS)
        if self._unanswered:
            self._unanswered.save(folder / UNANSWERED)


def build_enriched(
    enrichments: Sequence[Enrichment], encoder: Encoder, done: Callable[[int], None] | None = None
) -> EnrichedIndex:
    """An index over enrichments. Their questions are encoded as questions: they are compared with one."""
    spans = [EnrichedSpan(one.document_id, one.start, one.end) for one in enrichments]
    owners = np.asarray([n for n, one in enumerate(enrichments) for _ in one.questions], np.int64)
    questions = [question for one in enrichments for question in one.questions]
    vectors = _in_batches(questions, encoder, done)
    restatements = encoder.encode_passages([one.restatement for one in enrichments], done)
    asked, restated = (build_dense(rows, rounded=True) for rows in (vectors, restatements))
    unanswered = build_unanswered(enrichments, lambda texts: _in_batches(texts, encoder, done))
    return EnrichedIndex(spans, owners, asked, restated, build_words(questions), unanswered)


def questions_of(enrichments: Sequence[Enrichment]) -> list[str]:
    """All questions that an index over enrichments embeds."""
    answered = [text for one in enrichments for text in one.questions]
    unanswered = [text for _, text in unanswered_of(enrichments)]
    return [*answered, *unanswered, *(everyday_questions() if unanswered else ())]


def load_enriched(folder: Path) -> EnrichedIndex:
    """The inverse of `save`."""
    content = json.loads((folder / SPANS).read_text(encoding="utf-8"))
    return EnrichedIndex(
        [EnrichedSpan(*row) for row in content["spans"]],
        np.asarray(content["owners"], np.int64),
        load_dense(folder / QUESTIONS),
        load_dense(folder / RESTATEMENTS),
        load_words(folder / WORDS),
        load_unanswered(folder / UNANSWERED),
    )


def _holding(owners: NDArray[np.int64], words: WordIndex, stem: str) -> NDArray[np.int64]:
    return owners[words.holding(stem)]


def _in_batches(questions: Sequence[str], encoder: Encoder, done: Callable[[int], None] | None) -> Values:
    """Encode questions of like length together, so that little is padded; the result keeps the order given."""
    vectors = np.zeros((len(questions), encoder.dimension), np.float32)
    order = sorted(range(len(questions)), key=lambda position: len(questions[position]))
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        vectors[batch] = encoder.encode_queries([questions[position] for position in batch])
        if done:
            done(len(batch))
    return vectors
