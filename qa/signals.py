"""A question's candidates: the sentences that may answer it, and for each of them how well every signal fits."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.model import Passage
from index.chosen import Chosen, Mask, Owners
from index.cover import Pairs, about, inside, lay_out, shared, spans_of
from index.enriched import EnrichedIndex, Signals, Values, nearest
from index.store import Index
from qa.question import Question
from qa.sentence import starts_loosely

# How far each list is followed. What none of them holds is no candidate.
DEPTH = 200
QUESTIONS_DEPTH = 1000
# An enrichment is about a sentence when they share this part of the shorter of the two ...
SAME_PLACE = 0.5
# ... and about that sentence alone when it is at most this much longer.
HARDLY_LONGER = 1.5

SIGNALS = (
    "sentence",  # cosine of the sentence, in standard deviations above the mean of all sentences
    "context",  # the same of the best context that holds it
    "words",  # BM25 of the best context that holds it
    "asked",  # the best question written for its place, in standard deviations
    "asked_here",  # the same of the questions written for this sentence alone
    "restated",  # the best restatement of its place, in standard deviations
    "asked_words",  # BM25 of the best question written for its place
    "kind",  # 1 when it holds the kind of thing that is asked for
    "loose",  # 1 when it leans on the sentence before it
    "length",  # natural logarithm of its number of words and one
)
WRITTEN = ("asked", "asked_here", "restated", "asked_words")
PLAIN = tuple(name for name in SIGNALS if name not in WRITTEN)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sentences by position in the index, ascending, and their signals `(n, len(SIGNALS))` in the order of SIGNALS."""

    positions: NDArray[np.int64]
    signals: Values
    enriched: NDArray[np.bool_]


