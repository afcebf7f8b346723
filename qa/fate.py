"""What became of a span of a document that should have been quoted: the stage that lost it, and by how much."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from corpus.errors import InputError
from corpus.model import Document
from corpus.offsets import Span
from index.store import Index
from qa.answer import Look
from qa.model import Answer
from qa.quotes import MOST_QUOTES, SENTENCES_READ, bounds_of
from qa.retrieve import Retriever
from qa.signals import DEPTH, SAME_PLACE, SIGNALS

WRITTEN = re.compile(r"(?:(?P<document>[^:]+):)?(?P<start>\d+)-(?P<end>\d+)")
LOW_SHOWN = 3


class Stage(StrEnum):
    """Where a span was lost, in the order of the work; the last is where none is."""

    NOT_SEARCHED = "not-searched"
    NOT_READ = "not-read"
    NO_CANDIDATE = "no-candidate"
    RANKED_LOW = "ranked-low"
    NOT_QUOTED = "not-quoted"
    REFUSED = "refused"
    QUOTED = "quoted"


class Cause(StrEnum):
    """Why a sentence whose passage was found is not quoted."""

    BEHIND = "behind"  # too far behind the first quote, or the one beside it
    FULL = "full"  # others were better, and there is room for a few
    PARTLY = "partly"  # a quote touches the span, and holds less than half of it
    BEYOND = "beyond"  # not among the first SENTENCES_READ
    LIST = "list"  # a whole list is asked for, and quoted in place of sentences
    PART = "part"  # a double question shows fewer quotes of each part


Outcome = tuple[Stage, Cause | None]


@dataclass(frozen=True, slots=True)
class Sought:
    """Source offsets in a document, as gold has them."""

    document: Document
    span: Span


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a span; `rank` and `score` are its best sentence's, `passage` the rank of its best passage.

    Ranks are 0 where there is none. `lists` holds the span's rank in each list; a list makes candidates of its first
    DEPTH. `low` are the signals that put it behind the best sentence, in log-odds, the largest first.
    """

    stage: Stage
    sought: Sought
    lists: dict[str, int] = field(default_factory=dict)
    rank: int = 0
    score: float = 0.0
    behind: float = 0.0
    passage: int = 0
    low: dict[str, float] = field(default_factory=dict)
    cause: Cause | None = None

    def to_record(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "document": self.sought.document.id,
            "span": list(self.sought.span),
            "stage": str(self.stage),
            "cause": str(self.cause) if self.cause else "",
            "lists": {name: {"rank": rank, "depth": DEPTH} for name, rank in self.lists.items()},
            "sentence_rank": self.rank,
            "score": round(self.score, 4),
            "behind": round(self.behind, 4),
            "passage_rank": self.passage,
            "low": {name: round(share, 4) for name, share in self.low.items()},
        }


def read_span(index: Index, text: str) -> Sought:
    """A span written as START-END, or DOCUMENT:START-END. Raises InputError, which says what is wrong with it."""
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        raise InputError(f'--span "{text}": verwacht BEGIN-EIND in tekens van het bronbestand, bijvoorbeeld 1200-1350.')
    names = ", ".join(index.documents)
    name = found["document"] or (next(iter(index.documents)) if len(index.documents) == 1 else "")
    if name not in index.documents:
        raise InputError(f'--span "{text}": noem het document erbij, als DOCUMENT:BEGIN-EIND. Documenten: {names}.')
    document, start, end = index.documents[name], int(found["start"]), int(found["end"])
    if not start < end <= len(document.source):
        raise InputError(
            f'--span "{text}": het begin moet voor het eind liggen, en {name} heeft {len(document.source)} tekens.'
        )
    return Sought(document, (start, end))


