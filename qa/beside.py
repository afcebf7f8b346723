"""The stems that stand around quotes, kept: the same places are quoted again and again."""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from index.sparse import stems
from index.store import Index

# Characters on either side of a quote that say what it is about.
WIDE = 600
# Shorter stems are part of too many others.
LEAST_LETTERS = 4
# About 20 kB for a place and 2 kB for a sentence.
PLACES_KEPT, SENTENCES_KEPT = 1024, 8192


@dataclass(frozen=True, slots=True)
class Stems:
    """`there` are all stems of some text, `long` those that may be part of another, `joined` are these in a row."""

    there: frozenset[str]
    long: frozenset[str]
    joined: str


class Beside:
    """Looks up what stands around places in one index."""

    def __init__(self, index: Index) -> None:
        self._at = lru_cache(PLACES_KEPT)(partial(_stems_at, index))

    def stems(self, position: int, start: int, end: int) -> Stems:
        """The stems of the sentences that stand in a span or at most WIDE characters from it, and of its titles.

        `position` is that of a sentence in the span, `start` and `end` are offsets in its document.
        """
        return self._at(position, start, end)


def _stems_at(index: Index, position: int, start: int, end: int) -> Stems:
    sentence = index.sentences[position]
    whole = index.sentences.of_document(sentence.document_id)
    own = np.arange(whole.start, whole.stop)
    near = index.sentences.column("end", own) > start - WIDE
    near &= index.sentences.column("start", own) < end + WIDE
    titles = [section.title for section in index.documents[sentence.document_id].enclosing(sentence.section)]
    found = [_stems_in(text) for text in [*titles, *index.sentences.texts(own[near])]]
    long = frozenset[str]().union(*(one.long for one in found))
    return Stems(frozenset[str]().union(*(one.there for one in found)), long, " ".join(long))


@lru_cache(SENTENCES_KEPT)
def _stems_in(text: str) -> Stems:
    there = frozenset(stems([text])[0])
    long = frozenset(stem for stem in there if len(stem) >= LEAST_LETTERS)
    return Stems(there, long, " ".join(long))
