"""How much each signal counts: a linear model of the log-odds that a sentence answers, read from a small file.

`qa/data/weights.json` is made by `python -m eval.bench.ranking`, which fits it on gold questions and says how well it
does on questions it has not seen. There are two models: for documents with enrichment and for those without.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.enriched import Values
from qa.signals import SIGNALS, Candidates

FILE = "weights.json"

# A sentence for which something was written scores about this much higher than it would without; in log-odds. With the
# report and the sample in one index, 0.98 of the dev questions then find their report first and 0.93 of the sample's
# theirs, without it 1.00 and 0.39.
HEAD_START = 7.5


@dataclass(frozen=True, slots=True)
class Weights:
    """One coefficient per signal, `(len(SIGNALS),)`: for sentences with something written for them, and for others."""

    enriched: NDArray[np.float32]
    plain: NDArray[np.float32]

    def score(self, candidates: Candidates) -> Values:
        """The score of each candidate, higher is better; differences are log-odds."""
        enriched = candidates.signals @ self.enriched
        return np.asarray(np.where(candidates.enriched, enriched, candidates.signals @ self.plain), np.float32)

    def aligned(self, candidates: Candidates) -> Values:
        """What makes the scores of documents with enrichment comparable with those of others beside them, `(n,)`."""
        mixed = candidates.enriched.any() and not candidates.enriched.all()
        return np.where(candidates.enriched & mixed, np.float32(-HEAD_START), np.float32(0))

    def shares(self, candidates: Candidates) -> Values:
        """What each signal brings to the score of each candidate, `(n, len(SIGNALS))`: the rows add up to `score`."""
        rows = np.where(candidates.enriched[:, None], self.enriched, self.plain)
        return np.asarray(candidates.signals * rows, np.float32)


def only(**coefficients: float) -> Weights:
    """These signals alone, for every document: a variant to compare with."""
    row = _row(coefficients)
    return Weights(row, row)


def load_weights() -> Weights:
    """The weights that ship with the program."""
    content = json.loads(files("qa").joinpath("data", FILE).read_text(encoding="utf-8"))
    return weights_of(content)


def weights_of(content: Mapping[str, Any]) -> Weights:
    """Weights from their JSON: {"enriched": {signal: coefficient}, "plain": ...}; a signal left out counts 0."""
    return Weights(_row(content["enriched"]), _row(content["plain"]))


def _row(coefficients: Mapping[str, float]) -> NDArray[np.float32]:
    if unknown := set(coefficients) - set(SIGNALS):
        raise ValueError(f"unknown signals: {', '.join(sorted(unknown))}")
    return np.asarray([coefficients.get(name, 0.0) for name in SIGNALS], np.float32)
