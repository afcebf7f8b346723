"""Conversations: a model completes the question from the turns before it, and the answerer answers that."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from qa.answer import Answerer
from qa.model import Answer
from qa.written.connect import LanguageModel
from qa.written.model import Usage
from qa.written.rewrite import SHARE, standalone
from qa.written.wrapper import WrappingAnswerer


class CompletingAnswerer(WrappingAnswerer):
    """Answers as `inner` does, to the question as a model completed it; without that, exactly as `inner`."""

    def __init__(self, inner: Answerer, model: LanguageModel) -> None:
        super().__init__(inner)
        self._model = model
        self._own = threading.local()

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
