"""Vectors rounded to whole numbers of one byte: what was written for a document is compared often, and only to rank.

With the largest value in a collection as 127, cosines move by a few hundredths of their spread at most
(tests/test_search.py), and a search reads a quarter of the memory.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.dense import FlatVectors, Found, Mask
from index.encode import Matrix

LARGEST = 127
UNIT = ".unit.npy"


class RoundedVectors:
    """Every vector is compared, as whole numbers from -LARGEST to LARGEST times `unit`."""

    def __init__(self, whole: FlatVectors, unit: np.float32) -> None:
        self._whole = whole
        self._unit = unit

    @property
    def count(self) -> int:
        return self._whole.count

    @property
    def dimension(self) -> int:
        return self._whole.dimension

    def nearest(self, vector: NDArray[np.float32], k: int, chosen: Mask | None = None) -> Found:
        unit = _unit(vector)  # FAISS compares whole numbers with whole numbers
        positions, sums = self._whole.nearest(np.rint(vector / unit), k, chosen)
        return positions, sums * (self._unit * unit)

    def rows(self, positions: NDArray[np.int64]) -> Matrix:
        return self._whole.rows(positions) * self._unit

    def save(self, path: Path) -> None:
        np.save(path.with_suffix(UNIT), self._unit)
        self._whole.save(path)


def round_vectors(vectors: Matrix) -> RoundedVectors:
    """Unit vectors `(n, dimension)`, rounded."""
    import faiss

    unit = _unit(vectors)
    bytes_: Any = faiss.ScalarQuantizer.QT_8bit_direct_signed
    whole: Any = faiss.IndexScalarQuantizer(vectors.shape[1], bytes_, faiss.METRIC_INNER_PRODUCT)
    whole.add(np.rint(vectors / unit))
    return RoundedVectors(FlatVectors(whole), unit)


def is_rounded(path: Path) -> bool:
    """Whether the vectors in a file were saved by RoundedVectors."""
    return path.with_suffix(UNIT).is_file()


def load_rounded(path: Path) -> RoundedVectors:
    """The inverse of `save`."""
    return RoundedVectors(FlatVectors.load(path), np.load(path.with_suffix(UNIT))[()])


def _unit(vectors: NDArray[np.float32]) -> np.float32:
    """What the largest value is divided by to become LARGEST."""
    return np.float32(np.abs(vectors).max(initial=0.0) / LARGEST or 1.0)