class Signaller:
    """Finds candidates in one index; holds how sentences, contexts, passages and enrichments lie over each other.

    `chosen` are the documents it looks in, None for all.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._owners = Owners(index)
        self.chosen: Chosen | None = None
        origins = lay_out({name: len(document.text) for name, document in index.documents.items()})
        sentences = spans_of(index.sentences, origins)
        self.contexts_of = inside(sentences, spans_of(index.contexts, origins))
        self.sentences_of = _turned(self.contexts_of)
        passages = inside(sentences, spans_of(index.passages, origins))
        self.passages_of, self.sentences_in = passages, _turned(passages)
        self._spans = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self._here = np.zeros(0, np.bool_)
        self.enriched = np.zeros(len(index.sentences), np.bool_)
        if index.enriched:
            written = spans_of(index.enriched.spans, origins)
            self._spans = about(sentences, written, SAME_PLACE)
            alone = shared(self._spans, sentences, written) >= SAME_PLACE * written.lengths[self._spans.others]
            short = written.lengths[self._spans.others] <= HARDLY_LONGER * sentences.lengths[self._spans.ones]
            self._here = alone & short
            self.enriched = np.asarray([s.document_id in index.enriched.documents for s in index.sentences])
        every = np.arange(len(index.sentences))
        held = {"sentence": Pairs(every, every), "context": self.contexts_of, "words": self.contexts_of}
        # Which sentences the things in a list are about.
        self._held = held | dict.fromkeys(("asked", "restated", "asked_words"), self._spans)
        self._named: dict[str, list[int]] = {}
        for position, sentence in enumerate(index.sentences):
            for label in sentence.section.path[1:]:
                self._named.setdefault(label, []).append(position)

    def within(self, documents: frozenset[str]) -> "Signaller":
        """The same, for these documents alone."""
        narrowed = copy(self)
        narrowed.chosen = self._owners.chosen(documents)
        return narrowed

    @property
    def written(self) -> EnrichedIndex | None:
        """What was written for the documents it looks in."""
        none = self.chosen is not None and not self.chosen.spans.any()
        return None if none else self._index.enriched

    def nearest(self, vector: Values) -> float:
        """The cosine of the best sentence or context."""
        index, chosen = self._index, self.chosen
        if chosen is None:
            return max(dense.search(vector, 1)[0][1] for dense in (index.dense_sentences, index.dense_contexts))
        kinds = ((index.dense_sentences, chosen.sentences), (index.dense_contexts, chosen.contexts))
        return max(nearest(dense, vector, mask) for dense, mask in kinds)

    def candidates(self, question: Question, vector: Values) -> Candidates:
        """The sentences that any list holds near its top, and what every signal says of each."""
        index = self._index
        words = index.words.scores(question.spelled)
        written = self._written(question, vector)
        chosen = np.zeros(len(index.sentences), np.bool_)
        for name, found in self._lists(vector, words, written, DEPTH).items():
            pairs = self._held[name]
            chosen[pairs.ones[np.isin(pairs.others, found)]] = True
        for label in question.named:
            chosen[self._named.get(label, [])] = True
        if self.chosen is not None:
            chosen &= self.chosen.sentences
        positions = np.flatnonzero(chosen)
        columns = {
            "sentence": index.dense_sentences.heights(vector, positions),
            **self._of_contexts(vector, words, positions, chosen),
            **(self._of_written(written.questions, written.restatement, written.words) if written else {}),
            **_of_text([index.text(index.sentences[position]) for position in positions], question),
        }
        signals = np.zeros((len(positions), len(SIGNALS)), np.float32)
        for number, name in enumerate(SIGNALS):
            if name in columns:
                column = columns[name]
                signals[:, number] = column if len(column) == len(positions) else column[positions]
        return Candidates(positions, signals, self.enriched[positions])

    def ranks(self, question: Question, vector: Values, positions: Sequence[int]) -> dict[str, int]:
        """For each list the best rank of what is about these sentences, from 1; 0 where it holds nothing about them.

        A list makes candidates of its first DEPTH.
        """
        index = self._index
        words = index.words.scores(question.spelled)
        written = self._written(question, vector)
        ranks = {}
        for name, order in self._lists(vector, words, written, None).items():
            pairs = self._held[name]
            places = np.flatnonzero(np.isin(order, pairs.others[np.isin(pairs.ones, positions)]))
            ranks[name] = int(places[0]) + 1 if len(places) else 0
        return ranks

    def _written(self, question: Question, vector: Values) -> Signals | None:
        spans = self.chosen.spans if self.chosen else None
        return self.written.signals(vector, question.spelled, QUESTIONS_DEPTH, spans) if self.written else None

    def _lists(
        self, vector: Values, words: Values, written: Signals | None, depth: int | None
    ) -> dict[str, NDArray[np.int64]]:
        """What each list holds, best first, followed as far as `depth`; by the name of the signal it ranks by."""
        index, chosen = self._index, self.chosen
        sentences, contexts, spans = (chosen.sentences, chosen.contexts, chosen.spans) if chosen else (None,) * 3
        lists = {
            "sentence": index.dense_sentences.highest(vector, depth or len(index.sentences), sentences)[0],
            "context": index.dense_contexts.highest(vector, depth or len(index.contexts), contexts)[0],
            "words": _top(words, depth, contexts),
        }
        if written:
            lists["asked"] = _top(written.questions, depth, spans)
            lists["restated"] = _top(written.restatement, depth, spans)
            lists["asked_words"] = _top(written.words, depth, spans)
        return lists

    def in_named(self, question: Question, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which sentences stand in a part that the question names ("tabel 1")."""
        named = [position for label in question.named for position in self._named.get(label, [])]
        return np.isin(positions, named)

    def sentences(self, passage: int) -> Sequence[int]:
        """Positions of the sentences that a passage holds."""
        return [int(position) for position in self.sentences_in.others_of(passage)]

    def _of_contexts(
        self, vector: Values, words: Values, positions: NDArray[np.int64], chosen: NDArray[np.bool_]
    ) -> dict[str, Values]:
        pairs = self.contexts_of.where(chosen[self.contexts_of.ones])
        needed, places = np.unique(pairs.others, return_inverse=True)
        heights = self._index.dense_contexts.heights(vector, needed)
        return {
            "context": _best(len(chosen), pairs.ones, heights[places]),
            "words": _best(len(chosen), pairs.ones, words[pairs.others]),
        }

    def _of_written(self, questions: Values, restatement: Values, words: Values) -> dict[str, Values]:
        count, pairs, here = len(self._index.sentences), self._spans, self._spans.where(self._here)
        return {
            "asked": _best(count, pairs.ones, questions[pairs.others]),
            "asked_here": _best(count, here.ones, questions[here.others]),
            "restated": _best(count, pairs.ones, restatement[pairs.others]),
            "asked_words": _best(count, pairs.ones, words[pairs.others]),
        }


def _of_text(texts: Sequence[str], question: Question) -> dict[str, Values]:
    return {
        "kind": np.asarray([question.gets(text) for text in texts], np.float32),
        "loose": np.asarray([starts_loosely(text) for text in texts], np.float32),
        "length": np.log(np.asarray([len(text.split()) + 1 for text in texts], np.float32)),
    }


def _best(count: int, owners: NDArray[np.int64], values: Values) -> Values:
    """The highest value of each owner; 0, the mean, for one without."""
    best = np.full(count, -np.inf, np.float32)
    np.maximum.at(best, owners, values.astype(np.float32))
    best[np.isinf(best)] = 0.0
    return best


def _top(values: Values, depth: int | None, chosen: Mask | None = None) -> NDArray[np.int64]:
    """Positions of the `depth` highest values, of all without one, among those that are chosen; ties by position."""
    if chosen is None:
        return np.argsort(-values, kind="stable")[:depth]
    among = np.flatnonzero(chosen)
    return among[np.argsort(-values[among], kind="stable")[:depth]]


def _turned(pairs: Pairs) -> Pairs:
    """The same pairs the other way round."""
    order = np.argsort(pairs.others, kind="stable")
    return Pairs(pairs.others[order], pairs.ones[order])


def same_place(one: Passage, other: Passage) -> bool:
    """Whether two passages share more than SAME_PLACE of the shorter one."""
    if one.document_id != other.document_id:
        return False
    common = min(one.end, other.end) - max(one.start, other.start)
    return common > SAME_PLACE * min(one.end - one.start, other.end - other.start)
