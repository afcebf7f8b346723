"""All answers now against the blessed ones: the changes, a paired test for every measure, and what counts as a loss.

A loss is either of these. One: a headline measure fell, and chance alone would let it fall so far in fewer than 5 % of
cases (one-sided paired permutation test over the questions). Two: a promise about quotes was broken on a question that
kept it, or a quote of the same place got another page or section. Such a promise does not depend on which questions
happen to be in the gold, so one question is enough. What is better by the gold is never a loss.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from eval.baseline import Past
from eval.change import GUARDS, Change, Sort, Verdict, change_of
from eval.gold import GoldQuestion
from eval.measures import MEASURES
from eval.noise import bootstrap, paired_p
from eval.wording import chance_words, figure_words

# Not corrected for being several: a false alarm costs one `--bless`, a missed loss costs every reader.
HEADLINES = ("right", "answering quote at 1", "nDCG@10", "refused")
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure before and now over the same questions; `low` and `high` are the 95 % interval of what it changed.

    `p`: how often chance alone moves it this far, either way; `p_loss`: how often it lets it fall this far.
    """

    measure: str
    before: float
    now: float
    low: float
    high: float
    lost: tuple[str, ...]
    won: tuple[str, ...]
    p: float
    p_loss: float

    @property
    def is_loss(self) -> bool:
        """Whether a headline measure fell beyond the noise."""
        return self.measure in HEADLINES and self.now < self.before and self.p_loss < SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, worst first; `unknown` are questions that the baseline does not hold as they are now."""

    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]
    compared: int
    unknown: tuple[str, ...]
    gone: tuple[str, ...]


def compare(questions: Sequence[GoldQuestion], before: Mapping[str, Past], now: Mapping[str, Past]) -> Comparison:
    """What changed over the questions that both hold with the same gold."""
    same = [q for q in questions if q.id in before and before[q.id].gold == now[q.id].gold]
    changes = [change for q in same if (change := change_of(q, before[q.id], now[q.id]))]
    verdicts = list(Verdict)
    names, known = {q.id for q in questions}, {q.id for q in same}
    pairs = {q.id: (before[q.id].scores, now[q.id].scores) for q in same}
    return Comparison(
        changes=tuple(sorted(changes, key=lambda change: verdicts.index(change.verdict))),
        differences=tuple(found for name in MEASURES if (found := _difference(name, pairs))),
        compared=len(same),
        unknown=tuple(q.id for q in questions if q.id not in known),
        gone=tuple(name for name in before if name not in names),
    )


def losses(comparison: Comparison) -> list[str]:
    """Why this is a loss, in Dutch and with the questions; empty when it is none."""
    return [*_broken(comparison.changes), *map(_fallen, filter(lambda d: d.is_loss, comparison.differences))]


def _broken(changes: Sequence[Change]) -> Iterator[str]:
    for guard in GUARDS:
        if names := [change.gold.id for change in changes if guard in change.broken]:
            yield f"{MEASURES[guard].label} geldt niet meer bij: {', '.join(names)}"
    if names := [c.gold.id for c in changes if Sort.PLACE in c.sorts and c.verdict is not Verdict.BETTER]:
        yield f"zelfde plaats, maar een andere bladzijde of een ander deel bij: {', '.join(names)}"


def _fallen(difference: Difference) -> str:
    before, now, p = figure_words(difference.before), figure_words(difference.now), chance_words(difference.p_loss)
    label = MEASURES[difference.measure].label
    return f"{label} daalde van {before} naar {now} (p: {p}), slechter bij: {', '.join(difference.lost)}"


def _difference(name: str, pairs: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]]) -> Difference | None:
    both = {q: (old[name], new[name]) for q, (old, new) in pairs.items() if name in old and name in new}
    if not both:
        return None
    gains = {q: (new - old) * (1 if MEASURES[name].more_is_better else -1) for q, (old, new) in both.items()}
    low, high = bootstrap([new - old for old, new in both.values()])
    return Difference(
        measure=name,
        before=fmean(old for old, _ in both.values()),
        now=fmean(new for _, new in both.values()),
        low=low,
        high=high,
        lost=tuple(q for q, gain in gains.items() if gain < 0),
        won=tuple(q for q, gain in gains.items() if gain > 0),
        p=paired_p(list(gains.values())),
        p_loss=paired_p(list(gains.values()), "less"),
    )
