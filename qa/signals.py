"""A question's candidates: the sentences that may answer it, and for each of them how well every signal fits."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.offsets import Span
from index.chosen import Chosen, Owners
from index.cover import Pairs, Shelf, about, distinct, holding, inside, lay_out, spans_of
from index.enriched import EnrichedIndex, Signals, Values
from index.sparse import highest, stems_of
from index.store import Index
from qa.forms import Forms, SeenForms
from qa.likeness import Likeness, likeness
from qa.question import Question

# How far each list is followed. What none of them holds is no candidate.
DEPTH = 40
QUESTIONS_DEPTH = 150
# More sentences than these under one label are those of other documents as well: every report has a "tabel 1".
MOST_NAMED = 1000
# An enrichment is about a sentence when they share this part of the shorter of the two.
SAME_PLACE = 0.5

SIGNALS = (
    "sentence",  # cosine of the sentence, in standard deviations above the mean of all sentences
    "context",  # the same of the best context that holds it
    "words",  # BM25 of the best context that holds it
    "asked",  # the best question written for its place, in standard deviations
    "restated",  # the best restatement of its place, in standard deviations
    "asked_words",  # BM25 of the best question written for its place
    "said",  # share of the question's stems, by rarity, in it, its titles or the questions written for its place
    "said_near",  # the same with the sentences beside it
    "kind",  # 1 when it holds the kind of thing that is asked for
    "loose",  # 1 when it leans on the sentence before it
    "length",  # natural logarithm of its number of words and one
)
WRITTEN = ("asked", "restated", "asked_words", "said", "said_near")
PLAIN = tuple(name for name in SIGNALS if name not in WRITTEN)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sentences by position in the index, ascending, and their signals `(n, len(SIGNALS))` in the order of SIGNALS.

    `forms` is what they show by their form, `like` how near the question comes to them and to other questions.
    """

    positions: NDArray[np.int64]
    signals: Values
    enriched: NDArray[np.bool_]
    forms: Forms
    like: Likeness


