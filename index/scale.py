"""How far a cosine stands out in a collection: its mean and spread over all vectors, known without looking at them.

For vectors with mean m and covariance C, the cosines of a unit question vector q have mean q.m and variance q'Cq. So
scores of different kinds compare, vectors are in effect centred on the collection's mean, and a search that fetches
only the nearest still knows how special they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encode import Matrix

# A collection whose vectors are all alike tells nothing apart.
SMALLEST_SPREAD = 1e-4
# Vectors centred at once: centring all of a large collection takes twice its own memory.
BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Scale:
    """`mean` is `(dimension,)`, `covariance` `(dimension, dimension)`; float32."""

    mean: NDArray[np.float32]
    covariance: NDArray[np.float32]

    def of(self, vector: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of the cosines between a unit vector and the collection."""
        variance = max(float(vector @ self.covariance @ vector), 0.0)
        return float(vector @ self.mean), max(variance**0.5, SMALLEST_SPREAD)


def measure_scale(vectors: Matrix) -> Scale:
    """The scale of a collection, `(n, dimension)` with n of 1 or more."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    blocks = (vectors[first : first + BLOCK] - mean for first in range(0, len(vectors), BLOCK))
    covariance = sum((centred.T @ centred for centred in blocks), np.zeros((len(mean), len(mean)))) / len(vectors)
    return Scale(mean.astype(np.float32), covariance.astype(np.float32))
