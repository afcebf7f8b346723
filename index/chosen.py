"""Which pieces of an index belong to certain documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.cover import Spanning
from index.store import Index

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
        self._numbers = {name: number for number, name in enumerate(index.documents)}

    def chosen(self, documents: frozenset[str]) -> Chosen:
        """The pieces of these documents."""
        wanted = np.zeros(len(self._numbers), np.bool_)
        wanted[[self._numbers[name] for name in documents]] = True
        return Chosen(documents, wanted[self._sentences], wanted[self._contexts], wanted[self._spans])

    @cached_property
    def _sentences(self) -> NDArray[np.int32]:
        return self._of(self._index.sentences)

    @cached_property
    def _contexts(self) -> NDArray[np.int32]:
        return self._of(self._index.contexts)

    @cached_property
    def _spans(self) -> NDArray[np.int32]:
        return self._of(self._index.enriched.spans if self._index.enriched else ())

    def _of(self, pieces: Sequence[Spanning]) -> NDArray[np.int32]:
        return np.asarray([self._numbers[piece.document_id] for piece in pieces], np.int32)
