"""Which spans lie in, or about, which others: the joints between sentences, contexts, passages and enrichments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]


class Spanning(Protocol):
    """Anything that spans a stretch of a document."""

    @property
    def document_id(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Spans:
    """Starts and ends of spans in all documents laid end to end; `(n,)` each."""

    starts: Positions
    ends: Positions

    @property
    def lengths(self) -> Positions:
        """Characters in each span."""
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of positions in two lists, ordered by the first; `(n,)` each."""

    ones: Positions
    others: Positions

    def where(self, chosen: NDArray[np.bool_]) -> "Pairs":
        """Only the chosen pairs."""
        return Pairs(self.ones[chosen], self.others[chosen])

    def others_of(self, one: int) -> Positions:
        """The positions that one is paired with."""
        first, last = np.searchsorted(self.ones, [one, one + 1])
        return self.others[first:last]


def lay_out(lengths: Mapping[str, int]) -> dict[str, int]:
    """Where each document starts when all are laid end to end, with a gap, so that spans of two never touch."""
    starts, total = {}, 0
    for name, length in lengths.items():
        starts[name] = total
        total += length + 1
    return starts


def spans_of(pieces: Sequence[Spanning], origins: Mapping[str, int]) -> Spans:
    """The spans of pieces, by where their documents start."""
    base = np.asarray([origins[piece.document_id] for piece in pieces], np.int64)
    starts = np.asarray([piece.start for piece in pieces], np.int64)
    ends = np.asarray([piece.end for piece in pieces], np.int64)
    return Spans(base + starts, base + ends)


def overlapping(one: Spans, other: Spans) -> Pairs:
    """Every pair that shares at least one character."""
    if not len(one.starts) or not len(other.starts):
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
    order = np.argsort(other.starts, kind="stable")
    starts = other.starts[order]
    first = np.searchsorted(starts, one.starts - int(other.lengths.max()), side="left")
    counts = np.maximum(np.searchsorted(starts, one.ends, side="left") - first, 0)
    ones = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(ones)) - np.repeat(np.cumsum(counts) - counts, counts)
    pairs = Pairs(ones, order[np.repeat(first, counts) + within])
    return pairs.where(shared(pairs, one, other) > 0)


def shared(pairs: Pairs, one: Spans, other: Spans) -> Positions:
    """How many characters each pair shares; below zero for a pair that lies apart."""
    ends = np.minimum(one.ends[pairs.ones], other.ends[pairs.others])
    return np.asarray(ends - np.maximum(one.starts[pairs.ones], other.starts[pairs.others]))


def inside(one: Spans, other: Spans) -> Pairs:
    """Pairs in which the first lies wholly in the second."""
    pairs = overlapping(one, other)
    return pairs.where(shared(pairs, one, other) == one.lengths[pairs.ones])


def about(one: Spans, other: Spans, share: float) -> Pairs:
    """Pairs that share at least this part of the shorter of the two."""
    pairs = overlapping(one, other)
    shorter = np.minimum(one.lengths[pairs.ones], other.lengths[pairs.others])
    return pairs.where(shared(pairs, one, other) >= share * shorter)
