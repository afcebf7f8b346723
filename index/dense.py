"""Vectors in FAISS, through LlamaIndex's vector store, so that another of its stores can take the place."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encode import Matrix

Scored = list[tuple[int, float]]
"""(position in the list that was indexed, score), best first; ties by position."""


class DenseIndex:
    """Exact cosine search over unit vectors."""

    def __init__(self, store: Any) -> None:
        self._store = store

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

    def scores(self, vector: NDArray[np.float32], positions: Sequence[int]) -> list[float]:
        """Cosines between a unit vector and the vectors at these positions."""
        if not positions:
            return []
        rows = self._store.client.reconstruct_batch(np.asarray(positions, np.int64))
        return [float(score) for score in rows @ vector]

    def save(self, path: Path) -> None:
        """Write one file. Raises OSError when it cannot be written whole."""
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
    return DenseIndex(store)


def load_dense(path: Path) -> DenseIndex:
    """The inverse of `save`."""
    from llama_index.vector_stores.faiss import FaissVectorStore

    return DenseIndex(FaissVectorStore.from_persist_path(str(path)))
