"""Documents for an index: a file that did not change is not read again, the others are read side by side."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

from corpus.enrichment import Enrichment
from corpus.find import document_id
from corpus.limits import Limits
from corpus.load import DocumentFile, Refused
from corpus.model import Document
from corpus.parallel import load_each, size_of
from index.kept import Kept, key_of
from index.reuse import Progress

FILE = "documents.sqlite"
# The text of a document that is no longer used is not kept for longer than LAST_RUNS.
MOST_KEPT, FACTOR = 0, 1
QUICKLY = 1


class Intake:
    """Reads documents by way of what is kept in `folder`; `reader` names the code that reads."""

    def __init__(self, folder: Path, reader: str, limits: Limits, processes: int) -> None:
        self._reader = reader
        self._limits = limits
        self._processes = processes
        self._kept = Kept(folder / FILE, MOST_KEPT, FACTOR)

    def read(
        self, paths: Sequence[Path], hashes: Mapping[str, str], anew: bool, progress: Progress
    ) -> tuple[list[DocumentFile], list[Refused]]:
        """The documents, and the files that cannot be read, each in the order of `paths`.

        `hashes` is document id to hash of the file as it is now. `anew` reads also what is kept. `progress` counts the
        bytes of the files that must really be read, and hears nothing when there are none. Raises BronvastError.
        """
        keys = [self._key(path, hashes) for path in paths]
        known = zip(paths, self._kept.values(keys), strict=True)
        found: dict[Path, DocumentFile | Refused] = {
            path: _unpacked(path, value) for path, value in known if value and not anew
        }
        sizes = {path: size_of(path) for path in paths if path not in found}
        total, ready = sum(sizes.values()), 0
        if total:
            progress(0, total)
        for one in load_each(list(sizes), self._limits, self._processes):
            found[one.path] = one
            if isinstance(one, DocumentFile) and one.sha256 == hashes[one.document.id]:
                self._kept.add([(self._key(one.path, hashes), _packed(one))])
            ready += sizes[one.path]
            progress(ready, total)
        ordered = [found[path] for path in paths]
        return (
            [one for one in ordered if isinstance(one, DocumentFile)],
            [one for one in ordered if isinstance(one, Refused)],
        )

    def finish(self) -> None:
        """End a run that went well: what it used counts as used."""
        self._kept.finish()

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()

    def _key(self, path: Path, hashes: Mapping[str, str]) -> bytes:
        limits = json.dumps(astuple(self._limits))
        return key_of(path.name, hashes[document_id(path)], limits, self._reader)


def _packed(file: DocumentFile) -> bytes:
    written = [astuple(one)[1:] for one in file.enrichments]
    content = [file.sha256, file.document.to_json(), file.warnings, written]
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"), QUICKLY)


def _unpacked(path: Path, packed: bytes) -> DocumentFile:
    sha256, document, warnings, written = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
    name = document["id"]
    enrichments = (
        Enrichment(name, start, end, tuple(asked), told, tuple(near), tuple(wrong))
        for start, end, asked, told, near, wrong in written
    )
    return DocumentFile(Document.from_json(document), path, sha256, tuple(warnings), tuple(enrichments))
