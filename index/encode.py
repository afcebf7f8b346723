"""Texts to vectors: one protocol, and two engines that give the same vectors for the bundled model."""

import os
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelUnusableError
from index.convert import MAX_TOKENS, PROMPTS
from index.memory import give_back
from index.models import ModelFolder
from index.quantized import read_model

Matrix = NDArray[np.float32]
Role = Literal["query", "passage"]
Read = tuple[Matrix, list[Matrix]]
"""Vectors of texts `(n, dimension)`, and for each the vectors of its tokens."""
BATCH = 32


class Encoder(Protocol):
    """Both methods return `(n, dimension)` float32 with unit rows; queries and passages get their own prefix."""

    @property
    def fingerprint(self) -> str:
        """Names the weights: vectors with different fingerprints must not be compared."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        """Vectors of questions."""
        ...

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        """Vectors of passages; `done` is told how many more are ready."""
        ...


@runtime_checkable
class TokenEncoder(Encoder, Protocol):
    """Also gives what a vector is the mean of."""

    def encode_tokens(self, text: str, role: Role) -> Matrix:
        """The vectors of the tokens of one text, `(tokens, dimension)` float32, not scaled."""
        ...


@runtime_checkable
class ReadingEncoder(TokenEncoder, Protocol):
    """Gives both at once."""

    def read_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Read:
        """Vectors of passages as `encode_passages` gives them, and those of the tokens of each."""
        ...


class UnloadedEncoder:
    """The name and size of a model that is not loaded, for a process that shows an index and lets others answer."""

    def __init__(self, fingerprint: str, dimension: int) -> None:
        self.fingerprint = fingerprint
        self.dimension = dimension

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        raise AssertionError("this process does not embed")

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        raise AssertionError("this process does not embed")


class DeferredEncoder:
    """A model that is loaded when the first text comes: a document that is gone needs none."""

    def __init__(self, fingerprint: str, dimension: int, load: Callable[[], Encoder]) -> None:
        self.fingerprint = fingerprint
        self.dimension = dimension
        self._load = cache(load)

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        return self._load().encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        return self._load().encode_passages(texts, done)

    def encode_tokens(self, text: str, role: Role) -> Matrix:
        return self._reading().encode_tokens(text, role)

    def read_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Read:
        return self._reading().read_passages(texts, done)

    def _reading(self) -> ReadingEncoder:
        loaded = self._load()
        assert isinstance(loaded, ReadingEncoder), "asked of an encoder that gives no token vectors"
        return loaded


def clean(text: str) -> str:
    """The text every engine gets: no NUL (cuts text in C code) and no lone surrogates (cannot be encoded)."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")


def load_encoder(model: ModelFolder, engine: str, threads: int) -> Encoder:
    """The encoder for a model. `engine` is "torch", or "onnx" for the bundled model only."""
    if engine != "onnx":
        return TorchEncoder(model, threads)
    if not model.weights:
        raise ModelUnusableError(
            f'engine = "onnx" werkt alleen met het meegeleverde model, niet met model = "{model.name}". '
            f'Kies engine = "torch".'
        )
    return OnnxEncoder(model, threads)


class TorchEncoder:
    """Any SentenceTransformer folder, through sentence-transformers on the CPU."""

    def __init__(self, model: ModelFolder, threads: int) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        torch.set_num_threads(threads)
        try:
            self._model: Any = SentenceTransformer(str(model.path), local_files_only=True, device="cpu")
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise ModelUnusableError(
                f"{model.path}: het model kan niet worden geladen ({error}). Zet het model opnieuw klaar, "
                f"of kies een ander model in de instellingen."
            ) from error
        self.fingerprint = model.fingerprint
        self.dimension: int = self._model.get_embedding_dimension()

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        return self._encode(self._model.encode_query, texts)

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        return _in_batches(texts, self.dimension, lambda part: self._encode(self._model.encode_document, part), done)

    def encode_tokens(self, text: str, role: Role) -> Matrix:
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        (tokens,) = encode([clean(text)], output_value="token_embeddings", show_progress_bar=False)
        return np.asarray(tokens.cpu(), np.float32)

    def read_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Read:
        tokens = []
        for text in texts:
            tokens.append(self.encode_tokens(text, "passage"))
            if done:
                done(1)
        return self.encode_passages(texts), tokens

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> Matrix:
        vectors = encode(
            [clean(text) for text in texts], batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32).reshape(len(texts), self.dimension)


