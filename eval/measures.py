"""Answers against gold: each measure is one small function over one question's outcome."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from corpus.model import Document
from corpus.offsets import Span
from eval.gold import GoldQuestion
from qa.check import QuoteError, check_citation
from qa.model import Answer, Citation, FoundPassage, Status

# A quote answers when it holds at least this part of a gold span's characters.
COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """A gold question, what came of it, and the document its spans point into."""

    gold: GoldQuestion
    answer: Answer
    document: Document


def passage_hit(outcome: Outcome, k: int) -> float:
    """1 when one of the first `k` passages holds a gold span."""
    return float(any(_holds(outcome, passage) for passage in outcome.answer.passages[:k]))


def quote_answers(outcome: Outcome, k: int) -> float:
    """1 when one of the first `k` quotes covers a gold span, or together all of them where all are asked for."""
    covered = [any(_covers(quote, span) for quote in outcome.answer.citations[:k]) for span in outcome.gold.spans]
    return float(all(covered) if outcome.gold.all_spans else any(covered))


def facts_found(outcome: Outcome) -> float:
    """The share of facts that occur in the answer, as whole words; 1 for a question without facts."""
    text = outcome.answer.text
    found = [
        any(re.search(rf"(?<!\w){re.escape(a)}(?!\w)", text, re.IGNORECASE) for a in fact)
        for fact in outcome.gold.facts
    ]
    return fmean(found) if found else 1.0


def section_right(outcome: Outcome) -> float:
    """1 when the first quote stands in one of the gold sections; 1 when none are given."""
    if not outcome.gold.sections:
        return 1.0
    first = outcome.answer.citations[:1]
    return float(any(set(quote.place.sections) & set(outcome.gold.sections) for quote in first))


def verbatim(outcome: Outcome) -> float:
    """1 when every quote is a slice of the document and of its source; must always be 1."""
    try:
        for quote in outcome.answer.citations:
            check_citation(quote, outcome.document)
    except QuoteError:
        return 0.0
    return 1.0


def refused(outcome: Outcome) -> float:
    """1 when there was no answer."""
    return float(outcome.answer.status is Status.REFUSED)


ANSWERABLE: dict[str, Callable[[Outcome], float]] = {
    "passage hit@1": lambda outcome: passage_hit(outcome, 1),
    "passage hit@5": lambda outcome: passage_hit(outcome, 5),
    "answering quote at 1": lambda outcome: quote_answers(outcome, 1),
    "answering quote at 3": lambda outcome: quote_answers(outcome, 3),
    "facts found": facts_found,
    "section right": section_right,
    "quotes verbatim": verbatim,
    "false refusals": refused,
}
UNANSWERABLE: dict[str, Callable[[Outcome], float]] = {"refused": refused}


def measure(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The mean of each measure over the questions it is about. A question without a result counts as 0."""
    yes = [outcome for outcome in outcomes if outcome.gold.answerable]
    no = [outcome for outcome in outcomes if not outcome.gold.answerable]
    figures = {name: fmean(map(function, yes)) for name, function in ANSWERABLE.items() if yes}
    return figures | {name: fmean(map(function, no)) for name, function in UNANSWERABLE.items() if no}


def is_right(outcome: Outcome) -> bool:
    """Whether a question came out as gold says: an answering quote among three, or a refusal."""
    return bool(quote_answers(outcome, 3) if outcome.gold.answerable else refused(outcome))


def _covers(quote: Citation, span: Span) -> bool:
    shared = sum(max(0, min(end, span[1]) - max(start, span[0])) for start, end in quote.source_spans)
    return shared >= COVERED * (span[1] - span[0])


def _holds(outcome: Outcome, passage: FoundPassage) -> bool:
    spans = outcome.document.source_spans(passage.hit.passage.start, passage.hit.passage.end)
    return passage.place.document == outcome.document.id and any(
        sum(max(0, min(end, right) - max(start, left)) for start, end in spans) >= COVERED * (right - left)
        for left, right in outcome.gold.spans
    )
