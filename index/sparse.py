"""Words in BM25, over Dutch stems."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, islice
from pathlib import Path
from threading import local
from typing import Any

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_DUTCH
from numpy.typing import NDArray

from index.dense import Scored

# Words of two letters or more, and single digits ("5 fte"); a loose "s" of "regio's" says nothing.
WORD = re.compile(r"\b(?:\w{2,}|\d)\b")
# Words that only ask are no words to look for.
ASKING = frozenset(
    {"welk", "welke", "hoeveel", "waarom", "waardoor", "waarvoor", "waarmee", "waarover", "waarop", "waarin", "waaruit"}
    | {"waarvan", "wanneer", "hoezo", "noem"}
)
STOPWORDS = frozenset(STOPWORDS_DUTCH) | ASKING
# Sums in another order differ in their last bits.
ROUNDING = 1e-4
# To look up fewer texts than this part of a list costs less than to read it.
FEW = 16
# Up to here adding up the scores of all texts takes less time than finding out which need be.
ALL_UP_TO = 10_000
TEXTS_AT_ONCE = 20_000
QUESTIONS_KEPT = 256
WORDS_KEPT = 65_536

_Whole = NDArray[np.int32]


@cache
def _stemmer() -> Any:
    return Stemmer.Stemmer("dutch")


@lru_cache(WORDS_KEPT)
def _stem(word: str) -> str:
    """The stem of a word that is met again and again: looking it up costs a third of asking the stemmer."""
    return str(_stemmer().stemWord(word))


def stems(texts: Sequence[str]) -> list[list[str]]:
    """The stems of the content words of each text, lower-cased, in order, repeats kept.

    The same as bm25s.tokenize gives, without the half millisecond that it needs to start.
    """
    return [[_stem(word) for word in WORD.findall(text.lower()) if word not in STOPWORDS] for text in texts]


@lru_cache(QUESTIONS_KEPT)
def stems_of(question: str) -> tuple[str, ...]:
    """The stems of one text that is looked at again and again while it is answered."""
    return tuple(stems([question])[0])


class WordIndex:
    """BM25 (Lucene's variant: Kamphuis et al., 2020, k1 = 1.5, b = 0.75).

    Every score is computed beforehand and stored by stem. A search reads the lists of the question's stems alone, the
    rare ones first, and leaves the frequent ones as soon as they cannot change which texts are best.
    """

    def __init__(self, bm25: Any) -> None:
        self._bm25 = bm25
        # As plain arrays: each slice of a memory map costs ten times as much to make.
        columns = (np.asarray(bm25.scores[name]) for name in ("data", "indices", "indptr"))
        self._values, self._texts, self._starts = columns
        self._room = local()

    def __len__(self) -> int:
        return int(self._bm25.scores["num_docs"])

    def scores(self, question: str) -> NDArray[np.float32]:
        """The score of every text, `(n,)`; 0 for one that shares no stem with the question."""
        found = np.zeros(len(self), np.float32)
        for stem in self._known(question):
            texts, values = self._list(stem)
            found[texts] += values
        return found

    def scores_at(self, question: str, positions: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """The scores of these texts, `(n,)`."""
        wanted = np.asarray(positions, np.int64)
        if len(self) <= ALL_UP_TO:
            return self.scores(question)[wanted]
        found = np.zeros(len(wanted), np.float32)
        for stem in self._known(question):
            texts, values = self._list(stem)
            holds, places = _find(texts, wanted)
            found[holds] += values[places]
        return found

    def best(self, question: str, k: int, chosen: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Positions of the `k` texts with the highest scores, best first, ties by position; some may score 0.

        With `chosen` `(n,)` only the chosen texts.
        """
        if chosen is not None:
            among = np.flatnonzero(chosen)
            return among[highest(self.scores_at(question, among), k)]
        k = min(k, len(self))
        if len(self) <= ALL_UP_TO:
            return highest(self.scores(question), k)
        found = np.sort(self._touched(question, k))
        scores = self.scores_at(question, found)
        ranked = found[highest(scores, k)]
        if len(ranked) == k:
            return ranked
        # Texts without any of the stems come after all others, and are alike.
        rest = np.setdiff1d(np.arange(min(k + len(found), len(self))), found)
        return np.concatenate([ranked, rest[: k - len(ranked)]])

    def search(self, question: str, k: int) -> Scored:
        """The `k` best texts that share a stem with the question."""
        ranked = self.best(question, k)
        scores = self.scores_at(question, ranked).tolist()
        return [(p, score) for p, score in zip(ranked.tolist(), scores, strict=True) if score > 0]

    def _touched(self, question: str, k: int) -> NDArray[np.int64]:
        """Texts with a stem of the question, ascending: all that can be among the `k` best, and some others.

        What `k` texts reach already, others must reach with all that the stems which are left can bring at most
        (Turtle and Flood, 1995, "Query evaluation: strategies and optimizations").
        """
        counts = Counter(self._known(question))
        lists = sorted(((*self._list(stem), times) for stem, times in counts.items()), key=lambda one: len(one[0]))
        left = sum(_most(values) * times for _, values, times in lists)
        found, least, sums = np.zeros(0, np.int64), 0.0, self._sums()
        read: list[NDArray[np.int64]] = []
        try:
            for narrow, values, times in lists:
                closed = least > left + ROUNDING
                if closed and len(found) * FEW < len(narrow):
                    break
                texts = narrow.astype(np.int64)
                read.append(texts)
                reached = sums.take(texts)
                if not closed:
                    found = np.concatenate([found, texts[reached == 0]])
                reached += values * np.float32(times)
                sums[texts] = reached
                left -= _most(values) * times
                if len(found) >= k > 0:
                    reached = sums.take(found)
                    least = float(np.partition(reached, -k)[-k])
                    found = found[reached + np.float32(left + ROUNDING) >= least]
            return np.sort(found)
        finally:
            for texts in read:
                sums[texts] = 0

    def _sums(self) -> NDArray[np.float32]:
        """One nought per text, for this thread alone: a new array for each question would cost more than the search."""
        if not hasattr(self._room, "sums"):
            self._room.sums = np.zeros(len(self), np.float32)
        sums: NDArray[np.float32] = self._room.sums
        return sums

    def _known(self, question: str) -> list[int]:
        """The stems of a question that any text has, by number, in order, repeats kept."""
        vocabulary = self._bm25.vocab_dict
        return [vocabulary[word] for word in stems_of(question) if word in vocabulary]

    def _list(self, stem: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The texts that hold a stem, ascending, and what it brings to the score of each."""
        start, end = int(self._starts[stem]), int(self._starts[stem + 1])
        return self._texts[start:end], self._values[start:end]

    def known_share(self, question: str, chosen: NDArray[np.bool_] | None = None) -> float:
        """How much of what the question says occurs in the texts at all: 0 to 1, each stem weighted by its rarity.

        With `chosen` `(n,)` it must occur in a chosen text.
        Weight is log(1 + N / (1 + df)) for N texts of which df hold the stem; 0 for a question without content words.
        """
        words = set(stems_of(question))
        weights = {word: self.rarity(word) for word in words}
        known = sum(weight for word, weight in weights.items() if self.knows(word, chosen))
        return known / sum(weights.values()) if weights else 0.0

    def knows(self, stem: str, chosen: NDArray[np.bool_] | None = None) -> bool:
        """Whether any text, or any chosen text, has this stem."""
        position = self._bm25.vocab_dict.get(stem)
        if position is None or chosen is None:
            return position is not None
        return bool(chosen[self._list(position)[0]].any())

    def holds(self, stem: str, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these texts have this stem, `(n,)`."""
        number = self._bm25.vocab_dict.get(stem)
        return np.zeros(len(positions), np.bool_) if number is None else _find(self._list(number)[0], positions)[0]

    def holding(self, stem: str) -> NDArray[np.int64]:
        """Positions of the texts that have this stem."""
        position = self._bm25.vocab_dict.get(stem)
        return np.zeros(0, np.int64) if position is None else self._list(position)[0].astype(np.int64)

    def rarity(self, word: str) -> float:
        """log(1 + N / (1 + df)) of a stem."""
        position = self._bm25.vocab_dict.get(word)
        count = 0 if position is None else len(self._list(position)[0])
        return math.log(1 + len(self) / (1 + count))

    def by_text(self) -> Any:
        """The scores as a SciPy matrix, a row for each text and a column for each stem."""
        from scipy.sparse import csc_array

        kept = self._bm25.scores
        columns = (kept["data"], kept["indices"], kept["indptr"])
        return csc_array(columns, shape=(kept["num_docs"], len(kept["indptr"]) - 1)).tocsr()

    def save(self, folder: Path) -> None:
        """Write a folder."""
        self._bm25.save(str(folder), show_progress=False)


def _most(values: NDArray[np.float32]) -> float:
    return float(values.max(initial=0))


def _find(texts: NDArray[np.int32], wanted: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which of the wanted texts stand in a list that ascends, `(n,)`, and where these do."""
    places = np.searchsorted(texts, wanted.astype(texts.dtype))
    holds = places < len(texts)
    holds[holds] = texts[places[holds]] == wanted[holds]
    return holds, places[holds]


def highest(scores: NDArray[np.float32], k: int, among: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Positions of the `k` highest scores, best first, ties by position; what is left out is not sorted.

    With `among` `(n,)` only of these.
    """
    if among is not None:
        places = np.flatnonzero(among)
        return places[highest(scores[places], k)]
    if k < len(scores):
        # Often most scores are alike, the lowest, and a partition is slow among many that are.
        above = np.flatnonzero(scores > scores.min())
        places = above if len(above) >= k else np.arange(len(scores))
        least = np.partition(scores[places], -k)[-k] if k else np.inf
        chosen = places[scores[places] >= least]
        return chosen[np.argsort(-scores[chosen], kind="stable")[:k]]
    return np.argsort(-scores, kind="stable")


@dataclass(frozen=True, slots=True)
class Counted:
    """Some texts counted: their stems, and for each stem in each text which text, which stem and how often, `(n,)`.

    `lengths` are stems in each text, repeats included, `(texts,)`.
    """

    words: list[str]
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    times: NDArray[np.int32]
    lengths: NDArray[np.int64]


def count_words(texts: Sequence[str]) -> Counted:
    """The stems of some texts, so that texts can be counted apart and put together after."""
    known: dict[str, int] = {}
    found = [[known.setdefault(word, len(known)) for word in words] for words in stems(texts)]
    lengths = np.asarray([len(words) for words in found], np.int64)
    owners = np.repeat(np.arange(len(found)), lengths)
    joined = np.fromiter(chain.from_iterable(found), np.int64, int(lengths.sum()))
    pairs, times = np.unique(owners << 32 | joined, return_counts=True)
    rows, columns = (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)
    return Counted(list(known), rows, columns, times.astype(np.int32), lengths)


def build_words(texts: Iterable[str]) -> WordIndex:
    """An index over the texts, in their order."""
    return join_words(map(count_words, batched(texts, TEXTS_AT_ONCE)))


def join_words(parts: Iterable[Counted]) -> WordIndex:
    """An index over texts that were counted in parts, in their order.

    The same scores as bm25s computes, without holding the words of all texts: an archive has a hundred million.
    """
    bm25 = bm25s.BM25(method="lucene", backend="numpy")
    vocabulary: dict[str, int] = {}
    rows, columns, times, lengths, at = [], [], [], [], 0
    for part in parts:
        numbers = np.asarray([vocabulary.setdefault(word, len(vocabulary)) for word in part.words], np.int32)
        rows.append(part.rows + np.int32(at))
        columns.append(numbers[part.columns])
        times.append(part.times)
        lengths.append(part.lengths)
        at += len(part.lengths)
    bm25.scores = _scored(bm25, _joined(rows), _joined(columns), _joined(times), _joined(lengths), len(vocabulary))
    bm25.vocab_dict, bm25.nonoccurrence_array = vocabulary, None
    return WordIndex(bm25)


def _scored(
    bm25: Any, rows: _Whole, columns: _Whole, counts: _Whole, lengths: NDArray[np.int64], words: int
) -> dict[str, Any]:
    """BM25 scores by stem, in the precision and the order of bm25s: each score is the same to the last bit."""
    from scipy.sparse import csr_array

    frequencies = np.bincount(columns, minlength=words)
    rarity = np.asarray([math.log(1 + (len(lengths) - df + 0.5) / (df + 0.5)) for df in frequencies.tolist()])
    norms = bm25.k1 * ((1 - bm25.b) + bm25.b * lengths / (lengths.mean() if lengths.any() else 1.0))
    times = counts.astype(np.float32)
    values = (rarity.astype(np.float32)[columns] * (times / (norms[rows] + times))).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(lengths)))])
    table = csr_array((values, columns, starts), shape=(len(lengths), words)).tocsc()
    texts = table.indices.astype(np.int32)
    return {"data": table.data, "indices": texts, "indptr": table.indptr.astype(np.int64), "num_docs": len(lengths)}


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def batched(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Lists of at most `size` texts, in order."""
    some = iter(texts)
    while part := list(islice(some, size)):
        yield part


def load_words(folder: Path) -> WordIndex:
    """The inverse of `save`; scores stay in their files, mapped, so that processes that open them share them."""
    return WordIndex(bm25s.BM25.load(str(folder), mmap=True, show_progress=False))
