"""Questions about everyday life, the same for every index: a question that is more like one of these is about that."""

from importlib.resources import files
from pathlib import Path

import numpy as np

from index.encode import Encoder, Matrix

EVERYDAY = "everyday"


def everyday_questions() -> list[str]:
    """What people ask by mistake: about home, office, shops, school and the world, and not about reports."""
    return files("index").joinpath("data", f"{EVERYDAY}.txt").read_text(encoding="utf-8").splitlines()


def save_everyday(build: Path, encoder: Encoder) -> None:
    """Embed them and write their vectors, in half precision: they are few and only compared."""
    np.save(_file(build), encoder.encode_queries(everyday_questions()).astype(np.float16))


def load_everyday(build: Path) -> Matrix:
    """Their vectors, `(n, dimension)`, almost of length 1. Raises OSError or ValueError."""
    return np.asarray(np.load(_file(build), allow_pickle=False), np.float32)


def _file(build: Path) -> Path:
    return build / f"{EVERYDAY}.npy"
