"""Questions that have no answer: what is like them rather than like those that have one is to be refused.

Some were written for passages, which nearly answer or contradict them; others are about everyday life.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.enrichment import Enrichment
from index.dense import DenseIndex, Mask, build_dense, load_dense
from index.everyday import everyday_questions

# Of the nearest questions of each kind this many count, one that lies SOFTNESS nearer e times as much.
NEAREST, SOFTNESS = 100, 0.02

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Near:
    """Cosines of the nearest questions of one kind, best first, `(n,)`, and how many there are of it."""

    cosines: Values
    count: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """`share` is how far a question lies among those without an answer rather than those with one, 0 to 1.

    `wrong` is the span that contradicts what the nearest question assumes that assumes something, -1 for none; `lead`
    is how much nearer, in cosine, that question lies than any that only asks for more, 0 when only one kind is there.
    """

    share: float
    wrong: int
    lead: float


NO_CONTRAST = Contrast(0.0, -1, 0.0)


class UnansweredIndex:
    """Searches these questions; `owners[n]` is the span that question `n` belongs to, `wrong[n]` whether it assumes
    what that span contradicts. `everyday` are the vectors of those that belong to none, `(n, dimension)`.
    """

    def __init__(self, owners: NDArray[np.int64], wrong: Mask, questions: DenseIndex, everyday: Values) -> None:
        self._owners = owners
        self._wrong = wrong
        self._questions = questions
        self._everyday = everyday

    def knows(self, chosen: Mask | None = None) -> bool:
        """Whether any question belongs to the chosen spans `(spans,)`, or to any."""
        return bool(len(self._owners) if chosen is None else chosen[self._owners].any())

    def contrast(self, vector: Values, answered: Near, chosen: Mask | None = None) -> Contrast:
        """How a question's vector `(dimension,)` lies between these and those about everyday life on one side, and
        those that are answered on the other.

        With `chosen` `(spans,)` only the questions of these spans count. A kind counts alike however many there are.
        """
        own = None if chosen is None else chosen[self._owners]
        count = len(self._owners) if own is None else int(own.sum())
        positions, cosines = self._questions.nearest(vector, NEAREST, own)
        if not count or not answered.count:
            return NO_CONTRAST
        everyday = -np.sort(-(self._everyday @ vector))
        kinds = (Near(cosines, count), Near(everyday, len(everyday)), answered)
        top = max(float(kind.cosines[0]) for kind in kinds)
        *without, with_one = (
            float(np.exp((kind.cosines[:NEAREST] - top) / SOFTNESS).sum()) / kind.count for kind in kinds
        )
        share, wrong = sum(without) / (sum(without) + with_one), self._wrong[positions]
        if not wrong.any() or (self._wrong if own is None else self._wrong[own]).all():
            return Contrast(share, -1, 0.0)
        best, other = (float(cosines[kind].max(initial=cosines[-1])) for kind in (wrong, ~wrong))
        return Contrast(share, int(self._owners[positions[wrong.argmax()]]), best - other)

    def save(self, path: Path) -> None:
        """Write the questions, and beside them what they belong to."""
        everyday = self._everyday.astype(np.float16)  # they are few and only compared
        np.savez(_owners_file(path), owners=self._owners, wrong=self._wrong, everyday=everyday)
        self._questions.save(path)


def build_unanswered(
    enrichments: Sequence[Enrichment], encode: Callable[[list[str]], Values]
) -> UnansweredIndex | None:
    """An index over what was written and is not answered; `encode` gives unit vectors of questions. None without any.

    The spans are the enrichments, in their order.
    """
    rows = unanswered_of(enrichments)
    if not rows:
        return None
    wrong = [is_wrong for one in enrichments for is_wrong in [False] * len(one.near) + [True] * len(one.wrong)]
    vectors = encode([text for _, text in rows])
    owners = np.asarray([n for n, _ in rows], np.int64)
    everyday = encode(everyday_questions())
    return UnansweredIndex(owners, np.asarray(wrong, np.bool_), build_dense(vectors, rounded=True), everyday)


def unanswered_of(enrichments: Sequence[Enrichment]) -> list[tuple[int, str]]:
    """The position of an enrichment and a question without an answer, for all of them."""
    return [(n, text) for n, one in enumerate(enrichments) for text in (*one.near, *one.wrong)]


def load_unanswered(path: Path) -> UnansweredIndex | None:
    """The inverse of `save`; None where nothing was saved."""
    if not _owners_file(path).is_file():
        return None
    with np.load(_owners_file(path)) as kept:
        everyday = kept["everyday"].astype(np.float32)
        return UnansweredIndex(kept["owners"], kept["wrong"], load_dense(path), everyday)


def _owners_file(path: Path) -> Path:
    return path.with_suffix(".owners.npz")