def fate_of(retriever: Retriever, looks: Sequence[Look], answer: Answer, sought: Sought, listed: bool) -> Fate:
    """What became of a span: of the questions that a double question holds, in the one where it got furthest.

    `listed` says that a whole list was quoted in place of the best sentences.
    """
    if not looks:
        return Fate(Stage.NOT_SEARCHED, sought)
    index = retriever.index
    positions = [
        n
        for n in index.sentences.of_document(sought.document.id)
        if _holds(sought, index.sentences[n].start, index.sentences[n].end)
    ]
    if not positions:
        return Fate(Stage.NOT_READ, sought)
    quoted = any(
        c.place.document == sought.document.id and overlaps(c.source_spans, sought.span) for c in answer.citations
    )
    settled = (Stage.QUOTED, None) if quoted else (Stage.NOT_QUOTED, Cause.LIST) if listed else None
    fates = [_in_look(retriever, look, sought, positions, settled) for look in looks]
    return max(fates, key=lambda fate: (list(Stage).index(fate.stage), -fate.rank))


def _in_look(retriever: Retriever, look: Look, sought: Sought, positions: list[int], settled: Outcome | None) -> Fate:
    retrieval = look.retrieval
    lists = retriever.signaller.ranks(retrieval.question, retrieval.vector, positions)
    ranked = [position for position, _ in retrieval.ranked()]
    rank = next((n for n, position in enumerate(ranked, 1) if position in positions), 0)
    if not rank:
        return Fate(Stage.QUOTED if settled == (Stage.QUOTED, None) else Stage.NO_CANDIDATE, sought, lists)
    order = np.argsort(-retrieval.scores, kind="stable")
    score, best = float(retrieval.scores[order[rank - 1]]), float(retrieval.scores[order[0]])
    passage = next(
        (h.rank for h in retrieval.hits if h.passage.document_id == sought.document.id
         and _holds(sought, h.passage.start, h.passage.end)), 0
    )  # fmt: skip
    stage, cause = settled or _stage(look, sought, passage, rank, best - score)
    low = _low(retriever, look, int(order[rank - 1]), int(order[0]))
    return Fate(stage, sought, lists, rank, score, best - score, passage, low, cause)


def _stage(look: Look, sought: Sought, passage: int, rank: int, behind: float) -> Outcome:
    """Where a span was lost that is not quoted."""
    same = [quote for quote in look.quotes if quote.sentence.document_id == sought.document.id]
    if any(_holds(sought, quote.start, quote.end) for quote in same):
        return (Stage.REFUSED, None) if look.verdict.reason else (Stage.NOT_QUOTED, Cause.PART)
    if any(touches(sought.document.source_spans(quote.start, quote.end), sought.span) for quote in same):
        return Stage.NOT_QUOTED, Cause.PARTLY
    if not passage:
        return Stage.RANKED_LOW, None
    if rank > SENTENCES_READ:
        return Stage.NOT_QUOTED, Cause.BEYOND
    far = behind > bounds_of(look.retrieval).further or len(look.quotes) < MOST_QUOTES
    return Stage.NOT_QUOTED, Cause.BEHIND if far else Cause.FULL


def _low(retriever: Retriever, look: Look, own: int, best: int) -> dict[str, float]:
    """What the best sentence has more of than this one, signal by signal."""
    shares = retriever.weights.shares(look.retrieval.candidates)
    gaps = dict(zip(SIGNALS, (shares[best] - shares[own]).tolist(), strict=True))
    gaps |= {name: float(values[best] - values[own]) for name, values in look.retrieval.added.items()}
    behind = sorted((name for name, gap in gaps.items() if gap > 0), key=lambda name: -gaps[name])
    return {name: gaps[name] for name in behind[:LOW_SHOWN]}


def _holds(sought: Sought, start: int, end: int) -> bool:
    return overlaps(sought.document.source_spans(start, end), sought.span)


def overlaps(pieces: Sequence[Span], span: Span) -> bool:
    """Whether pieces of a source and a span share at least SAME_PLACE of the shorter, as measuring counts it."""
    shorter = min(sum(end - start for start, end in pieces), span[1] - span[0])
    return touches(pieces, span) and _common(pieces, span) >= SAME_PLACE * shorter


def touches(pieces: Sequence[Span], span: Span) -> bool:
    """Whether pieces of a source and a span share a character."""
    return _common(pieces, span) > 0


def _common(pieces: Sequence[Span], span: Span) -> int:
    return sum(max(0, min(end, span[1]) - max(start, span[0])) for start, end in pieces)
