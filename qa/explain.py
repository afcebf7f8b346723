"""Why an answer is what it is: the scores behind it taken apart, from the very values that decided it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.answer import Answerer, Look
from qa.extent import unit_at, whole_list
from qa.fate import Fate, Sought, fate_of
from qa.model import Answer, FoundPassage, Place, place_of
from qa.parts import parts_of
from qa.quotes import Quote
from qa.refuse import Verdict
from qa.retrieve import Retriever
from qa.signals import SIGNALS

SENTENCES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate sentence: `shares` are what each signal, and what came on top, brings; they add up to `score`.

    `values` holds the signals only. `start` and `end` are offsets in the document's text.
    """

    rank: int
    score: float
    values: dict[str, float]
    shares: dict[str, float]
    place: Place
    start: int
    end: int
    text: str

    def to_record(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "rank": self.rank,
            "score": round(self.score, 4),
            "signals": {
                name: {"value": round(v, 4), "share": round(self.shares[name], 4)} for name, v in self.values.items()
            },
            "added": {name: round(share, 4) for name, share in self.shares.items() if name not in self.values},
            "document": self.place.document,
            **self.place.to_record(),
            "start": self.start,
            "end": self.end,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Chosen:
    """Why a quote: the sentence that earned it, and how many units of the document the quote reaches over.

    `behind` is how far its score lies behind that of the first quote; `whole` says that it is a whole list or table.
    """

    sentence: Weighed
    behind: float
    units: int
    whole: bool
    text: str

    def to_record(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "sentence_rank": self.sentence.rank,
            "score": round(self.sentence.score, 4),
            "behind": round(self.behind, 4),
            "sentence": self.sentence.text,
            "units": self.units,
            "whole": self.whole,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """One question that was looked for: its best sentences and passages, its quotes, and the verdict."""

    question: str
    sentences: list[Weighed]
    passages: tuple[FoundPassage, ...]
    quotes: list[Chosen]
    verdict: Verdict

    def to_record(self) -> dict[str, Any]:
        """JSON values."""
        verdict = self.verdict
        features = {n: {"value": round(v, 4), "share": round(verdict.shares[n], 4)} for n, v in verdict.found.items()}
        return {
            "question": self.question,
            "sentences": [sentence.to_record() for sentence in self.sentences],
            "passages": [{"rank": found.hit.rank, **found.to_record()} for found in self.passages],
            "quotes": [quote.to_record() for quote in self.quotes],
            "verdict": {
                "confidence": round(verdict.confidence, 4),
                "threshold": verdict.threshold,
                "reason": str(verdict.reason) if verdict.reason else "",
                "constant": verdict.constant,
                "features": features,
            },
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer with a trace of each question that was looked for (none when it was refused before), and spans.

    `listed` is how many items of a list were quoted in place of the quotes in the trace, whatever the verdict.
    """

    answer: Answer
    traces: list[Trace]
    fates: list[Fate]
    listed: int = 0

    def to_record(self) -> dict[str, Any]:
        """JSON values, to stand beside the fields of the batch contract."""
        return {
            "questions": [trace.to_record() for trace in self.traces],
            "listed": self.listed,
            "spans": [fate.to_record() for fate in self.fates],
        }


def explain(answerer: Answerer, question: str, sought: Sequence[Sought] = ()) -> Explanation:
    """The answer, and what decided it; for each span that is sought, the stage that lost it."""
    answer = answerer.answer(question)
    answerer = answerer.within(answer.filter.selection) if answer.filter else answerer
    looks = [answerer.look(part) for part in parts_of(answer.searched)] if answer.passages else []
    listed = len(answerer.listed(looks[0].retrieval)) if len(looks) == 1 else 0
    traces = [trace(answerer, look) for look in looks]
    fates = [fate_of(answerer.retriever, looks, answer, one, bool(listed)) for one in sought]
    return Explanation(answer, traces, fates, listed)


def trace(answerer: Answerer, look: Look) -> Trace:
    """What decided one look."""
    retriever, retrieval = answerer.retriever, look.retrieval
    order = np.argsort(-retrieval.scores, kind="stable")
    weighed = [weigh(retriever, look, int(n), rank) for rank, n in enumerate(order[:SENTENCES_SHOWN], 1)]
    ranks = {int(retrieval.candidates.positions[n]): (int(n), rank) for rank, n in enumerate(order, 1)}
    quotes = [_chosen(retriever, look, quote, *ranks[quote.position]) for quote in look.quotes]
    return Trace(retrieval.question.text, weighed, answerer.found(retrieval), quotes, look.verdict)


def weigh(retriever: Retriever, look: Look, candidate: int, rank: int) -> Weighed:
    """A candidate's score taken apart; `candidate` counts in the candidates, not in the index."""
    retrieval, index = look.retrieval, retriever.index
    sentence = index.sentences[int(retrieval.candidates.positions[candidate])]
    shares = retriever.weights.shares(retrieval.candidates)[candidate]
    added = {name: float(values[candidate]) for name, values in retrieval.added.items()}
    return Weighed(
        rank=rank,
        score=float(retrieval.scores[candidate]),
        values=_named(retrieval.candidates.signals[candidate]),
        shares=_named(shares) | added,
        place=place_of(index.documents[sentence.document_id], sentence.section, sentence.page),
        start=sentence.start,
        end=sentence.end,
        text=index.text(sentence),
    )


def _named(row: Sequence[float]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(SIGNALS, row, strict=True)}


def _chosen(retriever: Retriever, look: Look, quote: Quote, candidate: int, rank: int) -> Chosen:
    document = retriever.index.documents[quote.sentence.document_id]
    first = unit_at(document, quote.start)
    listed = whole_list(document, unit_at(document, quote.sentence.start), look.retrieval.question.asks_all)
    inside = [unit for unit in document.units[first:] if unit.start < quote.end]
    return Chosen(
        sentence=weigh(retriever, look, candidate, rank),
        behind=look.quotes[0].score - quote.score,
        units=len(inside),
        whole=len(inside) > 1 and listed is not None,
        text=document.text[quote.start : quote.end],
    )
