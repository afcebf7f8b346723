"""One part of a large indexing as a job of its own: embeds some of the documents and keeps their vectors."""

import re
import tempfile
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from corpus.errors import InputError
from corpus.find import document_id, find_documents
from corpus.load import file_hashes
from index.build import build_index
from index.encode import load_encoder
from index.intake import Intake
from index.join import part_folder
from index.manifest import VECTORS
from index.models import find_model
from index.reuse import Progress
from qa.bearing import reads
from qa.engine import Notify, engine_for
from qa.settings import Settings


def encode_part(
    settings: Settings, paths: Sequence[Path], part: str, notify: Notify, progress: Progress, reading: Progress
) -> int:
    """Embed the documents of a part such as "3/16"; returns how many there are. Makes no index.

    Every document belongs to exactly one part, by its id. A document that cannot be read is left to the indexing that
    comes after. Raises BronvastError.
    """
    number, count = read_part(part)
    found = find_documents(paths, settings.documents, Path.cwd())
    own = [path for path in found.paths if part_of(document_id(path), count) == number]
    folder = part_folder(settings.vectors or settings.index / VECTORS, number, count)
    with closing(Intake(folder, settings.recipe.reader, settings.limits, settings.thread_count)) as intake:
        files, _ = intake.read(own, file_hashes(own), False, reading)
        if files:
            model = find_model(settings.model, settings.cache, notify)
            encoder = load_encoder(model, engine_for(settings, model), settings.thread_count)
            with tempfile.TemporaryDirectory() as scratch:
                root = Path(scratch)
                recipe, read = settings.recipe, reads(model.fingerprint)
                build_index(root, files, part, encoder, model.name, recipe, progress, vectors=folder, read=read)
        intake.finish()
    return len(files)


def part_of(name: str, count: int) -> int:
    """The part of a document, 1 to `count`, the same on every machine."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big") % count + 1


def read_part(part: str) -> tuple[int, int]:
    """Number and count. Raises InputError."""
    match = re.fullmatch(r"(\d+)/(\d+)", part)
    number, count = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= count:
        raise InputError(f"--part {part}: verwacht het nummer van een deel en het aantal delen, zoals 3/16.")
    return number, count
