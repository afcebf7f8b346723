"""Question in, hits out: vectors of passages, vectors of sentences and words, fused and thinned out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.abbreviations import spell_out
from corpus.model import Passage
from index.dense import Scored
from index.encode import Encoder
from index.enriched import Signals, spans_of
from index.fuse import fuse
from index.store import Index
from qa.model import Hit
from qa.question import counted_things, counts, named_parts

DEPTH = 200
# A part that the question names ("tabel 1") goes before whatever only resembles it.
NAMED_BONUS = 10.0
# A passage that counts what "hoeveel" asks for, among those that are near anyway.
COUNTED_BONUS, COUNTED_DEPTH = 1.0, 60
# Two passages that share more than this part of the shorter one are one place.
SAME_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each ranking counts; the row each earns is in docs/metingen.md."""

    passages: float = 1.0
    sentences: float = 1.0
    words: float = 0.5
    asked: float = 2.6
    restated: float = 2.5
    asked_words: float = 1.4


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Hits, best first, and what the next steps need: the question's vector and the signals that fusion hides.

    `height` is how many spreads the best cosine lies above the index's floor, `known` the share of the question's
    words that the index knows.
    """

    question: str
    vector: NDArray[np.float32]
    hits: list[Hit]
    height: float
    known: float
    signals: Signals | None = None


class Retriever:
    """Searches one index with one encoder."""

    def __init__(self, index: Index, encoder: Encoder, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self.index = index
        self.encoder = encoder
        self.weights = weights
        self._holders = _holders(index.passages, index.sentences)
        enriched = index.enriched
        self._spans = spans_of(index.passages, enriched.spans) if enriched else []
        self.sentence_spans = spans_of(index.sentences, enriched.spans) if enriched else []
        documents = enriched.documents if enriched else frozenset[str]()
        self._plain = frozenset(n for n, p in enumerate(index.passages) if p.document_id not in documents)

    def retrieve(self, question: str, k: int) -> Retrieval:
        """The `k` best passages, all of different places."""
        index = self.index
        spelled = spell_out(question, index.abbreviations)
        vector = self.encoder.encode_queries([spelled])[0]
        passages = index.dense_passages.search(vector, DEPTH)
        sentences = index.dense_sentences.search(vector, DEPTH)
        rankings = [
            (self.weights.passages, passages),
            (self.weights.sentences, self._by_best_sentence(sentences)),
            (self.weights.words, index.words.search(spelled, DEPTH)),
        ]
        signals = index.enriched.signals(vector, spelled) if index.enriched else None
        written = self._written(signals) if signals and self.weights.asked else []
        fused = fuse([*rankings, *written], self._plain, len(written))
        ranked = self._named_first(question, self._counted_first(question, fused))
        hits = [Hit(index.passages[p], score, rank) for rank, (p, score) in enumerate(self._thin_out(ranked, k), 1)]
        height = index.floor.height(max(passages[0][1], sentences[0][1]))
        return Retrieval(question, vector, hits, height, index.words.known_share(question), signals)

    def sentences_in(self, passage: Passage) -> list[int]:
        """Positions of the sentences a passage holds."""
        return self._holders.sentences[passage.id]

    def _written(self, signals: Signals) -> list[tuple[float, Scored]]:
        """Passages ranked by what was written for their place: questions, their words, restatements."""
        weighted = (
            (self.weights.asked, signals.questions),
            (self.weights.restated, signals.restatement),
            (self.weights.asked_words, signals.words),
        )
        rankings = []
        for weight, values in weighted:
            best = [(p, max(float(values[n]) for n in own)) for p, own in enumerate(self._spans) if own]
            rankings.append((weight, sorted(best, key=lambda pair: (-pair[1], pair[0]))))
        return rankings

    def _by_best_sentence(self, sentences: Scored) -> Scored:
        """Passages scored by the best of their sentences."""
        best: dict[int, float] = {}
        for sentence, score in sentences:
            for passage in self._holders.passages[sentence]:
                best[passage] = max(score, best.get(passage, -1.0))
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))

    def _counted_first(self, question: str, ranking: Scored) -> Scored:
        """Passages that put a number before what "hoeveel" asks for, somewhat higher."""
        things = counted_things(question)
        if not things:
            return ranking
        near = [
            (position, score + COUNTED_BONUS * counts(self.index.text(self.index.passages[position]), things))
            for position, score in ranking[:COUNTED_DEPTH]
        ]
        return sorted([*near, *ranking[COUNTED_DEPTH:]], key=lambda pair: (-pair[1], pair[0]))

    def _named_first(self, question: str, ranking: Scored) -> Scored:
        named = named_parts(question)
        if not named:
            return ranking
        scores = dict(ranking)
        for position, passage in enumerate(self.index.passages):
            if named.intersection(passage.section.path):
                scores[position] = scores.get(position, 0.0) + NAMED_BONUS
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))

    def _thin_out(self, ranking: Scored, k: int) -> Scored:
        kept: Scored = []
        for position, score in ranking:
            passage = self.index.passages[position]
            if not any(_same_place(passage, self.index.passages[other]) for other, _ in kept):
                kept.append((position, score))
            if len(kept) == k:
                break
        return kept


@dataclass(frozen=True, slots=True)
class _Holders:
    """Which passages hold a sentence, and which sentences a passage holds."""

    passages: list[list[int]]
    sentences: dict[str, list[int]]


def _holders(passages: list[Passage], sentences: list[Passage]) -> _Holders:
    by_section: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for position, passage in enumerate(passages):
        by_section.setdefault((passage.document_id, passage.section.path), []).append(position)
    held: dict[str, list[int]] = {passage.id: [] for passage in passages}
    holders: list[list[int]] = []
    for position, sentence in enumerate(sentences):
        near = by_section.get((sentence.document_id, sentence.section.path), [])
        inside = [p for p in near if passages[p].start <= sentence.start and sentence.end <= passages[p].end]
        holders.append(inside)
        for p in inside:
            held[passages[p].id].append(position)
    return _Holders(holders, held)


def _same_place(one: Passage, other: Passage) -> bool:
    if one.document_id != other.document_id:
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > SAME_PLACE * min(one.end - one.start, other.end - other.start)
