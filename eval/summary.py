"""Scores to figures: means with intervals, refusals, wrong answers, the risk-coverage curve, and groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from eval.measures import MEASURES, Scores
from eval.noise import bootstrap, clopper_pearson
from eval.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over `count` questions with its 95 % interval."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Answering only what is at least this sure: which share of all questions is answered, which of those wrong."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Group:
    """The questions that have one thing in common, and their means."""

    by: str
    name: str
    count: int
    means: Scores


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of a measurement. `precision` is the share of refusals that were due; `wrong` that of the answers
    that were wrong, with their exact intervals; `area` is that under the risk-coverage curve.
    """

    figures: dict[str, Figure]
    precision: Figure
    wrong: Figure
    curve: tuple[CurvePoint, ...]
    area: float
    groups: tuple[Group, ...]


def summarise(outcomes: Sequence[Outcome], scores: Sequence[Scores], sets: Sequence[str]) -> Summary:
    """The figures; `sets` names for each question the gold file it comes from."""
    values = {name: [s[name] for s in scores if name in s] for name in MEASURES}
    refusals = [not outcome.gold.answerable for outcome in outcomes if outcome.status == "refused"]
    mistakes = [not s["right"] for outcome, s in zip(outcomes, scores, strict=True) if outcome.answered]
    curve = risk_coverage(outcomes, scores)
    return Summary(
        figures={name: Figure(fmean(v), *bootstrap(v), len(v)) for name, v in values.items() if v},
        precision=_share(refusals),
        wrong=_share(mistakes),
        curve=curve,
        area=_area(curve),
        groups=tuple(_groups(outcomes, scores, sets)),
    )


def risk_coverage(outcomes: Sequence[Outcome], scores: Sequence[Scores]) -> tuple[CurvePoint, ...]:
    """The curve from the surest answer to all answers that were given (El-Yaniv & Wiener, 2010).

    It cannot say what the refused questions would have come to. Answers that are equally sure make one point.
    """
    given = [(o.confidence, 1 - s["right"]) for o, s in zip(outcomes, scores, strict=True) if o.answered]
    given.sort(key=lambda pair: -pair[0])
    points, wrong = [], 0.0
    for count, (confidence, mistake) in enumerate(given, 1):
        wrong += mistake
        if count == len(given) or given[count][0] < confidence:
            points.append(CurvePoint(confidence, count / len(outcomes), wrong / count))
    return tuple(points)


def _area(curve: Sequence[CurvePoint]) -> float:
    """The mean risk over the coverage that is reached; 0 without answers."""
    steps = [after.coverage - before for before, after in zip([0.0, *(p.coverage for p in curve)], curve, strict=False)]
    return sum(step * point.risk for step, point in zip(steps, curve, strict=True)) / sum(steps) if steps else 0.0


def _share(hits: Sequence[bool]) -> Figure:
    return Figure(fmean(hits) if hits else 0.0, *clopper_pearson(sum(hits), len(hits)), len(hits))


def _groups(outcomes: Sequence[Outcome], scores: Sequence[Scores], sets: Sequence[str]) -> list[Group]:
    """By set, kind, style and section. A question that cannot be answered is in no section."""
    named: list[tuple[str, Callable[[int], Sequence[str]]]] = [
        ("bestand", lambda n: [sets[n]]),
        ("soort", lambda n: [outcomes[n].gold.kind or "geen"]),
        ("stijl", lambda n: [outcomes[n].gold.style or "geen"]),
        ("gesprek", lambda n: ["gesprek" if len(outcomes[n].gold.turns) > 1 else "losse vraag"]),
        ("deel", lambda n: outcomes[n].gold.sections),
    ]
    groups = []
    for by, names_of in named:
        members: dict[str, list[int]] = {}
        for n in range(len(outcomes)):
            for name in names_of(n):
                members.setdefault(name, []).append(n)
        for name, numbers in sorted(members.items(), key=lambda item: _natural(item[0])):
            groups.append(Group(by, name, len(numbers), _means([scores[n] for n in numbers])))
    return groups


def _means(scores: Sequence[Scores]) -> Scores:
    values = {name: [s[name] for s in scores if name in s] for name in MEASURES}
    return {name: fmean(found) for name, found in values.items() if found}


def _natural(name: str) -> tuple[str, int, str]:
    """Sorts "tabel 2" before "tabel 10", and numbers before names."""
    head = name.rstrip("0123456789")
    return head, int(name[len(head) :] or 0), name
