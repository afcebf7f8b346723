"""Answers against gold: each measure is one small function over one question's outcome.

Two things overlap when they share at least half of the shorter of the two: so a short quote inside a long gold span
answers, and so does a long quote around a short one; a quote that only touches the edge does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from corpus.offsets import Span
from eval.facts import has_fact
from eval.gold import GoldQuestion
from eval.outcome import NO_PAGE, Outcome, Place, is_verbatim, is_whole, true_page
from eval.ranking import ranking_scores

OVERLAP = 0.5

Scores = dict[str, float]
"""Measure to value between 0 and 1; only the measures that the question is about."""


def overlaps(place: Place, span: Span) -> bool:
    """Whether a place and a gold span share at least OVERLAP of the shorter one, in characters of the source."""
    shared = sum(max(0, min(end, span[1]) - max(start, span[0])) for start, end in place)
    shorter = min(sum(end - start for start, end in place), span[1] - span[0])
    return shared > 0 and shared >= OVERLAP * shorter


def first_ranks(outcome: Outcome) -> list[int]:
    """For each need the rank of the first passage that holds it, 0 for none; in the order of the gold."""
    return _ranks(outcome.gold, outcome.passages)


def first_rank(gold: GoldQuestion, places: Sequence[Place]) -> int:
    """The rank of the first place that holds any need of a question, 0 for none; `places` are best first."""
    return min((rank for rank in _ranks(gold, places) if rank), default=0)


def _ranks(gold: GoldQuestion, places: Sequence[Place]) -> list[int]:
    ranks = []
    for need in gold.needs:
        holding = (n for n, place in enumerate(places, 1) if any(overlaps(place, span) for span in need))
        ranks.append(next(holding, 0))
    return ranks


def quote_answers(outcome: Outcome, k: int) -> float:
    """1 when the first `k` quotes cover a gold span, or with `all_spans` every one of them."""
    places = [q.spans for q in outcome.quotes[:k] if q.sha256 == outcome.gold.document_sha256]
    return float(covers(places, outcome.gold))


def covers(places: Sequence[Place], gold: GoldQuestion) -> bool:
    """Whether places in the document of a gold question hold every need of it."""
    return all(any(overlaps(place, span) for place in places for span in need) for need in gold.needs)


def facts_found(outcome: Outcome) -> float | None:
    """The share of facts that occur in the quotes; the places around them also hold numbers, so those do not count."""
    text = "\n".join(quote.text for quote in outcome.quotes)
    found = [has_fact(text, fact) for fact in outcome.gold.facts]
    return fmean(found) if found else None


def section_right(outcome: Outcome) -> float | None:
    """1 when the first quote is said to stand in one of the gold sections."""
    if not outcome.gold.sections:
        return None
    return float(any(set(quote.sections) & set(outcome.gold.sections) for quote in outcome.quotes[:1]))


def page_right(outcome: Outcome) -> float | None:
    """1 when the page said for the first quote is one on which a gold span stands."""
    if outcome.document is None:
        return None
    pages = {outcome.document.page_of(place) for start, end in outcome.gold.spans for place in (start, end - 1)}
    return float(any(first <= page <= last for q in outcome.quotes[:1] for first, last in [q.page] for page in pages))


def is_right(outcome: Outcome) -> bool:
    """Whether a question came out as gold says: an answering quote among three, or a refusal."""
    if outcome.gold.answerable:
        return outcome.answered and bool(quote_answers(outcome, 3))
    return outcome.status == "refused"


def scores_of(outcome: Outcome) -> Scores:
    """Every measure of one question. One without a result scores 0 on all that it is about."""
    scores = {"right": float(is_right(outcome))}
    if outcome.gold.answerable:
        optional = {
            "facts found": facts_found(outcome),
            "section right": section_right(outcome),
            "page right": page_right(outcome),
        }
        scores |= {
            "answering quote at 1": quote_answers(outcome, 1),
            "answering quote at 3": quote_answers(outcome, 3),
            **{name: value for name, value in optional.items() if value is not None},
            "false refusals": float(outcome.status == "refused"),
        }
    else:
        scores["refused"] = float(outcome.status == "refused")
    document = outcome.document
    if document is not None and (own := [q for q in outcome.quotes if q.document in ("", document.id)]):
        scores |= {
            "quotes verbatim": float(all(is_verbatim(quote, document) for quote in own)),
            "quotes whole": float(all(is_whole(quote, document) for quote in own)),
            "pages true": float(all(q.page in (NO_PAGE, true_page(q, document)) for q in own)),
        }
    return scores


def score(outcomes: Sequence[Outcome]) -> list[Scores]:
    """The scores of each question, those of the ranking included where passages are known."""
    found = {
        outcome.gold.id: first_ranks(outcome)
        for outcome in outcomes
        if outcome.gold.answerable and outcome.document is not None
    }
    ranking = ranking_scores(found)
    return [scores_of(outcome) | ranking.get(outcome.gold.id, {}) for outcome in outcomes]


@dataclass(frozen=True, slots=True)
class Measure:
    """How a measure is shown: its name in Dutch and whether more is better."""

    label: str
    more_is_better: bool = True


MEASURES: dict[str, Measure] = {
    "right": Measure("goed"),
    "answering quote at 1": Measure("eerste citaat antwoordt"),
    "answering quote at 3": Measure("een van drie antwoordt"),
    "facts found": Measure("feiten in de citaten"),
    "section right": Measure("deel klopt"),
    "page right": Measure("bladzijde klopt"),
    "passage hit@1": Measure("passage hit@1"),
    "passage hit@3": Measure("passage hit@3"),
    "passage hit@5": Measure("passage hit@5"),
    "passage hit@10": Measure("passage hit@10"),
    "recall@5": Measure("recall@5"),
    "recall@10": Measure("recall@10"),
    "nDCG@10": Measure("nDCG@10"),
    "MRR": Measure("MRR"),
    "false refusals": Measure("onterecht geweigerd", more_is_better=False),
    "refused": Measure("terecht geweigerd"),
    "quotes verbatim": Measure("citaten letterlijk"),
    "quotes whole": Measure("citaten heel"),
    "pages true": Measure("bladzijden echt"),
}
