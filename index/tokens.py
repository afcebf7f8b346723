"""Token vectors of sentences, kept when these are embedded: who answers can read a sentence without the model.

Not in an index: a document that changes would have all of them written again.
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import numpy as np

from index.encode import Matrix
from index.kept import Kept, key_of, value_of

# About 16 kB each. Of a larger collection none are kept: the model reads a sentence where that may change an answer.
MOST_KEPT, FACTOR = 10_000, 2
LARGEST = 127


class KeptTokens:
    """Token vectors by text, for one model, in a folder of what is kept from one indexing to the next."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._kept = Kept(_file(folder, fingerprint), MOST_KEPT, FACTOR)

    def has(self, texts: Sequence[str]) -> list[bool]:
        """Of which of these texts they are kept."""
        return self._kept.has([key_of(text) for text in texts])

    def add(self, read: Iterable[tuple[str, Matrix]]) -> None:
        """Keep what was read of these texts."""
        self._kept.add((key_of(text), pack(tokens)) for text, tokens in read)

    def finish(self, texts: Iterable[str]) -> None:
        """End a run in which these texts count as used."""
        self._kept.use(map(key_of, texts))
        self._kept.finish()

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()


class TokenShelf:
    """Looks up what KeptTokens wrote; what is not there, or cannot be read at once, is None."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._file = _file(folder, fingerprint)
        self._opened: dict[int, sqlite3.Connection] = {}

    def get(self, text: str, dimension: int) -> Matrix | None:
        """The token vectors of a text, `(tokens, dimension)`, as `rounded` gives them."""
        with suppress(sqlite3.Error):
            value = value_of(self._database(), key_of(text))
            if value and len(value) % (dimension + 4) == 0:
                return unpack(value, dimension)
        return None

    def _database(self) -> sqlite3.Connection:
        """One for each process: a connection must not go along with one that splits off."""
        own = os.getpid()
        if own not in self._opened:
            where = f"file:{quote(str(self._file))}?mode=ro"
            self._opened[own] = sqlite3.connect(where, uri=True, timeout=0, check_same_thread=False)
        return self._opened[own]


def rounded(tokens: Matrix) -> Matrix:
    """Token vectors as they are when kept: an answer must not depend on whether they were."""
    return unpack(pack(tokens), tokens.shape[1])


def pack(tokens: Matrix) -> bytes:
    """Each of `(n, dimension)` in whole numbers of one byte, its unit before all of them: n * (4 + dimension) bytes."""
    units = np.abs(tokens).max(1, initial=0.0, keepdims=True) / LARGEST
    units[units == 0] = 1.0
    whole = np.rint(tokens / units).astype(np.int8)
    return bytes(units.astype(np.float32)) + bytes(whole)


def unpack(value: bytes, dimension: int) -> Matrix:
    """The inverse of `pack`."""
    count = len(value) // (dimension + 4)
    units = np.frombuffer(value, np.float32, count)
    return np.frombuffer(value, np.int8, offset=4 * count).reshape(count, dimension) * units[:, None]


def _file(folder: Path, fingerprint: str) -> Path:
    return folder / f"{sha256(fingerprint.encode()).hexdigest()[:16]}.woorden.sqlite"
