"""Vectors that separate jobs embedded, each in a folder of its own, joined to what one indexing reads."""

import os
import shutil
from pathlib import Path

import numpy as np

from corpus.errors import BronvastError

PARTS = "delen"


def part_folder(vectors: Path, number: int, count: int) -> Path:
    """Where part `number` of `count` keeps its vectors: no two jobs write in one place."""
    return vectors / PARTS / f"{number}-van-{count}"


def join_parts(vectors: Path) -> int:
    """Move what the parts hold to where an indexing looks for it; returns how many files were joined.

    The parts go when all is written, so that a join that was cut off is done again. Raises BronvastError for a part
    that cannot be read: what it held would silently be embedded again.
    """
    files = sorted((vectors / PARTS).glob("*/*.npz"))
    for name in sorted({file.name for file in files}):
        own = vectors / name
        _write(own, [file for file in (own, *(file for file in files if file.name == name)) if file.is_file()])
    shutil.rmtree(vectors / PARTS, ignore_errors=True)
    return len(files)


def _write(path: Path, parts: list[Path]) -> None:
    keys, vectors = zip(*(_read(part) for part in parts), strict=True)
    joined, places = np.unique(np.concatenate(keys), return_index=True)
    draft = path.with_name(f".{os.getpid()}.npz")
    try:
        with draft.open("wb") as file:
            np.savez(file, keys=joined, vectors=np.concatenate(vectors)[places])
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BronvastError(
            f"{path}: kan de delen niet samenvoegen ({error.strerror}). De delen zijn bewaard."
        ) from error


def _read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    try:
        with np.load(path) as kept:
            return kept["keys"], kept["vectors"]
    except (OSError, ValueError, KeyError) as error:
        raise BronvastError(
            f"{path}: dit deel kan niet worden gelezen ({error}). Verwijder het en reken het opnieuw uit met: "
            f"bronvast index --part {path.parent.name.replace('-van-', '/')}"
        ) from error