@cache
def tokenizer_of(folder: Path) -> Any:
    """The tokenizer of the bundled model, 280 MB in memory: once a process, and shared with those that split off."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


class OnnxEncoder:
    """The bundled model through ONNX Runtime and tokenizers alone: starts in a fraction of a second."""

    def __init__(self, model: ModelFolder, threads: int) -> None:
        import onnxruntime

        assert model.weights is not None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(model.path / "onnx" / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = tokenizer_of(model.path)
        except Exception as error:  # both libraries raise their own untyped errors for a damaged file
            raise ModelUnusableError(
                f"{model.path}: het klaargezette model is beschadigd ({error}). "
                f"Verwijder deze map; Bronvast zet het model dan opnieuw klaar."
            ) from error
        give_back()
        self._weights = read_model(model.weights)
        self._positions = self._weights.tensor("emb.pos").reshape(-1, self._weights.hidden)
        self._positions = self._positions + self._weights.tensor("emb.type")[: self._weights.hidden]
        self.fingerprint = model.fingerprint
        self.dimension = self._weights.hidden
        self._last: tuple[str, Matrix] = ("", np.zeros((0, self.dimension), np.float32))

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        return self._encode([PROMPTS["query"] + clean(text) for text in texts], None)

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        return self._encode([PROMPTS["passage"] + clean(text) for text in texts], done)

    def read_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Read:
        read: dict[int, Matrix] = {}
        vectors = self._encode([PROMPTS["passage"] + clean(text) for text in texts], done, read)
        return vectors, [read[position] for position in range(len(texts))]

    def encode_tokens(self, text: str, role: Role) -> Matrix:
        """What was embedded last is at hand: who answers a question asks for its tokens after its vector."""
        prompted = PROMPTS[role] + clean(text)
        read, tokens = self._last
        if read != prompted:
            ids = self._tokenizer.encode(prompted).ids
            tokens = self._tokens(np.array([ids], np.int64))[0]
        return tokens

    def _encode(
        self, texts: Sequence[str], done: Callable[[int], None] | None, kept: dict[int, Matrix] | None = None
    ) -> Matrix:
        """Texts of equally many tokens go together: nothing is padded, and no vector depends on what goes with it.

        In `kept` go the token vectors of each text by its position; of many texts they are large.
        """
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        tokens = [item.ids for item in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda position: -len(tokens[position]))
        for _length, alike in groupby(order, key=lambda position: len(tokens[position])):
            positions = list(alike)
            for start in range(0, len(positions), BATCH):
                batch = positions[start : start + BATCH]
                read = self._tokens(np.array([tokens[position] for position in batch], np.int64))
                pooled = read.sum(axis=1, dtype=np.float64)
                vectors[batch] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
                if kept is not None:
                    kept |= zip(batch, read, strict=True)
                self._last = (texts[batch[-1]], read[-1])
                if done:
                    done(len(batch))
        return vectors

    def _tokens(self, ids: NDArray[np.int64]) -> Matrix:
        """`(texts, tokens, dimension)`, of texts with equally many tokens."""
        words = self._weights.rows("emb.word", ids.reshape(-1), self.dimension).reshape(*ids.shape, self.dimension)
        embeddings = words + self._positions[: ids.shape[1]]
        mask = np.ones(ids.shape, np.int32)
        read: Matrix = self._session.run(["tokens"], {"embeddings": embeddings, "mask": mask})[0]
        return read


def _in_batches(
    texts: Sequence[str],
    dimension: int,
    encode: Callable[[Sequence[str]], Matrix],
    done: Callable[[int], None] | None,
) -> Matrix:
    """Encode texts of like length together, so that little is padded; the result keeps the order given."""
    vectors = np.zeros((len(texts), dimension), np.float32)
    order = sorted(range(len(texts)), key=lambda position: -len(texts[position]))
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        vectors[batch] = encode([texts[position] for position in batch])
        if done:
            done(len(batch))
    return vectors
