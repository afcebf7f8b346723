"""Which pieces of an index belong to certain documents."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.store import Index
from index.table import Passages

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The documents that are searched, and what of an index belongs to them, each `(n,)`; `spans` are enriched ones."""

    documents: frozenset[str]
    sentences: Mask
    contexts: Mask
    spans: Mask


class Owners:
    """The document of every piece of an index; worked out when it is first asked for."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def chosen(self, documents: frozenset[str]) -> Chosen:
        """The pieces of these documents."""
        wanted = np.zeros(len(self._index.documents), np.bool_)
        wanted[[self._index.documents.number(name) for name in documents]] = True
        return Chosen(documents, wanted[self._sentences], wanted[self._contexts], wanted[self._spans])

    @cached_property
    def _sentences(self) -> NDArray[np.int64]:
        return self._column(self._index.sentences)

    @cached_property
    def _contexts(self) -> NDArray[np.int64]:
        return self._column(self._index.contexts)

    @cached_property
    def _spans(self) -> NDArray[np.int64]:
        spans = self._index.enriched.spans if self._index.enriched else ()
        return np.asarray([self._index.documents.number(span.document_id) for span in spans], np.int64)

    def _column(self, pieces: Passages) -> NDArray[np.int64]:
        return pieces.column("document", range(len(pieces)))
