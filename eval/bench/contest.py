"""One system measured on gold: how often it finds the place, how soon, and how long indexing took.

What is found is text, and its place is looked up in the source, for all alike; so one that changes the words of a
document is not helped by the numbers it gives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any

from corpus.model import Document
from eval.bench.driven import Driven
from eval.find import Finder
from eval.gold import GoldQuestion
from eval.measures import first_rank
from eval.outcome import Place

DEPTH = 5
# Asked before the clock counts: what a library does once, it does here.
WARM_UP = ("Waar gaat dit rapport over?", "Welke partijen worden genoemd?", "Wat is er daarna gebeurd?")


@dataclass(frozen=True, slots=True)
class Score:
    """What one system did. Times in seconds, those of questions in milliseconds.

    `shown` is the median length of the first find in characters: a longer one hits more easily, and leaves more to
    read. `lost` counts finds that stand nowhere in the source.
    """

    label: str
    version: str
    hit_at_1: float
    hit_at_5: float
    p50: float
    p95: float
    indexing: float
    pieces: int
    shown: float
    lost: int


def askable(questions: Sequence[GoldQuestion], document: Document) -> list[GoldQuestion]:
    """The questions that every system can be asked: about this document, with an answer, and without a conversation."""
    own = [question for question in questions if question.document_sha256 == document.sha256]
    return [question for question in own if question.answerable and not question.earlier and question.spans]


def measure(
    label: str,
    command: Sequence[str],
    model: Path,
    file: Path,
    questions: Sequence[GoldQuestion],
    places: Callable[[str], Place],
    threads: int,
    limit_seconds: float,
) -> Score:
    """Start a runner, let it load, index and answer, and end it. Raises RunnerError."""
    with Driven(command, threads, limit_seconds) as runner:
        loaded = runner.tell(load=str(model))
        indexed = runner.tell(index=str(file))
        for question in WARM_UP:
            runner.tell(ask=question, k=DEPTH)
        asked = [runner.tell(ask=question.question, k=DEPTH) for question in questions]
    return _scored(label, loaded, indexed, asked, questions, places)


def place_finder(document: Document) -> Callable[[str], Place]:
    """Says where in the source a text stands; empty when it stands nowhere. Of repeated places, all."""
    finder = Finder(document)
    known: dict[str, Place] = {}

    def places(text: str) -> Place:
        if text not in known:
            known[text] = tuple(sorted({span for pieces in finder.pieces(text) for span in pieces}))
        return known[text]

    return places


def _scored(
    label: str,
    loaded: Mapping[str, Any],
    indexed: Mapping[str, Any],
    asked: Sequence[Mapping[str, Any]],
    questions: Sequence[GoldQuestion],
    places: Callable[[str], Place],
) -> Score:
    found = [[places(text) for text in answer["found"][:DEPTH]] for answer in asked]
    ranks = [first_rank(question, one) for question, one in zip(questions, found, strict=True)]
    times = [answer["seconds"] * 1000 for answer in asked]
    firsts = [len(answer["found"][0]) for answer in asked if answer["found"]]
    return Score(
        label=label,
        version=str(loaded["version"]),
        hit_at_1=fmean(rank == 1 for rank in ranks),
        hit_at_5=fmean(rank > 0 for rank in ranks),
        p50=median(times),
        p95=quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0],
        indexing=indexed["seconds"],
        pieces=int(indexed["pieces"]),
        shown=median(firsts) if firsts else 0.0,
        lost=sum(not place for one in found for place in one),
    )
