"""What people would ask that a passage answers, written beforehand: a file of lines that belongs to one document.

The asker's words are seldom the report's. Questions and a restatement in everyday words, kept beside a document and
pointing into its source, let a search find what the words alone would not. Questions that a passage does not answer,
though it comes near, tell what to refuse. None of it is ever shown or quoted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.model import Document
from corpus.offsets import Span

SUFFIX = ".verrijking.jsonl"
SHIPPED = "enrichments"
KEYS = {"document_sha256", "spans", "questions", "restatement"}
UNANSWERED = ("near", "wrong")


@dataclass(frozen=True, slots=True)
class Enrichment:
    """Questions that `text[start:end]` of a document answers, and what it says in other words.

    The document answers none of `near`, which ask for more than it says there, nor of `wrong`, which assume what it
    contradicts there.
    """

    document_id: str
    start: int
    end: int
    questions: tuple[str, ...]
    restatement: str
    near: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def beside(path: Path) -> Path:
    """Where the enrichment of a document's file is looked for first."""
    return path.with_name(path.stem + SUFFIX)


def load_enrichments(document: Document, path: Path) -> tuple[Enrichment, ...]:
    """The enrichments of a document: those beside its file, else those that ship in the package for this very source.

    Raises InputError that names every line that is wrong, or a file that belongs to another version of the document.
    """
    file = beside(path)
    if file.is_file():
        return _read(file.read_text(encoding="utf-8"), str(file), document, must_belong=True)
    shipped = files("corpus").joinpath(SHIPPED, document.id + SUFFIX)
    if shipped.is_file():
        return _read(shipped.read_text(encoding="utf-8"), document.id + SUFFIX, document, must_belong=False)
    return ()


def _read(text: str, name: str, document: Document, must_belong: bool) -> tuple[Enrichment, ...]:
    found: list[Enrichment] = []
    wrong: list[str] = []
    sha256 = document.sha256
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = _checked(json.loads(line))
            if item["document_sha256"] != sha256:
                if not must_belong:
                    return ()
                raise ValueError("hoort bij een andere versie van het document")
            found.append(_placed(item, document))
        except (ValueError, KeyError, TypeError) as error:
            wrong.append(f"regel {number}: {error}")
    if wrong:
        more = f" (en nog {len(wrong) - 5})" if len(wrong) > 5 else ""
        raise InputError(f"{name}: {'; '.join(wrong[:5])}{more}. Verbeter deze regels, of haal het bestand weg.")
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _checked(item: Any) -> Mapping[str, Any]:
    if not isinstance(item, dict) or set(item) - set(UNANSWERED) != KEYS:
        raise ValueError(f"verwacht een JSON-object met {', '.join(sorted(KEYS))}, en zo nodig near of wrong")
    lists = [item["questions"], *(item.get(name, []) for name in UNANSWERED)]
    if not all(isinstance(one, list) for one in lists):
        raise ValueError("questions, near en wrong moeten lijsten zijn")
    if not item["questions"]:
        raise ValueError("questions moet minstens één vraag hebben")
    texts = [item["restatement"], *(text for one in lists for text in one)]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError("questions, restatement, near en wrong moeten teksten zijn die niet leeg zijn")
    return item


def _placed(item: Mapping[str, Any], document: Document) -> Enrichment:
    pieces: list[Span] = []
    for start, end in item["spans"]:
        if not 0 <= start < end <= len(document.source):
            raise ValueError(f"span {start}-{end} valt buiten de bron")
        pieces += document.offsets.to_text(start, end)
    if not pieces:
        raise ValueError("de spans wijzen geen leestekst aan")
    start, end = min(piece[0] for piece in pieces), max(piece[1] for piece in pieces)
    asked, near, wrong = (tuple(item.get(name, ())) for name in ("questions", *UNANSWERED))
    return Enrichment(document.id, start, end, asked, item["restatement"], near, wrong)
