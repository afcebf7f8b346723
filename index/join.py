"""What separate jobs read and embedded, each in a folder of its own, joined to what one indexing looks up."""

import shutil
from contextlib import closing
from pathlib import Path

from corpus.errors import BronvastError
from index.kept import Kept, stored

PARTS = "delen"


def part_folder(vectors: Path, number: int, count: int) -> Path:
    """Where part `number` of `count` keeps what it did: no two jobs write in one place."""
    return vectors / PARTS / f"{number}-van-{count}"


def join_parts(vectors: Path) -> int:
    """Move what the parts hold to where an indexing looks for it; returns how many parts were joined.

    The parts go when all is written, so that a join that was cut off is done again. Raises BronvastError for a part
    that cannot be read: what it held would silently be embedded again.
    """
    parts = sorted(folder for folder in (vectors / PARTS).glob("*") if folder.is_dir())
    for part in parts:
        for file in sorted(part.glob("*.sqlite")):
            _move(file, vectors / file.name)
    shutil.rmtree(vectors / PARTS, ignore_errors=True)
    return len(parts)


def _move(part: Path, own: Path) -> None:
    with closing(Kept(own, 0, 1)) as kept:
        try:
            for block in stored(part):
                kept.add(block)
        except OSError as error:
            raise BronvastError(
                f"{part}: dit deel kan niet worden gelezen ({error}). Verwijder het en reken het opnieuw uit met: "
                f"bronvast index --part {part.parent.name.replace('-van-', '/')}"
            ) from error
        if kept.unwritten:
            raise BronvastError(
                f"{own}: kan de delen niet samenvoegen. Maak ruimte vrij of controleer de rechten. "
                f"De delen zijn bewaard."
            )
