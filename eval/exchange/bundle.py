"""What an exporter gets: questions, the documents and passages they are about, and where asked for the answers."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.model import Document, Passage
from corpus.passages import chunk
from eval.gold import GoldQuestion
from eval.measures import overlaps
from eval.outcome import Outcome

Files = dict[str, str]
"""Path inside the folder to content."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """`documents` by hash; `passages` by hash too; `outcomes` in the order of the questions, or empty."""

    questions: tuple[GoldQuestion, ...]
    documents: Mapping[str, Document]
    passages: Mapping[str, Sequence[Passage]]
    outcomes: tuple[Outcome, ...] = ()

    def relevant(self, question: GoldQuestion) -> Iterator[Passage]:
        """The passages that hold a gold span, in reading order."""
        document = self.documents[question.document_sha256]
        for passage in self.passages[question.document_sha256]:
            place = document.source_spans(passage.start, passage.end)
            if any(overlaps(place, span) for span in question.spans):
                yield passage

    def answers(self, question: GoldQuestion) -> Iterator[tuple[int, str]]:
        """(offset in the readable text, words) of each gold span that can be read."""
        document = self.documents[question.document_sha256]
        for span in question.spans:
            if pieces := document.offsets.to_text(*span):
                start, end = min(left for left, _ in pieces), max(right for _, right in pieces)
                yield start, document.text[start:end]


def bundle(
    questions: Sequence[GoldQuestion],
    documents: Iterable[Document],
    window: int,
    stride: int,
    outcomes: Sequence[Outcome] = (),
) -> Bundle:
    """Cuts the documents as an index would."""
    by_hash = {document.sha256: document for document in documents}
    passages = {sha256: chunk(document, window, stride) for sha256, document in by_hash.items()}
    return Bundle(tuple(questions), by_hash, passages, tuple(outcomes))


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """One object a line."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def whole_json(value: Any) -> str:
    """One value, readable."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def as_column(name: str) -> str:
    """An id for a format whose columns are parted by white space."""
    return re.sub(r"\s+", "_", name)