class Signaller:
    """Finds candidates in one index; holds how sentences, contexts, passages and enrichments lie over each other.

    `chosen` are the documents it looks in, None for all. What a question costs grows with what is found for it, not
    with the index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._owners = Owners(index)
        self._forms = SeenForms(index.sentences)
        self.chosen: Chosen | None = None
        origins = lay_out({one.id: one.length for one in index.documents.listed})
        starts = np.asarray(list(origins.values()), np.int64)
        self._sentences = Shelf(index.sentences.spans(starts))
        self._contexts = Shelf(index.contexts.spans(starts))
        self._passages = Shelf(index.passages.spans(starts))
        self._about = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
        self._by_span = self._about
        self._enriched = np.zeros(len(index.documents), np.bool_)
        if index.enriched:
            written = spans_of(index.enriched.spans, origins)
            self._about = about(self._sentences.spans, written, SAME_PLACE)
            self._by_span = self._about.turned()
            self._enriched = np.asarray([name in index.enriched.documents for name in index.documents])

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

    @property
    def contrasts(self) -> bool:
        """Whether questions without an answer were written for the documents it looks in."""
        return bool(self.written and self.written.contrasts(self.chosen.spans if self.chosen else None))

    def candidates(self, question: Question, vector: Values) -> Candidates:
        """The sentences that any list holds near its top, and what every signal says of each."""
        index = self._index
        written = self._written(question, vector)
        near = self._near(vector, DEPTH)
        lists = self._lists(question, near, written, DEPTH)
        found = self._sentences_of(lists)
        positions = np.union1d(found, self._in_parts(question.named, found)) if question.named else found
        if self.chosen is not None:
            positions = positions[self.chosen.sentences[positions]]
        forms = self._forms.at(positions)
        contexts, spans = self.contexts_of(positions), self._spans_of(positions)
        columns = {
            "sentence": index.dense_sentences.heights(vector, positions),
            **self._of_contexts(question, vector, len(positions), contexts),
            **(self._of_written(written, len(positions), spans) if written else {}),
            **(self._of_stems(question, self.written, len(positions), contexts, spans) if self.written else {}),
            **_of_form(forms, question),
        }
        signals = np.zeros((len(positions), len(SIGNALS)), np.float32)
        for number, name in enumerate(SIGNALS):
            if name in columns:
                signals[:, number] = columns[name]
        enriched = self._enriched[index.sentences.column("document", positions)]
        nearest = max(float(cosines.max(initial=0.0)) for _, cosines in near.values())
        chosen = self.chosen.spans if self.chosen else None
        like = likeness(vector, nearest, self.written, written, chosen)
        return Candidates(positions, signals, enriched, forms, like)

    def ranks(self, question: Question, vector: Values, positions: Sequence[int]) -> dict[str, int]:
        """For each list the best rank of what is about these sentences, from 1; 0 where it holds nothing about them.

        A list makes candidates of its first DEPTH.
        """
        own = np.asarray(positions, np.int64)
        written = self._written(question, vector)
        held = {"sentence": own, "context": self.contexts_of(own).others, "words": self.contexts_of(own).others}
        ranks = {}
        for name, order in self._lists(question, self._near(vector, None), written, None).items():
            places = np.flatnonzero(np.isin(order, held.get(name, self._about.others[np.isin(self._about.ones, own)])))
            ranks[name] = int(places[0]) + 1 if len(places) else 0
        return ranks

    def _written(self, question: Question, vector: Values) -> Signals | None:
        spans = self.chosen.spans if self.chosen else None
        return self.written.signals(vector, question.sought, QUESTIONS_DEPTH, spans) if self.written else None

    def _near(self, vector: Values, depth: int | None) -> dict[str, tuple[NDArray[np.int64], Values]]:
        """The nearest sentences and contexts with their cosines, best first; by the name of the signal."""
        index, chosen = self._index, self.chosen
        sentences, contexts = (chosen.sentences, chosen.contexts) if chosen else (None, None)
        return {
            "sentence": index.dense_sentences.nearest(vector, depth or len(index.sentences), sentences),
            "context": index.dense_contexts.nearest(vector, depth or len(index.contexts), contexts),
        }

    def _lists(
        self,
        question: Question,
        near: Mapping[str, tuple[NDArray[np.int64], Values]],
        written: Signals | None,
        depth: int | None,
    ) -> dict[str, NDArray[np.int64]]:
        """What each list holds, best first, followed as far as `depth`; by the name of the signal it ranks by."""
        words, chosen = self._index.words, self.chosen
        contexts, spans = (chosen.contexts, chosen.spans) if chosen else (None, None)
        lists = {name: positions for name, (positions, _) in near.items()}
        lists["words"] = words.best(question.sought, depth or len(words), contexts)
        if written:
            count = depth or len(written.words)
            lists["asked"] = highest(written.questions, count, spans)
            lists["restated"] = highest(written.restatement, count, spans)
            lists["asked_words"] = highest(written.words, count, spans)
        return lists

    def _sentences_of(self, lists: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64]:
        """The sentences that the things in the lists are about, ascending."""
        contexts = distinct(np.concatenate([lists["context"], lists["words"]]))
        written = [lists[name] for name in WRITTEN if name in lists]
        about = self._by_span.others[self._by_span.places(np.concatenate(written))] if written else contexts[:0]
        held = holding(self._contexts.spans.at(contexts), self._sentences).others
        return distinct(np.concatenate([lists["sentence"], held, about]))

    def _in_parts(self, labels: Iterable[str], found: NDArray[np.int64]) -> NDArray[np.int64]:
        """The sentences in parts with these labels; of too many only those in documents that hold others found."""
        runs = [run for label in labels for run in self._index.named.get(label, [])]
        if sum(end - start for start, end in runs) > MOST_NAMED:
            documents = self._index.sentences.column("document", found)
            firsts = self._index.sentences.column("document", [start for start, _ in runs])
            runs = [run for run, inside in zip(runs, np.isin(firsts, documents), strict=True) if inside]
        return np.concatenate([np.zeros(0, np.int64), *(np.arange(start, end) for start, end in runs)])

    def in_named(self, question: Question, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which sentences stand in a part that the question names ("tabel 1")."""
        if not question.named:
            return np.zeros(len(positions), np.bool_)
        return np.isin(positions, self._in_parts(question.named, positions))

    def absent_parts(self, question: Question) -> dict[str, list[int]]:
        """Parts that a question names and no document has, with the numbers there are of that kind: "tabel 9", [1, 2].

        A kind of which none was recognised is left out: what the question names may be there all the same.
        """
        if not question.named:
            return {}
        numbers: dict[str, set[int]] = {}
        for label in self._index.named:
            kind, _, number = label.partition(" ")
            if number:
                numbers.setdefault(kind, set()).add(int(number))
        found = {label: numbers.get(label.partition(" ")[0]) for label in sorted(question.named)}
        return {label: sorted(there) for label, there in found.items() if there and label not in self._index.named}

    def contexts_of(self, positions: NDArray[np.int64]) -> Pairs:
        """The contexts that hold these sentences; `ones` counts in `positions`."""
        return inside(self._sentences.spans.at(positions), self._contexts)

    def asked_about(self, sentence: int, sought: Iterable[str]) -> set[str]:
        """Which of these stems stand in a question that was written for the place of a sentence."""
        written = self.written
        spans = self._about.others_of(sentence)
        return {stem for stem in sought if written and written.asks(stem, spans)}

    def sentences_of(self, span: int) -> list[int]:
        """The positions of the sentences that what was written for a span is about, ascending."""
        return [int(position) for position in self._by_span.others_of(span)]

    def passages_of(self, positions: NDArray[np.int64]) -> Pairs:
        """The passages that hold these sentences; `ones` counts in `positions`."""
        return inside(self._sentences.spans.at(positions), self._passages)

    def passage_span(self, passage: int) -> Span:
        """Where a passage begins and ends in all documents laid end to end."""
        spans = self._passages.spans
        return int(spans.starts[passage]), int(spans.ends[passage])

    def _spans_of(self, positions: NDArray[np.int64]) -> Pairs:
        """Pairs of these sentences and what is written about them, by place in `positions` and in `_about`."""
        held = self._about.places(positions)
        return Pairs(np.searchsorted(positions, self._about.ones[held]), held)

    def _of_contexts(self, question: Question, vector: Values, count: int, pairs: Pairs) -> dict[str, Values]:
        needed = distinct(pairs.others)
        places = np.searchsorted(needed, pairs.others)
        heights = self._index.dense_contexts.heights(vector, needed)
        words = self._index.words.scores_at(question.sought, needed)
        return {
            "context": _best(count, pairs.ones, heights[places]),
            "words": _best(count, pairs.ones, words[places]),
        }

    def _of_stems(
        self, question: Question, written: EnrichedIndex, count: int, contexts: Pairs, spans: Pairs
    ) -> dict[str, Values]:
        """What all contexts of a sentence have, it has itself or in its titles; what any has, stands near it."""
        words = self._index.words
        holding = np.bincount(contexts.ones, minlength=count)
        about = self._about.others[spans.others]
        said, near = np.zeros(count), np.zeros(count)
        weights = {stem: words.rarity(stem) for stem in stems_of(question.sought)}
        for stem, weight in weights.items():
            has = np.zeros(len(written.spans), np.bool_)
            has[written.asked_with(stem)] = True
            asked = np.zeros(count, np.bool_)
            asked[spans.ones[has[about]]] = True
            times = np.bincount(contexts.ones[words.holds(stem, contexts.others)], minlength=count)
            said += weight * (asked | (times == holding) & (times > 0))
            near += weight * (asked | (times > 0))
        total = sum(weights.values()) or 1.0
        return {"said": np.asarray(said / total, np.float32), "said_near": np.asarray(near / total, np.float32)}

    def _of_written(self, written: Signals, count: int, spans: Pairs) -> dict[str, Values]:
        owners, others = spans.ones, self._about.others[spans.others]
        return {
            "asked": _best(count, owners, written.questions[others]),
            "restated": _best(count, owners, written.restatement[others]),
            "asked_words": _best(count, owners, written.words[others]),
        }


def _of_form(forms: Forms, question: Question) -> dict[str, Values]:
    return {
        "kind": forms.give(question.kind).astype(np.float32),
        "loose": forms.loose.astype(np.float32),
        "length": np.log((forms.words + 1).astype(np.float32)),
    }


def _best(count: int, owners: NDArray[np.int64], values: Values) -> Values:
    """The highest value of each owner; 0, the mean, for one without."""
    best = np.full(count, -np.inf, np.float32)
    np.maximum.at(best, owners, values.astype(np.float32))
    best[np.isinf(best)] = 0.0
    return best


def same_place(one: Span, other: Span) -> bool:
    """Whether two spans of documents that are laid end to end share more than SAME_PLACE of the shorter one."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common > SAME_PLACE * min(one[1] - one[0], other[1] - other[0])
