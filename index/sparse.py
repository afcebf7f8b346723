"""Words in BM25, over Dutch stems."""

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
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


@cache
def _stemmer() -> Any:
    return Stemmer.Stemmer("dutch")


def stems(texts: Sequence[str]) -> list[list[str]]:
    """The stems of the content words of each text, lower-cased, in order, repeats kept.

    The same as bm25s.tokenize gives, without the half millisecond that it needs to start.
    """
    found = ([word for word in WORD.findall(text.lower()) if word not in STOPWORDS] for text in texts)
    return [_stemmer().stemWords(words) for words in found]


class WordIndex:
    """BM25 (Lucene's variant: Kamphuis et al., 2020, k1 = 1.5, b = 0.75)."""

    def __init__(self, bm25: Any) -> None:
        self._bm25 = bm25

    def scores(self, question: str) -> NDArray[np.float32]:
        """The score of every text, `(n,)`; 0 for one that shares no stem with the question."""
        words = [word for word in stems([question])[0] if word in self._bm25.vocab_dict]
        if not words:
            return np.zeros(int(self._bm25.scores["num_docs"]), np.float32)
        return np.asarray(self._bm25.get_scores(words), np.float32)

    def search(self, question: str, k: int) -> Scored:
        """The `k` best texts that share a stem with the question."""
        scores = self.scores(question)
        ranked = sorted(range(len(scores)), key=lambda position: (-scores[position], position))[:k]
        return [(position, float(scores[position])) for position in ranked if scores[position] > 0]

    def known_share(self, question: str) -> float:
        """How much of what the question says occurs in the texts at all: 0 to 1, each stem weighted by its rarity.

        Weight is log(1 + N / (1 + df)) for N texts of which df hold the stem; 0 for a question without content words.
        """
        words = set(stems([question])[0])
        weights = {word: self.rarity(word) for word in words}
        known = sum(weight for word, weight in weights.items() if word in self._bm25.vocab_dict)
        return known / sum(weights.values()) if weights else 0.0

    def knows(self, stem: str) -> bool:
        """Whether any text has this stem."""
        return stem in self._bm25.vocab_dict

    def rarity(self, word: str) -> float:
        """log(1 + N / (1 + df)) of a stem."""
        position = self._bm25.vocab_dict.get(word)
        starts = self._bm25.scores["indptr"]
        count = 0 if position is None else int(starts[position + 1] - starts[position])
        return math.log(1 + self._bm25.scores["num_docs"] / (1 + count))

    def by_text(self) -> Any:
        """The scores as a SciPy matrix, a row for each text and a column for each stem."""
        from scipy.sparse import csc_array

        kept = self._bm25.scores
        columns = (kept["data"], kept["indices"], kept["indptr"])
        return csc_array(columns, shape=(kept["num_docs"], len(kept["indptr"]) - 1)).tocsr()

    def save(self, folder: Path) -> None:
        """Write a folder."""
        self._bm25.save(str(folder), show_progress=False)


def build_words(texts: Sequence[str]) -> WordIndex:
    """An index over the texts, in their order."""
    bm25 = bm25s.BM25(method="lucene", backend="numpy")
    bm25.index(stems(texts), show_progress=False)
    return WordIndex(bm25)


def load_words(folder: Path) -> WordIndex:
    """The inverse of `save`; scores stay in their files, mapped, so that processes that open them share them."""
    return WordIndex(bm25s.BM25.load(str(folder), mmap=True, show_progress=False))
