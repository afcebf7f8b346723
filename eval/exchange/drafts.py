"""Other people's questions as drafts, and drafts as gold: the words of an answer are looked up in the source."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.model import Document
from corpus.offsets import Span
from eval.find import Finder
from eval.gold import GoldQuestion
from eval.write import sections_at

BEFORE = 60
CONTAINS = ("contains", "icontains", "contains-any", "icontains-any", "contains-all", "icontains-all")


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and the words that answer it; `before` stands right before the words, to tell two places apart."""

    id: str
    question: str
    answers: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    answerable: bool = True


def from_squad(path: Path) -> Iterator[Draft]:
    """SQuAD 1.1 or 2.0."""
    for article in _read(path)["data"]:
        for paragraph in article["paragraphs"]:
            context = paragraph["context"]
            for qa in paragraph["qas"]:
                found = {
                    (a["text"], context[max(0, a["answer_start"] - BEFORE) : a["answer_start"]]) for a in qa["answers"]
                }
                yield Draft(str(qa["id"]), qa["question"], tuple(sorted(found)), answerable=bool(found))


def from_beir(path: Path) -> Iterator[Draft]:
    """A BEIR folder: the whole passage is the answer."""
    corpus = {item["_id"]: item["text"] for item in _lines(path / "corpus.jsonl")}
    relevant: dict[str, list[str]] = {}
    table = next((place for place in (path / "qrels" / "test.tsv", path / "qrels.tsv") if place.is_file()), None)
    if table is None:
        raise InputError(f"{path}: hier is geen qrels/test.tsv of qrels.tsv.")
    with table.open(encoding="utf-8") as file:
        for query, passage, score in list(csv.reader(file, delimiter="\t"))[1:]:
            if float(score) > 0:
                relevant.setdefault(query, []).append(corpus[passage])
    for item in _lines(path / "queries.jsonl"):
        words = tuple((text, "") for text in relevant.get(item["_id"], ()))
        yield Draft(item["_id"], item["text"], words, answerable=bool(words))


def from_promptfoo(path: Path) -> Iterator[Draft]:
    """A promptfoo configuration in JSON: what must be contained are facts; quotes, where we wrote them, the answer."""
    for number, test in enumerate(_read(path)["tests"], 1):
        values = [check["value"] for check in test.get("assert", ()) if check["type"] in CONTAINS]
        facts = tuple((value,) if isinstance(value, str) else tuple(value) for value in values)
        metadata = test.get("metadata", {})
        words = metadata.get("quotes") or [fact[0] for fact in facts]
        yield Draft(
            str(test.get("description") or number),
            test["vars"]["question"],
            tuple((text, "") for text in words),
            facts,
            metadata.get("answerable", bool(words)),
        )


SOURCES = {"squad": from_squad, "beir": from_beir, "promptfoo": from_promptfoo}


def resolved(
    drafts: Sequence[Draft], documents: Sequence[Document], notes: str
) -> tuple[list[GoldQuestion], list[str]]:
    """The drafts whose words stand in one document, as gold; and in Dutch why the others were left out."""
    finders = [Finder(document) for document in documents]
    questions, left = [], []
    for draft in drafts:
        places = [(finder.document, spans) for finder in finders if (spans := _spans(finder, draft))]
        if draft.answerable and len(places) != 1:
            why = "staat niet in het document" if not places else "staat in meer dan een document"
            left.append(f"{draft.id}: het antwoord {why}")
            continue
        document, spans = places[0] if draft.answerable else (documents[0], [])
        questions.append(
            GoldQuestion(
                id=draft.id, turns=(draft.question,), answerable=draft.answerable, document_sha256=document.sha256,
                spans=tuple(spans), facts=draft.facts if draft.answerable else (), kind="", style="",
                sections=sections_at(document, spans), notes=notes,
            )
        )  # fmt: skip
    return questions, left


def _spans(finder: Finder, draft: Draft) -> list[Span]:
    """All places of the words, fewer where what stands before them tells which."""
    spans: set[Span] = set()
    for words, before in draft.answers:
        found = finder.pieces(words)
        exact = {place[-1][1] for place in finder.pieces(before + words)} if before and len(found) > 1 else set()
        spans.update(span for place in found if not exact or place[-1][1] in exact for span in place)
    return sorted(spans)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: kan dit bestand niet lezen als JSON ({error}).") from error


def _lines(path: Path) -> list[Mapping[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: kan dit bestand niet lezen als regels JSON ({error}).") from error
