"""The file of enrichments beside a document, written whole or not at all."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.enrichment import Enrichment, beside
from corpus.errors import BronvastError
from corpus.model import Document
from qa.written.enrich import Work
from qa.written.journal import Journal


def write_sidecar(work: Work, journal: Journal) -> tuple[Path, int]:
    """The file beside the document, in one step, with the lines that were there and those from the journal.

    A file for another version of the document is put aside, not lost. Returns the path and the number of lines; with
    no lines nothing is written.
    """
    path = beside(work.path)
    rows = [*_kept_rows(work), *_new_rows(work, journal)]
    if not rows:
        return path, 0
    rows.sort(key=lambda row: row["spans"])
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
            file.flush()
            os.fsync(file.fileno())
        if work.outdated:
            path.replace(path.with_name(f"{path.name}.oud"))
        draft.replace(path)
    except OSError as error:
        raise BronvastError(
            f"{path}: kan dit bestand niet schrijven ({error.strerror}). Wat het taalmodel gaf is bewaard; "
            "maak ruimte of geef schrijfrecht, en geef dezelfde opdracht opnieuw."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return path, len(rows)


def _kept_rows(work: Work) -> Iterator[dict[str, Any]]:
    for one in work.kept:
        yield _row(work.document, one)


def _new_rows(work: Work, journal: Journal) -> Iterator[dict[str, Any]]:
    for piece in work.pieces:
        if piece.key in journal:
            found, passage = journal[piece.key], piece.passage
            written = Enrichment(passage.document_id, passage.start, passage.end, found.questions, found.restatement)
            yield _row(work.document, written)


def _row(document: Document, one: Enrichment) -> dict[str, Any]:
    unanswered = {"near": list(one.near), "wrong": list(one.wrong)}
    return {
        "document_sha256": document.sha256,
        "spans": [list(span) for span in document.source_spans(one.start, one.end)],
        "questions": list(one.questions),
        "restatement": one.restatement,
        **{name: questions for name, questions in unanswered.items() if questions},
    }
