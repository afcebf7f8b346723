"""Searching with other words beside the asker's own: variants of the question, or a paragraph that might answer it."""

import threading
import time
from dataclasses import replace
from functools import lru_cache

from qa.model import Hit
from qa.retrieve import Retrieval, Retriever
from qa.written.connect import LanguageModel
from qa.written.model import Usage
from qa.written.rewrite import SHARE, other_words

# Reciprocal rank fusion (Cormack et al., 2009); the asker's own words count as much as all others together.
RANK_CONSTANT = 60
REMEMBERED = 256


class ExpandingRetriever(Retriever):
    """Retrieves as `inner` does, with what a model makes of the question fused in; without it, exactly as `inner`.

    Only which passages are found changes: vector, height and known words stay those of the asker's own question, so
    that a model cannot talk an index into an answer.
    """

    def __init__(self, inner: Retriever, model: LanguageModel) -> None:
        super().__init__(inner.index, inner.encoder, inner.weights, inner.rerank)
        self._model = model
        self._own = threading.local()
        self._words = lru_cache(maxsize=REMEMBERED)(self._ask)

    def retrieve(self, question: str, k: int) -> Retrieval:
        own = super().retrieve(question, k)
        try:
            words = self._words(question)
        except LookupError:
            return own
        others = [super(ExpandingRetriever, self).retrieve(text, k) for text in words]
        return replace(own, hits=_fused(own, others, k))

    def taken(self) -> Usage:
        """What this thread's searches took since it last asked."""
        used: Usage = getattr(self._own, "usage", Usage())
        self._own.usage = Usage()
        return used

    def _ask(self, question: str) -> tuple[str, ...]:
        """Raises LookupError when nothing came, so that this is not remembered."""
        words, usage = other_words(self._model, question, time.monotonic() + SHARE * self._model.options.timeout)
        self._own.usage = getattr(self._own, "usage", Usage()) + usage
        if not words:
            raise LookupError
        return tuple(words)


def _fused(own: Retrieval, others: list[Retrieval], k: int) -> list[Hit]:
    """The `k` best by reciprocal rank, ties as the asker's own words rank them."""
    known = {hit.passage.id: hit for retrieval in (*others[::-1], own) for hit in retrieval.hits}
    scores: dict[str, float] = dict.fromkeys(known, 0.0)
    for weight, retrieval in ((1.0, own), *((1 / len(others), other) for other in others)):
        for hit in retrieval.hits:
            scores[hit.passage.id] += weight / (RANK_CONSTANT + hit.rank)
    names = [hit.passage.id for retrieval in (own, *others) for hit in retrieval.hits]
    order = {name: n for n, name in reversed(list(enumerate(names)))}
    ranked = sorted(known, key=lambda name: (-scores[name], order[name]))[:k]
    return [replace(known[name], score=scores[name], rank=rank) for rank, name in enumerate(ranked, 1)]
