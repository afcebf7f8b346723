"""Where the time of an answer goes."""

import time
from collections.abc import Callable, Sequence

from index.encode import Encoder, Matrix, Role, TokenEncoder

LINE, VECTOR, SEARCH = "wachtrij", "vector", "zoeken_en_citeren"


class Stopwatch:
    """An encoder that tells how long it was busy with questions since the last reset."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self.vector_ms = 0.0

    def reset(self) -> None:
        """Start at nothing."""
        self.vector_ms = 0.0

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        started = time.perf_counter()
        vectors = self._encoder.encode_queries(texts)
        self.vector_ms += (time.perf_counter() - started) * 1000
        return vectors

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        return self._encoder.encode_passages(texts, done)

    def encode_tokens(self, text: str, role: Role) -> Matrix:
        assert isinstance(self._encoder, TokenEncoder), "asked of an encoder that has none"
        return self._encoder.encode_tokens(text, role)
