"""An answerer around another one: what it holds is the inner one's, and stays there."""

from copy import copy
from typing import Self

from qa.answer import Answerer, Look
from qa.selection import Catalogue, Selection


class WrappingAnswerer(Answerer):
    """Answers as `inner` does; stands wherever an Answerer can."""

    def __init__(self, inner: Answerer) -> None:
        # Not super().__init__: that would open what the inner one holds again.
        self.inner = inner
        self.index = inner.index
        self.retriever = inner.retriever

    @property
    def catalogue(self) -> Catalogue:  # type: ignore[override]  # the inner one's, like all it holds
        """The documents that are searched."""
        return self.inner.catalogue

    def within(self, selection: Selection, words: str = "") -> Self:
        narrowed = copy(self)
        narrowed.inner = self.inner.within(selection, words)
        narrowed.retriever = narrowed.inner.retriever
        return narrowed

    def look(self, question: str) -> Look:
        return self.inner.look(question)
