"""One answer now against the blessed one: what changed in it, and whether that is better or worse by the gold."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.baseline import Past, PastQuote
from eval.gold import GoldQuestion

# Promises about every quote: one question that no longer keeps one is no noise but a fault.
GUARDS = ("quotes verbatim", "quotes whole", "pages true")
# What decides better or worse: the first of these that differs.
ORDER = ("right", "answering quote at 1", "facts found", *GUARDS, "section right", "page right", "MRR", "nDCG@10")


class Sort(StrEnum):
    """What changed in an answer."""

    ANSWERED = "geweigerd → beantwoord"
    REFUSED = "beantwoord → geweigerd"
    FAILED = "ging mis"
    MOVED = "verplaatst"
    TEXT = "tekst anders"
    PLACE = "vindplaats anders"
    ORDER = "volgorde anders"
    SCORE = "oordeel anders"


class Verdict(StrEnum):
    """What a change is worth by the gold; worst first."""

    WORSE = "slechter"
    SAME = "gelijk"
    BETTER = "beter"


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose answer changed; `broken` are the promises it kept before and keeps no more."""

    gold: GoldQuestion
    before: Past
    now: Past
    sorts: tuple[Sort, ...]
    verdict: Verdict
    broken: tuple[str, ...]


def change_of(gold: GoldQuestion, before: Past, now: Past) -> Change | None:
    """How one answer changed, or None."""
    sorts = _sorts(before, now)
    if not sorts and before.scores != now.scores:  # the same answer, judged otherwise: the measures changed
        sorts = [Sort.SCORE]
    broken = tuple(guard for guard in GUARDS if now.scores.get(guard, 1.0) < before.scores.get(guard, 1.0))
    return Change(gold, before, now, tuple(sorts), _verdict(before, now), broken) if sorts else None


def _sorts(before: Past, now: Past) -> list[Sort]:
    """One thing where the status changed, else everything that did."""
    if now.status != before.status and now.status == "failed":
        return [Sort.FAILED]
    if bool(now.quotes) != bool(before.quotes):
        return [Sort.ANSWERED if now.quotes else Sort.REFUSED]
    found = [sort for sort in (_first_quote(before.quotes, now.quotes),) if sort]
    told = {quote.spans: (quote.page, quote.sections) for quote in before.quotes}
    if any(told.get(quote.spans, (quote.page, quote.sections)) != (quote.page, quote.sections) for quote in now.quotes):
        found.append(Sort.PLACE)
    others = [quote.hash for quote in before.quotes[1:]] != [quote.hash for quote in now.quotes[1:]]
    if now.rank != before.rank or (others and not found):
        found.append(Sort.ORDER)
    return found


def _first_quote(before: Sequence[PastQuote], now: Sequence[PastQuote]) -> Sort | None:
    """Whether the first quote went elsewhere, or is other words of the same place."""
    if not before or (before[0].spans, before[0].hash) == (now[0].spans, now[0].hash):
        return None
    touching = any(a < d and c < b for a, b in before[0].spans for c, d in now[0].spans)
    return Sort.TEXT if touching else Sort.MOVED


def _verdict(before: Past, now: Past) -> Verdict:
    for name in ORDER:
        old, new = before.scores.get(name), now.scores.get(name)
        if old is not None and new is not None and old != new:
            return Verdict.BETTER if new > old else Verdict.WORSE
    return Verdict.SAME
