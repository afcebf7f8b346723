"""What the sentences of an index show by their form, looked at once for each: a question looks at some hundreds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.table import Passages, Positions
from qa.sentence import Expected, gives, only_refers, starts_loosely

KNOWN, LOOSE, REFERS = 1, 2, 4
GIVES = {Expected.NUMBER: 8, Expected.DATE: 16, Expected.PERSON: 32, Expected.MONEY: 64}


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of some sentences, `(n,)`: `flags` as above, `words` is how many each has."""

    flags: NDArray[np.uint8]
    words: NDArray[np.int32]

    @property
    def loose(self) -> NDArray[np.bool_]:
        """Which lean on the sentence before them."""
        return (self.flags & LOOSE) > 0

    @property
    def refer(self) -> NDArray[np.bool_]:
        """Which only send the reader elsewhere."""
        return (self.flags & REFERS) > 0

    def give(self, kind: Expected | None) -> NDArray[np.bool_]:
        """Which hold a thing of this kind; none when no kind is asked for."""
        return (self.flags & (GIVES[kind] if kind else 0)) > 0


class SeenForms:
    """Five bytes for each sentence of an index, filled in when it is first a candidate."""

    def __init__(self, sentences: Passages) -> None:
        self._sentences = sentences
        self._flags = np.zeros(len(sentences), np.uint8)
        self._words = np.zeros(len(sentences), np.int32)

    def at(self, positions: Positions) -> Forms:
        """The forms of the sentences at these positions."""
        unseen = np.asarray(positions, np.int64)[self._flags[positions] == 0]
        if len(unseen):
            texts = self._sentences.texts(unseen)
            self._words[unseen] = [len(text.split()) for text in texts]
            self._flags[unseen] = _flags(texts)
        return Forms(self._flags[positions], self._words[positions])


def _flags(texts: Sequence[str]) -> list[int]:
    return [
        KNOWN
        | LOOSE * starts_loosely(text)
        | REFERS * only_refers(text)
        | sum(flag for kind, flag in GIVES.items() if gives(text, kind))
        for text in texts
    ]
