"""The external Dutch set (xquad-nl, BEIR layout) as an index of its own; read where it lies, never copied."""

import csv
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from corpus.load import DocumentFile
from corpus.structure import read_document
from index.build import build_index
from index.encode import Encoder
from index.manifest import Recipe
from index.store import Index, open_index

FOLDER = Path("../shared/bench/xquad-nl")


@dataclass(frozen=True, slots=True)
class ExternalQuestion:
    """A question, the paragraph that answers it, and the answers that stand in it word for word (often none)."""

    text: str
    document_id: str
    answers: tuple[str, ...]


def load_questions(folder: Path = FOLDER) -> list[ExternalQuestion]:
    """The questions with their paragraph. Raises InputError when the set is not there."""
    if not (folder / "queries.jsonl").is_file():
        raise InputError(f"{folder}: de externe set is hier niet. Zet xquad-nl (BEIR-indeling) in die map.")
    with (folder / "qrels.tsv").open(encoding="utf-8") as file:
        relevant = {row[0]: row[1] for row in csv.reader(file, delimiter="\t")}
    questions = []
    for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        answers = tuple(item["answers"]) if item["answer_in_passage"] else ()
        questions.append(ExternalQuestion(item["text"], relevant[item["_id"]], answers))
    return questions


@contextmanager
def external_index(encoder: Encoder, recipe: Recipe, folder: Path = FOLDER) -> Iterator[Index]:
    """An index of the paragraphs, in a temporary folder."""
    files = []
    for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        document = read_document(item["_id"], item["title"], item["text"])
        files.append(DocumentFile(document, folder / "corpus.jsonl", document.sha256))
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        manifest = build_index(root, files, "extern", encoder, "bundled", recipe, lambda _ready, _total: None)
        yield open_index(root, manifest)
