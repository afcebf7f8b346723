"""Writes gold: a new line goes to a copy of the file, which then takes its place in one step."""

import os
from collections.abc import Sequence
from getpass import getuser
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

from filelock import FileLock

from corpus.errors import BronvastError, InputError
from corpus.model import Document
from corpus.offsets import Span
from eval.audit import NAMED
from eval.gold import GoldQuestion, gold_line, read_gold


def append_gold(path: Path, questions: Sequence[GoldQuestion]) -> None:
    """Add questions to a file, or start it. All or nothing: whatever goes wrong, the file is as it was.

    Raises InputError when the file has wrong lines or already has one of these ids.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path}: de map {path.parent} bestaat niet. Maak hem eerst.")
    with FileLock(_lock(path)):
        taken = {question.id for question in read_gold(path).questions} if path.exists() else set()
        if double := [question.id for question in questions if question.id in taken]:
            raise InputError(f"{path}: deze id komt al voor: {', '.join(double)}. Kies een andere met --id.")
        before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        before += "" if not before or before.endswith("\n") else "\n"
        replace_file(path, before + "".join(f"{gold_line(question)}\n" for question in questions))


def _lock(path: Path) -> Path:
    """Two writers of one file wait for each other. The lock lies elsewhere: a folder of gold holds gold."""
    name = sha256(str(path.resolve()).encode()).hexdigest()[:16]
    return Path(gettempdir()) / f"bronvast-{getuser()}-{name}.lock"


def replace_file(path: Path, content: str) -> None:
    """Write a whole file in one step. Raises BronvastError; the file is then as it was."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise BronvastError(f"{path}: kan dit bestand niet schrijven ({error.strerror}).") from error
    finally:
        draft.unlink(missing_ok=True)


def next_id(path: Path) -> str:
    """An id that the file does not have: its name and the next number."""
    taken = {question.id for question in read_gold(path).questions} if path.exists() else set()
    stem = path.name.removesuffix(".jsonl")
    number = len(taken) + 1
    while f"{stem}-{number:03d}" in taken:
        number += 1
    return f"{stem}-{number:03d}"


def sections_at(document: Document, spans: Sequence[Span]) -> tuple[str, ...]:
    """The chapters, boxes, tables and footnotes in which source spans stand."""
    places = [text for span in spans for text in document.offsets.to_text(*span)]
    around = [s for s in document.sections for start, end in places if s.kind in NAMED and s.start <= start < s.end]
    return tuple(dict.fromkeys(section.label for section in around))
