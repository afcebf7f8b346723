"""Other places that say what a quote says: the summary of a chapter, a finding told twice."""

from collections.abc import Sequence

import numpy as np

from index.sparse import stems
from index.store import Index
from qa.retrieve import Retrieval

# Two sentences say the same when their vectors are this near and they share this part of the shorter one's stems.
LIKE, SAME_WORDS = 0.93, 0.5
MOST = 3
LOOKED_AT = 60


def repeats(index: Index, quoted: Sequence[int], retrieval: Retrieval) -> list[list[int]]:
    """For each quoted sentence the positions of found ones, in other sections and not quoted, that say the same.

    Best first, at most MOST.
    """
    others = [n for n, _ in retrieval.ranked(LOOKED_AT) if n not in quoted]
    vectors = index.dense_sentences.vectors([*quoted, *others])
    likeness = vectors[: len(quoted)] @ vectors[len(quoted) :].T
    return [
        _same(index, position, [others[place] for place in np.flatnonzero(own >= LIKE)])
        for position, own in zip(quoted, likeness, strict=True)
    ]


def _same(index: Index, position: int, alike: Sequence[int]) -> list[int]:
    near = [n for n in alike if _elsewhere(index, position, n)]
    if not near:
        return []
    words = [set(found) for found in stems(index.sentences.texts([position, *near]))]
    same = [n for n, found in zip(near, words[1:], strict=True) if _share(words[0], found) >= SAME_WORDS]
    places: dict[tuple[str, ...], int] = {}
    for n in same:
        places.setdefault((index.sentences[n].document_id, *index.sentences[n].section.path), n)
    return list(places.values())[:MOST]


def _elsewhere(index: Index, one: int, other: int) -> bool:
    documents = index.sentences.column("document", [one, other])
    return documents[0] != documents[1] or index.sentences[one].section.path != index.sentences[other].section.path


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
