"""How well questions that a collection cannot answer still match it: the zero point for refusing.

Cosines of one model lie around 0.8, of another around 0.3, and more passages give higher ones. So each index is asked
a fixed list of everyday questions, and a real question's cosine is measured from what those reach.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from statistics import median
from typing import Any

from index.dense import DenseIndex
from index.encode import Encoder

PROBES = "probes.txt"
# The median absolute deviation of a normal distribution, times this, is its standard deviation.
MAD_TO_DEVIATION = 1.4826
SMALLEST_SPREAD = 1e-3


@dataclass(frozen=True, slots=True)
class Floor:
    """Median and spread of the best cosine over the probe questions."""

    median: float
    spread: float

    def height(self, cosine: float) -> float:
        """How many spreads a cosine lies above the floor."""
        return (cosine - self.median) / self.spread


def measure_floor(indexes: Sequence[DenseIndex], encoder: Encoder) -> Floor:
    """Ask the probe questions; robust against the few that a collection happens to answer."""
    lines = files("index").joinpath("data", PROBES).read_text(encoding="utf-8").splitlines()
    best = [max(index.search(vector, 1)[0][1] for index in indexes) for vector in encoder.encode_queries(lines)]
    middle = median(best)
    spread = MAD_TO_DEVIATION * median(abs(cosine - middle) for cosine in best)
    return Floor(middle, max(spread, SMALLEST_SPREAD))


def floor_values(floor: Floor) -> dict[str, float]:
    """A floor as JSON values."""
    return asdict(floor)


def floor_of(manifest: Mapping[str, Any]) -> Floor:
    """The floor an index was made with."""
    return Floor(**manifest["floor"])
