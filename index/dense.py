"""Vectors in FAISS, which LlamaIndex can have as one of its vector stores; another of these can take the place."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.encode import Matrix
from index.scale import Scale, measure_scale

if TYPE_CHECKING:
    from llama_index.vector_stores.faiss import FaissVectorStore

Scored = list[tuple[int, float]]
"""(position in the list that was indexed, score), best first; ties by position."""
Found = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Positions and what each scores, best first, `(k,)` each."""
# Up to here comparing with every vector takes less time than looking up which to compare with (docs/groot.md).
EXACT_UP_TO = 50_000


Mask = NDArray[np.bool_]


class Vectors(Protocol):
    """Unit vectors that can be searched, however they are kept."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def nearest(self, vector: NDArray[np.float32], k: int, chosen: Mask | None = None) -> Found:
        """Positions and cosines of the `k` nearest to a unit vector `(dimension,)`, best first; `k` is at least 1.

        With `chosen` `(count,)`, at least `k` of them true, only the chosen ones.
        """
        ...

    def rows(self, positions: NDArray[np.int64]) -> Matrix:
        """The vectors at these positions, `(n, dimension)`."""
        ...

    def save(self, path: Path) -> None:
        """Write one file or more, whose names start as `path` does."""
        ...


class DenseIndex:
    """Cosine search over unit vectors; `scale` says how far a cosine stands out among them."""

    def __init__(self, kept: Vectors, scale: Scale) -> None:
        self._kept = kept
        self.scale = scale

    def __len__(self) -> int:
        return self._kept.count

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._kept.dimension

    def search(self, vector: NDArray[np.float32], k: int) -> Scored:
        """The `k` nearest vectors to a unit vector `(dimension,)`; score is the cosine."""
        positions, cosines = self.nearest(vector, k)
        pairs = zip(positions.tolist(), cosines.tolist(), strict=True)
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def nearest(self, vector: NDArray[np.float32], k: int, chosen: Mask | None = None) -> Found:
        """Positions of the `k` nearest vectors, best first, and their cosines; of those `chosen` `(n,)`, if given."""
        most = min(k, len(self) if chosen is None else int(chosen.sum()))
        if not most:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return self._kept.nearest(vector, most, chosen)

    def highest(self, vector: NDArray[np.float32], k: int, chosen: Mask | None = None) -> Found:
        """Positions of the `k` nearest vectors, best first, and their heights; of those `chosen` `(n,)`, if given."""
        positions, cosines = self.nearest(vector, k, chosen)
        return positions, self.raised(vector, cosines)

    def heights(self, vector: NDArray[np.float32], positions: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """How many standard deviations the cosine of a unit vector and each of these vectors lies above the mean."""
        return self.raised(vector, self.vectors(positions) @ vector)

    def vectors(self, positions: Sequence[int] | NDArray[np.int64]) -> Matrix:
        """The vectors at these positions, `(n, dimension)`."""
        if not len(positions):
            return np.zeros((0, self.dimension), np.float32)
        return self._kept.rows(np.asarray(positions, np.int64))

    def raised(self, vector: NDArray[np.float32], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines with a unit vector as heights: standard deviations above the mean."""
        mean, spread = self.scale.of(vector)
        return np.asarray((cosines - mean) / spread, np.float32)

    def save(self, path: Path) -> None:
        """Write the vectors, and their scale beside them. Raises OSError when they cannot be written whole."""
        np.savez(_scale_file(path), mean=self.scale.mean, covariance=self.scale.covariance)
        self._kept.save(path)


class FlatVectors:
    """Every vector is compared: exact, and the quickest while they are few."""

    def __init__(self, flat: Any) -> None:
        self._flat = flat

    @property
    def store(self) -> "FaissVectorStore":
        """The same vectors for a LlamaIndex program, by position; importing it takes a second that answering spares."""
        from llama_index.vector_stores.faiss import FaissVectorStore

        return FaissVectorStore(faiss_index=self._flat)

    @property
    def count(self) -> int:
        return int(self._flat.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._flat.d)

    def nearest(self, vector: NDArray[np.float32], k: int, chosen: Mask | None = None) -> Found:
        import faiss

        only: Any = None
        if chosen is not None:
            bits = np.packbits(chosen, bitorder="little")  # FAISS keeps no copy: it must outlive the search
            selector: Any = faiss.IDSelectorBitmap
            parameters: Any = faiss.SearchParameters
            only = parameters(sel=selector(bits))
        cosines, positions = self._flat.search(vector[None].astype(np.float32), k, params=only)
        return positions[0], cosines[0]

    def rows(self, positions: NDArray[np.int64]) -> Matrix:
        return np.asarray(self._flat.reconstruct_batch(positions), np.float32)

    def save(self, path: Path) -> None:
        import faiss

        try:
            faiss.write_index(self._flat, str(path))
        except RuntimeError as error:  # FAISS has no error type of its own for a failed write
            raise write_error(error, path) from error
        if path.stat().st_size < self.count * int(self._flat.code_size):
            raise OSError(errno.ENOSPC, "niet alles kon worden geschreven", str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        """The inverse of `save`; the vectors stay in the file, mapped, so that processes that open it share them."""
        import faiss

        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))


def write_error(error: RuntimeError, path: Path) -> OSError:
    """What FAISS says of a failed write, as the error it is."""
    full = os.strerror(errno.ENOSPC) in str(error)
    return OSError(errno.ENOSPC if full else errno.EIO, f"schrijven mislukt: {error}", str(path))


def build_dense(vectors: Matrix, exact_up_to: int = EXACT_UP_TO, rounded: bool = False) -> DenseIndex:
    """An index over the rows, in their order: exact up to this many, with `rounded` almost; above that near enough."""
    scale = measure_scale(vectors)
    if len(vectors) > exact_up_to:
        from index.near import build_near

        return DenseIndex(build_near(vectors), scale)
    if rounded:
        from index.rounded import round_vectors

        return DenseIndex(round_vectors(vectors), scale)
    import faiss

    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    return DenseIndex(FlatVectors(flat), scale)


def load_dense(path: Path) -> DenseIndex:
    """The inverse of `save`."""
    from index.near import is_near, load_near
    from index.rounded import is_rounded, load_rounded

    with np.load(_scale_file(path)) as kept:
        scale = Scale(kept["mean"], kept["covariance"])
    load = load_near if is_near(path) else load_rounded if is_rounded(path) else FlatVectors.load
    return DenseIndex(load(path), scale)


def _scale_file(path: Path) -> Path:
    return path.with_suffix(".scale.npz")
