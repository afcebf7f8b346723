"""Vectors kept from one indexing to the next: a text that did not change is not embedded again, whatever else did."""

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index.encode import Encoder, Matrix

KEY_BYTES = 16
# At 384 dimensions about 60 MB.
MOST_KEPT = 40_000


class RememberingEncoder:
    """Encodes as `encoder` does; asks it only for texts that the file of an earlier run does not hold.

    The file in `folder` belongs to one model. It keeps what earlier runs used as long as it holds at most MOST_KEPT
    texts, and then only what the last run used. One that cannot be read counts as empty.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self._path = folder / f"{sha256(encoder.fingerprint.encode()).hexdigest()[:16]}.npz"
        self._known = _read(self._path, encoder.dimension)
        self._used: dict[bytes, Matrix] = {}

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        return self._encode("query", texts, self._encoder.encode_queries, None)

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        return self._encode("passage", texts, lambda new: self._encoder.encode_passages(new, done), done)

    def save(self) -> None:
        """Write what was used, whole or not at all; what cannot be written is only slower next time."""
        draft = self._path.with_name(f".{os.getpid()}.npz")
        try:
            kept = self._known | self._used if len(self._known) <= MOST_KEPT else self._used
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                np.savez(file, keys=np.array(sorted(kept)), vectors=_rows(kept, self.dimension))
            draft.replace(self._path)
        except OSError:
            draft.unlink(missing_ok=True)

    def _encode(
        self,
        role: str,
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], Matrix],
        done: Callable[[int], None] | None,
    ) -> Matrix:
        keys = [sha256(f"{role}\0{text}".encode("utf-8", "replace")).digest()[:KEY_BYTES] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if done and len(new) < len(texts):
            done(len(texts) - len(new))
        self._known |= dict(zip(new, encode(list(new.values())), strict=True)) if new else {}
        self._used |= {key: self._known[key] for key in keys}
        return np.stack([self._known[key] for key in keys]) if keys else np.zeros((0, self.dimension), np.float32)


def _read(path: Path, dimension: int) -> dict[bytes, Matrix]:
    try:
        with np.load(path) as kept:
            keys, vectors = kept["keys"], kept["vectors"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    if vectors.ndim != 2 or vectors.shape != (len(keys), dimension):
        return {}
    return {bytes(key).ljust(KEY_BYTES, b"\0"): row for key, row in zip(keys, vectors, strict=True)}


def _rows(known: dict[bytes, Matrix], dimension: int) -> Matrix:
    return np.stack([known[key] for key in sorted(known)]) if known else np.zeros((0, dimension), np.float32)
