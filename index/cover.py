"""Which spans lie in, or about, which others: the joints between sentences, contexts, passages and enrichments."""

from collections.abc import Callable, Mapping, Sequence
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

    def at(self, positions: Positions) -> "Spans":
        """Only these."""
        return Spans(self.starts[positions], self.ends[positions])


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

    def places(self, ones: Positions) -> Positions:
        """Where the pairs of these stand, those of the first one first."""
        first, last = np.searchsorted(self.ones, ones, "left"), np.searchsorted(self.ones, ones, "right")
        return _ranges(first, last - first)

    def turned(self) -> "Pairs":
        """The same pairs the other way round."""
        order = np.argsort(self.others, kind="stable")
        return Pairs(self.others[order], self.ones[order])


class Shelf:
    """Spans made ready to be looked up, so that a few can be compared with many; `order` is None for sorted spans."""

    def __init__(self, spans: Spans) -> None:
        self.spans = spans
        inorder = bool(np.all(spans.starts[1:] >= spans.starts[:-1]))
        self.order = None if inorder else np.argsort(spans.starts, kind="stable")
        self._starts = spans.starts if self.order is None else spans.starts[self.order]
        # How far the spans up to here reach: those that end before a place can be left out at once.
        self._reach = np.maximum.accumulate(spans.ends if self.order is None else spans.ends[self.order])

    def touched(self, one: Spans) -> tuple[Positions, Positions]:
        """For each span the first place in order that may touch it, and the place after the last."""
        return (
            np.searchsorted(self._reach, one.starts, side="right"),
            np.searchsorted(self._starts, one.ends, side="left"),
        )


def distinct(positions: Positions) -> Positions:
    """Each position once, ascending: np.unique hashes first, which takes longer for some hundreds."""
    ordered = np.sort(positions)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


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


def overlapping(one: Spans, other: "Spans | Shelf") -> Pairs:
    """Every pair that shares at least one character."""
    shelf = other if isinstance(other, Shelf) else Shelf(other)
    pairs = _near(one, shelf)
    return pairs.where(shared(pairs, one, shelf.spans) > 0)


def _near(one: Spans, shelf: Shelf) -> Pairs:
    """All pairs that overlap, and some that do not."""
    if not len(one.starts) or not len(shelf.spans.starts):
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))
    first, last = shelf.touched(one)
    counts = np.maximum(last - first, 0)
    places = _ranges(first, counts)
    return Pairs(np.repeat(np.arange(len(first)), counts), places if shelf.order is None else shelf.order[places])


def _ranges(first: Positions, counts: Positions) -> Positions:
    """The numbers from each first on, as many as its count, one row after another."""
    return np.arange(counts.sum()) + np.repeat(first - np.cumsum(counts) + counts, counts)


def shared(pairs: Pairs, one: Spans, other: Spans) -> Positions:
    """How many characters each pair shares; below zero for a pair that lies apart."""
    ends = np.minimum(one.ends[pairs.ones], other.ends[pairs.others])
    return np.asarray(ends - np.maximum(one.starts[pairs.ones], other.starts[pairs.others]))


def inside(one: Spans, other: Shelf) -> Pairs:
    """Pairs in which the first lies wholly in the second."""
    return _whole(one, other, lambda pairs: one.at(pairs.ones).lengths)


def holding(one: Spans, other: Shelf) -> Pairs:
    """Pairs in which the second lies wholly in the first."""
    # The lengths of these alone: those of all would make a question cost what the index holds.
    return _whole(one, other, lambda pairs: other.spans.at(pairs.others).lengths)


def _whole(one: Spans, other: Shelf, lengths: Callable[[Pairs], Positions]) -> Pairs:
    """Pairs that share as much as this."""
    pairs = _near(one, other)
    common = shared(pairs, one, other.spans)
    return pairs.where((common > 0) & (common == lengths(pairs)))


def about(one: Spans, other: Spans, share: float) -> Pairs:
    """Pairs that share at least this part of the shorter of the two."""
    pairs = overlapping(one, other)
    shorter = np.minimum(one.at(pairs.ones).lengths, other.at(pairs.others).lengths)
    return pairs.where(shared(pairs, one, other) >= share * shorter)
