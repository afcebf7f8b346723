"""Evidence to a file, and a file of evidence checked, as a user meets them on the command line."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from api.console import say
from corpus.errors import BronvastError, IndexUnusableError, InputError
from corpus.limits import Limits
from corpus.load import load_bare
from corpus.model import Document
from index.build import reader_fingerprint
from index.manifest import read_manifest
from qa.settings import Settings
from qa.verify import Finding, documents_in, verify


def write_evidence(path: Path, content: Mapping[str, Any]) -> None:
    """Write evidence whole or not at all. Raises BronvastError; a file that was there is then as it was."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise BronvastError(
            f"{path}: kan het bewijs niet schrijven ({error.strerror}). Kies een andere plek."
        ) from error
    finally:
        if draft.is_file():
            draft.unlink()


def verify_file(path: Path, given: Sequence[Path], settings: Settings) -> list[Finding]:
    """What no longer matches in a file of evidence. Raises InputError when it, or a source, cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: kan dit bewijs niet lezen ({error}).") from error
    manifest = _manifest(settings.index)
    try:
        documents = _sources(documents_in(content), given, manifest, settings.limits)
        return verify(content, documents, manifest, reader_fingerprint())
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InputError(
            f"{path}: dit is geen bewijs van Bronvast, of het is beschadigd ({type(error).__name__}: {error}). "
            'Verwacht een bestand van: bronvast ask "..." --bewijs BESTAND.json'
        ) from error


def show_findings(path: Path, findings: Sequence[Finding]) -> bool:
    """Say what no longer matches; True when the evidence holds."""
    for finding in findings:
        say(f"{'Klopt niet' if finding.fails else 'Anders dan toen'}: {finding.text}")
    holds = not any(finding.fails for finding in findings)
    say(f"{path}: het bewijs klopt met de bron." if holds else f"{path}: het bewijs klopt niet.")
    return holds


def _manifest(root: Path) -> Mapping[str, Any] | None:
    try:
        return read_manifest(root)
    except IndexUnusableError:
        return None


def _sources(
    made: Sequence[Mapping[str, Any]], given: Sequence[Path], manifest: Mapping[str, Any] | None, limits: Limits
) -> dict[str, Document]:
    """The sources of today by the id in the evidence: the files given, else those that the index was made of."""
    read = [load_bare(path, limits).document for path in given]
    indexed = {document["id"]: Path(document["file"]) for document in (manifest or {"documents": []})["documents"]}
    return {one["id"]: _source(one, read, indexed, limits, alone=len(made) == 1) for one in made}


def _source(
    one: Mapping[str, Any], read: Sequence[Document], indexed: Mapping[str, Path], limits: Limits, alone: bool
) -> Document:
    same = [document for document in read if document.sha256 == one["sha256"]]
    named = [document for document in read if document.id == one["id"] or (alone and len(read) == 1)]
    if chosen := same or named:
        return chosen[0]
    path = indexed.get(one["id"])
    if path is None or not path.is_file():
        raise InputError(
            f"De bron van dit bewijs, {one['title']} ({one['id']}), is hier niet. "
            "Geef het bestand met: --document BESTAND"
        )
    return load_bare(path, limits).document
