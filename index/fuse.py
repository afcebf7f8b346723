"""Several rankings to one: a weighted sum of standard scores."""

from collections.abc import Sequence
from statistics import fmean, pstdev

from index.dense import Scored

# Below this spread a ranking does not tell its candidates apart.
FLAT = 1e-6


def fuse(rankings: Sequence[tuple[float, Scored]], neutral: frozenset[int] = frozenset(), some: int = 0) -> Scored:
    """Sum of weight times z-score over (weight, ranking) pairs, best first, ties by position.

    A candidate that a ranking does not hold gets that ranking's lowest score. z = (score - mean) / deviation, over
    the union of candidates: scores of different kinds then compare, which ranks alone do not keep. The last `some`
    rankings say nothing about the candidates in `neutral`, which get their mean.
    """
    candidates = sorted({position for _, ranking in rankings for position, _ in ranking})
    totals = dict.fromkeys(candidates, 0.0)
    for number, (weight, ranking) in enumerate(rankings):
        judged = [c for c in candidates if number < len(rankings) - some or c not in neutral]
        if not ranking or not judged:
            continue
        known = dict(ranking)
        lowest = min(known.values())
        scores = [known.get(position, lowest) for position in judged]
        mean, deviation = fmean(scores), pstdev(scores)
        if deviation < FLAT:
            continue
        for position, score in zip(judged, scores, strict=True):
            totals[position] += weight * (score - mean) / deviation
    return sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
