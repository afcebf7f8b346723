"""Several rankings to one: a weighted sum of standard scores."""

from collections.abc import Sequence
from statistics import fmean, pstdev

from index.dense import Scored

# Below this spread a ranking does not tell its candidates apart.
FLAT = 1e-6


def fuse(rankings: Sequence[tuple[float, Scored]]) -> Scored:
    """Sum of weight times z-score over (weight, ranking) pairs, best first, ties by position.

    A candidate that a ranking does not hold gets that ranking's lowest score. z = (score - mean) / deviation, over
    the union of candidates: scores of different kinds then compare, which ranks alone do not keep.
    """
    candidates = sorted({position for _, ranking in rankings for position, _ in ranking})
    totals = dict.fromkeys(candidates, 0.0)
    for weight, ranking in rankings:
        if not ranking:
            continue
        known = dict(ranking)
        lowest = min(known.values())
        scores = [known.get(position, lowest) for position in candidates]
        mean, deviation = fmean(scores), pstdev(scores)
        if deviation < FLAT:
            continue
        for position, score in zip(candidates, scores, strict=True):
            totals[position] += weight * (score - mean) / deviation
    return sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
