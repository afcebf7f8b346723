"""What the bundled weights learned besides: small matrices whose products are added to them.

LoRA (Hu et al., 2021). Made by `python -m eval.adapt`; docs/zoekmodel.md says from what, and what it brings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelUnusableError

FILE = "adapter.npz"
DOWN, UP = "down", "up"

Half = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Adapter:
    """`factors` maps the name of a weight matrix `(outputs, inputs)` to its `down` `(rank, inputs)` and `up`
    `(outputs, rank)`; `digest` is the sha256 of the file.
    """

    factors: Mapping[str, tuple[Half, Half]]
    digest: str

    def change(self, name: str) -> NDArray[np.float32] | None:
        """What is added to a weight matrix, flat; None where nothing is."""
        if name not in self.factors:
            return None
        down, up = self.factors[name]
        return np.asarray(up.astype(np.float32) @ down.astype(np.float32), np.float32).reshape(-1)


def shipped_adapter() -> Adapter:
    """The adapter in the package. Raises ModelUnusableError when it is not there or damaged."""
    return parse_adapter(files("index").joinpath("data", FILE).read_bytes())


def parse_adapter(data: bytes) -> Adapter:
    """The inverse of `adapter_bytes`. Raises ModelUnusableError when the bytes are no adapter."""
    try:
        with np.load(BytesIO(data), allow_pickle=False) as kept:
            names = sorted({key.rpartition(".")[0] for key in kept.files})
            factors = {name: (kept[f"{name}.{DOWN}"], kept[f"{name}.{UP}"]) for name in names}
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as error:
        raise ModelUnusableError(
            f"index/data/{FILE} is beschadigd ({error}). Installeer Bronvast opnieuw, of kies in de instellingen "
            f"een ander taalmodel."
        ) from error
    return Adapter(factors, sha256(data).hexdigest())


def adapter_bytes(factors: Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]) -> bytes:
    """A file of `(down, up)` by the name of the weight matrix, in half precision; the same for the same values."""
    out = BytesIO()
    halves = {}
    for name in sorted(factors):
        halves[f"{name}.{DOWN}"], halves[f"{name}.{UP}"] = (factor.astype(np.float16) for factor in factors[name])
    np.savez_compressed(out, allow_pickle=False, **halves)
    return out.getvalue()
