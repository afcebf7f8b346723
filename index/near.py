"""Vectors of a large collection: a few of its many parts compared by rough codes, and the best of these exactly.

Inverted lists with product quantisation: Jégou et al., 2011, "Product quantization for nearest neighbor search"; codes
of 4 bits that are compared in registers: André et al., 2017, "Accelerated nearest neighbor search with Quick ADC". The
codes only choose; scores come from the vectors themselves, kept in half precision beside them.
"""

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.dense import EXACT_UP_TO, Found, Mask, write_error
from index.encode import Matrix

# Measured against comparing all (`python -m eval.bench.scale` and `eval.bench.recall`, docs/groot.md): parts a
# collection is cut in and how many of them a question looks in: all that hold CODES_READ vectors, and LEAST_LOOKED_IN
# where there are more. Codes a vector is cut in, and how many are compared whole for each that is asked.
PARTS_PER_ROOT, LEAST_LOOKED_IN, CODES_READ = 2, 0.25, 500_000
VALUES_A_CODE, CODE_BITS = 2, 4
COMPARED, COMPARED_FOR_ONE = 600, 3
# Vectors that the parts and codes are learnt from: more hardly changes them.
LEARNT_FROM_PER_PART = 40
ADDED_AT_ONCE = 65_536
VECTORS = ".vectors.npy"


class StoredRows:
    """The rows of a matrix of float16 in a .npy file, read when they are asked for.

    Not mapped: a mapped file brings the pages around each row into the memory of the process and leaves them there.
    """

    def __init__(self, path: Path) -> None:
        found = np.load(path, mmap_mode="r")
        self.shape: tuple[int, int] = found.shape
        self._begin = int(found.offset)
        self._bytes = found.shape[1] * found.itemsize
        self._file = path.open("rb", buffering=0)

    def __getitem__(self, positions: NDArray[np.int64]) -> NDArray[np.float16]:
        wanted, places = np.unique(positions, return_inverse=True)
        rows = np.empty((len(wanted), self.shape[1]), np.float16)
        room, number = rows.data.cast("B"), self._file.fileno()
        edges = [0, *(np.flatnonzero(np.diff(wanted) != 1) + 1).tolist(), len(wanted)]
        firsts = (self._begin + wanted[edges[:-1]] * self._bytes).tolist()
        for place, start, end in zip(firsts, edges, edges[1:], strict=False):
            size = (end - start) * self._bytes
            if os.preadv(number, [room[start * self._bytes : end * self._bytes]], place) != size:
                raise OSError(errno.EIO, "het bestand is korter dan verwacht", self._file.name)
        return rows[places]


class NearVectors:
    """The vectors that are nearest in all likelihood; how likely is measured for each size."""

    def __init__(self, parts: Any, whole: NDArray[np.float16] | StoredRows) -> None:
        self._parts = parts
        self._whole = whole
        self.look_in(min(1.0, max(LEAST_LOOKED_IN, CODES_READ / max(1, self.count))))

    def look_in(self, share: float) -> None:
        """How much of the parts a question looks in, between 0 and 1."""
        self._parts.nprobe = max(1, round(share * self._parts.nlist))

    @property
    def count(self) -> int:
        return int(self._whole.shape[0])

    @property
    def dimension(self) -> int:
        return int(self._whole.shape[1])

    def nearest(self, vector: NDArray[np.float32], k: int, chosen: Mask | None = None) -> Found:
        wanted = min(max(COMPARED, COMPARED_FOR_ONE * k), self.count)
        positions = self._likely(vector, wanted) if chosen is None else self._likely_of(vector, wanted, chosen)
        cosines = self.rows(positions) @ vector
        order = np.argsort(-cosines, kind="stable")[:k]
        return positions[order], cosines[order]

    def _likely(self, vector: NDArray[np.float32], wanted: int) -> NDArray[np.int64]:
        _, found = self._parts.search(vector[None].astype(np.float32), wanted)
        return np.sort(found[0][found[0] >= 0])

    def _likely_of(self, vector: NDArray[np.float32], wanted: int, chosen: Mask) -> NDArray[np.int64]:
        """Those that are chosen among as many more as they are rarer; all that are chosen when these are few."""
        among = np.flatnonzero(chosen)
        if len(among) <= EXACT_UP_TO:
            return among
        found = self._likely(vector, min(wanted * self.count // len(among), self.count))
        kept = found[chosen[found]]
        return kept if len(kept) >= wanted // COMPARED_FOR_ONE else among

    def rows(self, positions: NDArray[np.int64]) -> Matrix:
        return np.asarray(self._whole[positions], np.float32)

    def save(self, path: Path) -> None:
        import faiss

        whole = self._whole if isinstance(self._whole, np.ndarray) else self._whole[np.arange(self.count)]
        np.save(path.with_suffix(VECTORS), whole)
        try:
            faiss.write_index(self._parts, str(path))
        except RuntimeError as error:
            raise write_error(error, path) from error


def build_near(vectors: Matrix) -> NearVectors:
    """Cut `(n, dimension)` in parts and codes; the same vectors give the same cut."""
    import faiss

    count, dimension = vectors.shape
    parts = parts_for(count)
    codes = dimension // VALUES_A_CODE
    index: Any = faiss.index_factory(dimension, f"IVF{parts},PQ{codes}x{CODE_BITS}fs", faiss.METRIC_INNER_PRODUCT)
    chosen = np.random.default_rng(0).permutation(count)[: LEARNT_FROM_PER_PART * parts]
    index.train(np.ascontiguousarray(vectors[np.sort(chosen)]))
    for first in range(0, count, ADDED_AT_ONCE):
        index.add(np.ascontiguousarray(vectors[first : first + ADDED_AT_ONCE]))
    return NearVectors(index, vectors.astype(np.float16))


def parts_for(count: int) -> int:
    """How many parts a collection of this many vectors is cut in: a power of two near PARTS_PER_ROOT * sqrt(count)."""
    return int(2 ** np.round(np.log2(PARTS_PER_ROOT * np.sqrt(count))))


def is_near(path: Path) -> bool:
    """Whether the vectors in a file were saved by NearVectors."""
    return path.with_suffix(VECTORS).is_file()


def load_near(path: Path) -> NearVectors:
    """The inverse of `save`; the whole vectors stay in their file."""
    import faiss

    return NearVectors(faiss.read_index(str(path)), StoredRows(path.with_suffix(VECTORS)))
