"""Conversations: a model completes the question from the turns before it, and the answerer answers that."""

import threading
import time
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Self

from qa.answer import Answerer, Look
from qa.model import Answer
from qa.selection import Catalogue, Selection
from qa.written.connect import LanguageModel
from qa.written.model import Usage
from qa.written.rewrite import SHARE, standalone


class CompletingAnswerer(Answerer):
    """Answers as `inner` does, to the question as a model completed it; without that, exactly as `inner`."""

    def __init__(self, inner: Answerer, model: LanguageModel) -> None:
        # Not super().__init__: what an Answerer holds is the inner one's, and stays there.
        self.inner = inner
        self.index = inner.index
        self.retriever = inner.retriever
        self._model = model
        self._own = threading.local()

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

    def answer(self, question: str, earlier: Sequence[str] = ()) -> Answer:
        if not earlier:
            return self.inner.answer(question)
        deadline = time.monotonic() + SHARE * self._model.options.timeout
        whole, usage = standalone(self._model, question, earlier, deadline)
        self._own.usage = getattr(self._own, "usage", Usage()) + usage
        if not whole:
            return self.inner.answer(question, earlier)
        answer = self.inner.answer(whole)
        return replace(answer, question=question, searched=answer.searched or whole)

    def taken(self) -> Usage:
        """What completing took in this thread since it last asked."""
        used: Usage = getattr(self._own, "usage", Usage())
        self._own.usage = Usage()
        return used
