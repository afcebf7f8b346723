"""Searching with other words beside the asker's own: variants of the question, or a paragraph that might answer it."""

import time
from dataclasses import replace

from qa.model import Hit
from qa.retrieve import Retrieval, Retriever
from qa.written.connect import LanguageModel
from qa.written.rewrite import SHARE, other_words

# Reciprocal rank fusion (Cormack et al., 2009); the asker's own words count as much as all others together.
RANK_CONSTANT = 60


class ExpandingRetriever(Retriever):
    """Retrieves as `inner` does, with what a model makes of the question fused in; without it, exactly as `inner`.

    Only which passages are found changes: vector, height and known words stay those of the asker's own question, so
    that a model cannot talk an index into an answer.
    """

    def __init__(self, inner: Retriever, model: LanguageModel) -> None:
        super().__init__(inner.index, inner.encoder, inner.weights)
        self._model = model

    def retrieve(self, question: str, k: int) -> Retrieval:
        own = super().retrieve(question, k)
        words, _usage = other_words(self._model, question, time.monotonic() + SHARE * self._model.options.timeout)
        others = [super(ExpandingRetriever, self).retrieve(text, k) for text in words]
        return replace(own, hits=_fused(own, others, k)) if others else own


def _fused(own: Retrieval, others: list[Retrieval], k: int) -> list[Hit]:
    """The `k` best by reciprocal rank, ties as the asker's own words rank them."""
    known = {hit.passage.id: hit for retrieval in (own, *others) for hit in reversed(retrieval.hits)}
    scores: dict[str, float] = dict.fromkeys(known, 0.0)
    for weight, retrieval in ((1.0, own), *((1 / len(others), other) for other in others)):
        for hit in retrieval.hits:
            scores[hit.passage.id] += weight / (RANK_CONSTANT + hit.rank)
    order = {name: n for n, name in enumerate(hit.passage.id for r in (own, *others) for hit in r.hits)}
    ranked = sorted(known, key=lambda name: (-scores[name], order[name]))[:k]
    return [replace(known[name], score=scores[name], rank=rank) for rank, name in enumerate(ranked, 1)]
