"""Question in, hits out: every signal about every sentence near it, weighed, and passages by what they hold."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.offsets import Span
from index.cover import distinct
from index.encode import Encoder
from index.enriched import EnrichedIndex, Values
from index.store import Index
from qa.beside import Beside
from qa.model import Hit
from qa.question import Question, read_question
from qa.rerank import Rerank
from qa.sentence import Expected, introduces_count
from qa.signals import Candidates, Signaller, same_place
from qa.weights import Weights, load_weights

# A part that the question names ("tabel 1") goes before whatever only resembles it; in log-odds.
NAMED_BONUS = 20.0
# A part that is asked for whole is read from its start: each sentence this much behind the one before, in log-odds.
ORDER = 0.5
# A cross-encoder reads only the best sentences: it takes milliseconds for each.
RERANKED = 20
# A sentence that gives the number of what "hoeveel" asks to count goes before one that only tells of it; in log-odds.
COUNTED_BONUS = 2.5
# A sentence that only sends the reader elsewhere ("Zie ook ...") is no answer; in log-odds.
REFERENCE_PENALTY = 5.0
# The record of a person in a list answers only who asks for people; in log-odds.
RECORD_PENALTY = 4.0


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Hits, best first, and the candidate sentences behind them with their scores `(n,)`.

    `added` is what each score holds beside the weighted signals, by what added it, `(n,)` each.
    `height` is how many spreads the best cosine lies above the index's floor, `known` the share of the question's
    words that the index knows.
    """

    question: Question
    vector: Values
    hits: list[Hit]
    candidates: Candidates
    scores: Values
    height: float
    known: float
    added: Mapping[str, Values]

    @property
    def in_named(self) -> bool:
        """Whether a candidate stands in a part that the question names ("tabel 1")."""
        return bool(self.added["named"].any())

    def ranked(self, k: int | None = None) -> list[tuple[int, float]]:
        """(position of a sentence, score) of the `k` best, all without it; best first, ties by place."""
        order = np.argsort(-self.scores, kind="stable")[:k]
        return list(zip(self.candidates.positions[order].tolist(), self.scores[order].tolist(), strict=True))


class Retriever:
    """Searches one index with one encoder; `years` are those that the documents it searches in name."""

    def __init__(
        self, index: Index, encoder: Encoder, weights: Weights | None = None, rerank: Rerank | None = None
    ) -> None:
        self.index = index
        self.encoder = encoder
        self.weights = weights or load_weights()
        self.rerank = rerank
        self.signaller = Signaller(index)
        self.beside = Beside(index)
        self.years = index.documents.years

    def within(self, documents: frozenset[str]) -> Self:
        """The same, for these documents alone."""
        narrowed = copy(self)
        narrowed.signaller = self.signaller.within(documents)
        narrowed.years = self.index.documents.years_of(documents)
        return narrowed

    @property
    def titles(self) -> list[str]:
        """The titles of the documents that are searched, in the order of the index."""
        chosen = self.signaller.chosen
        listed = self.index.documents.listed
        return [one.title for one in listed if chosen is None or one.id in chosen.documents]

    @property
    def written(self) -> EnrichedIndex | None:
        """What was written for the documents that are searched."""
        return self.signaller.written

    def knows(self, stem: str) -> bool:
        """Whether a document that is searched, or what was written for it, has this stem."""
        chosen, written = self.signaller.chosen, self.written
        if self.index.words.knows(stem, chosen.contexts if chosen else None):
            return True
        return bool(written and written.knows(stem, chosen.spans if chosen else None))

    def rarity(self, stem: str) -> float:
        """How rare a stem is in the texts that are searched."""
        return self.index.words.rarity(stem)

    def question(self, text: str) -> Question:
        """What a question asks for, in the words of the documents that are searched."""
        return read_question(text, self.index.abbreviations, self)

    def read(self, text: str) -> tuple[Question, Values]:
        """A question and its vector."""
        question = self.question(text)
        return question, self.encoder.encode_queries([question.spelled])[0]

    def retrieve(self, text: str, k: int) -> Retrieval:
        """The `k` best passages, all of different places, with the sentences that made them best."""
        index = self.index
        question, vector = self.read(text)
        candidates = self.signaller.candidates(question, vector)
        named = self.signaller.in_named(question, candidates.positions)
        added = {"named": NAMED_BONUS * named.astype(np.float32)}
        weighed = self.weights.score(candidates)
        if question.asks_part and named.any():  # from its first sentence on
            added["named"] = np.where(named, 2 * NAMED_BONUS - ORDER * np.cumsum(named) - weighed, np.float32(0))
        added["aligned"] = self.weights.aligned(candidates)
        scores = weighed + added["named"] + added["aligned"]
        forms = candidates.forms
        added["refers"] = np.where(forms.refer, np.float32(-REFERENCE_PENALTY), np.float32(0))
        records = forms.give(Expected.PERSON) & (question.kind is not Expected.PERSON)
        added["record"] = np.where(records, np.float32(-RECORD_PENALTY), np.float32(0))
        scores = scores + added["refers"] + added["record"]
        if question.counted:
            texts = index.sentences.texts(candidates.positions)
            counting = [introduces_count(text, question.counted) for text in texts]
            added["counted"] = COUNTED_BONUS * np.asarray(counting, np.float32)
            scores = scores + added["counted"]
        if self.rerank:
            added["reranker"] = self._reranked(self.rerank, question, candidates, scores)
            scores = scores + added["reranker"]
        hits = self._hits(candidates.positions, scores, k)
        chosen = self.signaller.chosen
        height = index.floor.height(candidates.like.text)
        known = index.words.known_share(question.asked, chosen.contexts if chosen else None)
        return Retrieval(question, vector, hits, candidates, scores, height, known, added)

    def _reranked(self, rerank: Rerank, question: Question, candidates: Candidates, scores: Values) -> Values:
        """What a reranker adds to the RERANKED best sentences, 0 for the others."""
        best = np.argsort(-scores, kind="stable")[:RERANKED]
        texts = self.index.sentences.texts(candidates.positions[best])
        added = np.zeros(len(scores), np.float32)
        added[best] = rerank(question.spelled, texts)
        return added

    def _hits(self, positions: NDArray[np.int64], scores: Values, k: int) -> list[Hit]:
        """Passages by the sum of the odds of the sentences they hold; of passages of one place the best stays."""
        pairs = self.signaller.passages_of(positions)
        places = distinct(pairs.others)
        owners = np.searchsorted(places, pairs.others)
        top = float(scores.max())
        odds = np.bincount(owners, np.exp(scores[pairs.ones].astype(np.float64) - top), len(places))
        kept: list[tuple[int, Span]] = []
        for place in np.argsort(-odds, kind="stable").tolist():
            if odds[place] <= 0 or len(kept) == k:
                break
            span = self.signaller.passage_span(places[place])
            if not any(same_place(span, other) for _, other in kept):
                kept.append((place, span))
        passages = self.index.passages
        found = [(passages[int(places[place])], float(np.log(odds[place]) + top)) for place, _ in kept]
        return [Hit(passage, score, rank) for rank, (passage, score) in enumerate(found, 1)]
