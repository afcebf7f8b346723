"""What the model learns from: questions, and the texts that answer them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from corpus.errors import InputError
from corpus.load import load_documents
from corpus.passages import chunk
from index.build import CONTEXT
from index.convert import PROMPTS
from index.embedded import embedded_text
from qa.signals import SAME_PLACE

OWN = Path(__file__).parent / "passages.jsonl"
# More of them, with more questions that are nearly answered: only `eval.adapt.bearing` learned from these.
NEAR = Path(__file__).parent / "passages_near.jsonl"
# What a question is put beside, how often: a question with the same answer, a restatement, a wider text.
SIBLING, RESTATED, WIDER = 0.25, 0.12, 0.4

FIELDS = {"document": str, "section": str, "text": str, "questions": list, "near": list, "wrong": list}

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """A question, where in its document the answer stands, and the texts that hold it.

    `texts` are as narrow as they come, `wider` hold more around it; `siblings` are questions about the same place.
    """

    document: str
    question: str
    span: Span
    texts: Sequence[str]
    wider: Sequence[str]
    restatement: str
    siblings: Sequence[str]

    def positive(self, random: Random) -> str:
        """Something that belongs beside the question, with its prefix."""
        if self.siblings and random.random() < SIBLING:
            return PROMPTS["query"] + random.choice(self.siblings)
        chance = random.random()
        if self.restatement and chance < RESTATED:
            return PROMPTS["passage"] + self.restatement
        return PROMPTS["passage"] + random.choice(self.wider if chance < WIDER else self.texts)

    def overlaps(self, other: "Item") -> bool:
        """Whether what answers the one may answer the other."""
        return self.document == other.document and self.span[0] < other.span[1] and other.span[0] < self.span[1]


def own_items(path: Path = OWN) -> list[Item]:
    """The passages that were written for this, with their questions. Raises InputError for a wrong line."""
    return [item for number, row in enumerate(lines(path), start=1) for item in _of_passage(row, (number, number + 1))]


def lines(path: Path) -> list[dict[str, Any]]:
    """The passages in a file: `document`, `section`, `text`, the `questions` that it answers, those that it nearly
    does (`near`) and those that assume something else (`wrong`). Raises InputError for a wrong line.
    """
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            rows.append({name: kind(row[name]) for name, kind in FIELDS.items()})
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, regel {number}: {error!r}. Verwacht: {', '.join(FIELDS)}.") from error
    return rows


def _of_passage(item: Mapping[str, Any], span: Span) -> Iterable[Item]:
    document, section, text = (str(item[name]) for name in ("document", "section", "text"))
    questions = [str(one) for one in item["questions"]]
    titled = f"{section}\n{text}"
    for question in questions:
        siblings = [other for other in questions if other != question]
        yield Item(document, question, span, (titled, text), (titled,), "", siblings)


def written_items(path: Path) -> list[Item]:
    """The questions that were written for the sentences of a document (its enrichment). Raises InputError."""
    file = load_documents([path])[0]
    document = file.document
    narrow, wide = chunk(document, 1, 1), chunk(document, CONTEXT, 1)
    placed = []
    for one in file.enrichments:
        sentences = [p for p in narrow if _same_place((p.start, p.end), (one.start, one.end))]
        contexts = [p for p in wide if p.start <= one.start and one.end <= p.end]
        if sentences:
            placed.append((one, sentences, contexts or sentences))
    asked: dict[str, list[str]] = {}
    for one, sentences, _ in placed:
        for sentence in sentences:
            asked.setdefault(sentence.id, []).extend(one.questions)
    items = []
    for one, sentences, contexts in placed:
        texts = [embedded_text(document, sentence) for sentence in sentences]
        wider = [embedded_text(document, context) for context in contexts]
        for question in one.questions:
            siblings = [other for sentence in sentences for other in asked[sentence.id] if other != question]
            items.append(Item(document.id, question, (one.start, one.end), texts, wider, one.restatement, siblings))
    return items


def _same_place(one: Span, other: Span) -> bool:
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common > 0 and common >= SAME_PLACE * min(one[1] - one[0], other[1] - other[0])


def batches(items: Sequence[Item], size: int, steps: int, random: Random) -> Iterable[list[Item]]:
    """`steps` batches of at most `size` questions about one document each: what is told apart looks alike."""
    by_document = [list(group) for _, group in groupby(sorted(items, key=lambda i: i.document), lambda i: i.document)]
    weights = [len(group) for group in by_document]
    for _ in range(steps):
        group = random.choices(by_document, weights)[0]
        yield random.sample(group, min(size, len(group)))
