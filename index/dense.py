"""Vectors in FAISS, through LlamaIndex's vector store, so that another of its stores can take the place."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encode import Matrix
from index.scale import Scale, measure_scale

Scored = list[tuple[int, float]]
"""(position in the list that was indexed, score), best first; ties by position."""


class DenseIndex:
    """Exact cosine search over unit vectors; `scale` says how far a cosine stands out among them."""

    def __init__(self, store: Any, scale: Scale) -> None:
        self._store = store
        self.scale = scale

    def __len__(self) -> int:
        return int(self._store.client.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._store.client.d)

    def search(self, vector: NDArray[np.float32], k: int) -> Scored:
        """The `k` nearest vectors to a unit vector `(dimension,)`; score is the cosine."""
        from llama_index.core.vector_stores.types import VectorStoreQuery

        query = VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=min(k, len(self)))
        result = self._store.query(query)
        pairs = zip(result.ids or [], result.similarities or [], strict=True)
        return sorted(((int(name), float(score)) for name, score in pairs), key=lambda pair: (-pair[1], pair[0]))

    def heights(self, vector: NDArray[np.float32], positions: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """How many standard deviations the cosine of a unit vector and each of these vectors lies above the mean."""
        return self._raised(vector, self.vectors(positions) @ vector)

    def highest(
        self, vector: NDArray[np.float32], k: int, chosen: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Positions of the `k` nearest vectors, best first, and their heights; of those `chosen` `(n,)`, if given."""
        query, most, only = vector[None].astype(np.float32), min(k, len(self)), None
        if chosen is not None:
            import faiss

            bits = np.packbits(chosen, bitorder="little")  # FAISS keeps no copy: it must outlive the search
            selector: Any = faiss.IDSelectorBitmap
            parameters: Any = faiss.SearchParameters
            most, only = min(k, int(chosen.sum())), parameters(sel=selector(bits))
        if not most:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        cosines, positions = self._store.client.search(query, most, params=only)
        return positions[0], self._raised(vector, cosines[0])

    def vectors(self, positions: Sequence[int] | NDArray[np.int64]) -> Matrix:
        """The vectors at these positions, `(n, dimension)`."""
        if not len(positions):
            return np.zeros((0, self.dimension), np.float32)
        return np.asarray(self._store.client.reconstruct_batch(np.asarray(positions, np.int64)), np.float32)

    def _raised(self, vector: NDArray[np.float32], cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        mean, spread = self.scale.of(vector)
        return np.asarray((cosines - mean) / spread, np.float32)

    def save(self, path: Path) -> None:
        """Write one file, and its scale beside it. Raises OSError when they cannot be written whole."""
        np.savez(_scale_file(path), mean=self.scale.mean, covariance=self.scale.covariance)
        try:
            self._store.persist(str(path))
        except RuntimeError as error:  # FAISS has no error type of its own for a failed write
            full = os.strerror(errno.ENOSPC) in str(error)
            raise OSError(errno.ENOSPC if full else errno.EIO, f"schrijven mislukt: {error}", str(path)) from error
        if path.stat().st_size < len(self) * self.dimension * np.dtype(np.float32).itemsize:
            raise OSError(errno.ENOSPC, "niet alles kon worden geschreven", str(path))


def build_dense(vectors: Matrix) -> DenseIndex:
    """An index over the rows, in their order."""
    import faiss
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.faiss import FaissVectorStore

    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(vectors.shape[1]))
    store.add([TextNode(embedding=row.tolist()) for row in vectors])
    return DenseIndex(store, measure_scale(vectors))


def load_dense(path: Path) -> DenseIndex:
    """The inverse of `save`; the vectors stay in the file, mapped, so that processes that open it share them."""
    import faiss
    from llama_index.vector_stores.faiss import FaissVectorStore

    with np.load(_scale_file(path)) as kept:
        scale = Scale(kept["mean"], kept["covariance"])
    return DenseIndex(FaissVectorStore(faiss_index=faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)), scale)


def _scale_file(path: Path) -> Path:
    return path.with_suffix(".scale.npz")
