"""Vectors kept from one indexing to the next: a text that did not change is not embedded again, whatever else did."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.encode import Encoder, Matrix, ReadingEncoder, Role
from index.kept import Kept, key_of
from index.tokens import KeptTokens

# At 384 dimensions about 60 MB. Above that, indexes that share a folder may each use half of it.
MOST_KEPT, FACTOR = 40_000, 2
# Texts embedded and written together: a run that is killed loses at most these, a few seconds of work.
BLOCK = 128

Progress = Callable[[int, int], None]
"""Told how much of the work is done, and out of how much."""


class RememberingEncoder:
    """Encodes as `encoder` does; asks it only for texts that no earlier run embedded.

    What is new is embedded in blocks in the order of the texts' hashes, and each block is written at once. So a run
    that was killed goes on where it was with the same blocks as if it had not been, and every block costs about the
    same, which keeps an estimate honest.
    """

    def __init__(self, encoder: Encoder, folder: Path, read: Sequence[str] = ()) -> None:
        """Of the passages in `read` the token vectors are kept as well, if the model gives them."""
        self._encoder = encoder
        self._read = frozenset(read) if isinstance(encoder, ReadingEncoder) else frozenset()
        self._tokens = KeptTokens(folder, encoder.fingerprint) if self._read else None
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self._kept = Kept(folder / f"{sha256(encoder.fingerprint.encode()).hexdigest()[:16]}.sqlite", MOST_KEPT, FACTOR)

    def learn(self, passages: Sequence[str], queries: Sequence[str], progress: Progress) -> None:
        """Embed what is new; `progress` counts only that, and hears nothing when nothing is."""
        new = {"passage": self._new("passage", passages), "query": self._new("query", queries)}
        total, ready = sum(map(len, new.values())), 0

        def done(more: int) -> None:
            nonlocal ready
            ready += more
            progress(ready, total)

        if total:
            done(0)
        for role in ("passage", "query"):
            self._embed(role, new[role], done)

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        return self._encode("query", texts)

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        vectors = self._encode("passage", texts)
        if done:
            done(len(texts))
        return vectors

    def finish(self) -> None:
        """End a run that went well: what it used counts as used."""
        self._kept.finish()
        if self._tokens:
            self._tokens.finish(self._read)

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()
        if self._tokens:
            self._tokens.close()

    def _encode(self, role: Role, texts: Sequence[str]) -> Matrix:
        keys = [key_of(role, text) for text in texts]
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        lacking = self._fill(vectors, range(len(texts)), keys)
        if lacking:
            self._embed(role, dict(sorted((keys[row], texts[row]) for row in lacking)), None)
            lacking = self._fill(vectors, lacking, [keys[row] for row in lacking])
        if lacking:
            vectors[lacking] = self._ask(role, [texts[row] for row in lacking], None)
        return vectors

    def _fill(self, vectors: Matrix, rows: Sequence[int], keys: Sequence[bytes]) -> list[int]:
        """Put what is kept in its row; gives the rows that lack it."""
        lacking = []
        for row, value in zip(rows, self._kept.values(keys), strict=True):
            if value is None or len(value) != vectors[row].nbytes:
                lacking.append(row)
            else:
                vectors[row] = np.frombuffer(value, np.float32)
        return lacking

    def _new(self, role: Role, texts: Sequence[str]) -> dict[bytes, str]:
        """The texts that are not kept, or not all that must be, each once, in the order of their keys."""
        keyed = {key_of(role, text): text for text in texts}
        order = sorted(keyed)
        kept = dict(zip(order, self._kept.has(order), strict=True))
        if role == "passage" and self._tokens:
            read = [key for key in order if keyed[key] in self._read]
            tokens = self._tokens.has([keyed[key] for key in read])
            kept |= {key: kept[key] and there for key, there in zip(read, tokens, strict=True)}
        return {key: keyed[key] for key in order if not kept[key]}

    def _embed(self, role: Role, new: dict[bytes, str], done: Callable[[int], None] | None) -> None:
        """Embed and keep, block by block."""
        keys = list(new)
        for start in range(0, len(keys), BLOCK):
            block = keys[start : start + BLOCK]
            vectors = self._ask(role, [new[key] for key in block], done)
            self._kept.add((key, vector.tobytes()) for key, vector in zip(block, vectors, strict=True))

    def _ask(self, role: Role, texts: Sequence[str], done: Callable[[int], None] | None) -> Matrix:
        if role == "passage" and self._tokens and not self._read.isdisjoint(texts):
            return self._ask_and_read(texts, done, self._tokens)
        if role == "passage":
            return self._encoder.encode_passages(texts, done)
        vectors = self._encoder.encode_queries(texts)
        if done:
            done(len(texts))
        return vectors

    def _ask_and_read(self, texts: Sequence[str], done: Callable[[int], None] | None, kept: KeptTokens) -> Matrix:
        """Vectors, of texts of which the token vectors are kept as well."""
        assert isinstance(self._encoder, ReadingEncoder), "it was one when this began"
        vectors, tokens = self._encoder.read_passages(texts, done)
        kept.add(one for one in zip(texts, tokens, strict=True) if one[0] in self._read)
        return vectors
