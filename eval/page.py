"""A measurement as one page that needs nothing from outside: figures, plots, changes, and every question."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eval import plots
from eval.change import Change, Verdict
from eval.compare import losses
from eval.find import in_context
from eval.measurement import Measurement
from eval.measures import MEASURES, Scores, overlaps
from eval.outcome import Outcome, Quoted
from eval.wording import chance_words, figure_words, label_of, old_quote, place_words, words_at

PLOTTED = (("soort", "Per soort vraag"), ("stijl", "Per stijl"), ("deel", "Per deel van het document"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A question on the page."""

    outcome: Outcome
    scores: Scores
    change: Change | None

    @property
    def is_right(self) -> bool:
        """Whether it came out as gold says."""
        return self.scores["right"] == 1


def as_html(measurement: Measurement) -> str:
    """The page; the same on every run."""
    environment = Environment(
        loader=PackageLoader("eval", "static"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(number=figure_words, chance=chance_words)
    comparison = measurement.comparison
    changes = {change.gold.id: change for change in comparison.changes} if comparison else {}
    both = zip(measurement.outcomes, measurement.scores, strict=True)
    shown = [Shown(outcome, scores, changes.get(outcome.gold.id)) for outcome, scores in both]
    balance = _balance(list(changes.values()), len(shown))
    return environment.get_template("report.html").render(
        measurement=measurement,
        measures=MEASURES,
        differences={d.measure: d for d in comparison.differences} if comparison else {},
        losses=losses(comparison) if comparison else [],
        lists=_lists(shown),
        plots=_plots(measurement),
        curve=plots.risk_coverage(measurement.summary.curve),
        balance=plots.balance(balance),
        counts=[f"{count} {name}" for name, _, count in balance],
        label_of=label_of,
        place_words=place_words,
        old_quote=old_quote,
        context=context,
        expected=expected,
        answers=answers,
    )


def context(quote: Quoted, outcome: Outcome) -> tuple[str, str, str]:
    """What stands before, in and after a quote in the readable text."""
    if outcome.document is None:
        return "", quote.text, ""
    before, _, after = in_context(outcome.document.text, (quote.start, quote.end))
    return before, quote.text, after


def expected(outcome: Outcome) -> list[tuple[str, str]]:
    """The places that gold names: page, and the words there."""
    document = outcome.document
    spans = outcome.gold.spans if document else ()
    return [(f"p. {document.page_of(span[0])}", words_at(document, (span,))) for span in spans if document]


def answers(quote: Quoted, outcome: Outcome) -> bool:
    """Whether a quote covers a gold span."""
    return any(overlaps(quote.spans, span) for span in outcome.gold.spans)


def _lists(shown: Sequence[Shown]) -> list[tuple[str, list[Shown]]]:
    """What needs a look first."""
    worse = [item for item in shown if item.change and item.change.verdict is Verdict.WORSE]
    other = [item for item in shown if item.change and item.change.verdict is not Verdict.WORSE]
    still = [item for item in shown if not item.change]
    lists = [
        ("Slechter dan het ijkpunt", worse),
        ("Anders dan het ijkpunt, niet slechter", other),
        ("Fout", [item for item in still if not item.is_right]),
        ("Goed", [item for item in still if item.is_right]),
    ]
    return [(title, items) for title, items in lists if items]


def _plots(measurement: Measurement) -> list[tuple[str, Markup, list[tuple[str, int, float]]]]:
    """(title, plot, rows) a grouping; the rows say the same to those who do not see the plot."""
    found = []
    for by, title in PLOTTED:
        groups = [group for group in measurement.summary.groups if group.by == by]
        rows = [(label_of(group.name), group.count, group.means["right"]) for group in groups]
        found.append((title, plots.bars(f"{title}: deel goed", groups, "right"), rows))
    return found


def _balance(changes: Sequence[Change], total: int) -> list[tuple[str, str, int]]:
    """(what, class in the style, count): how many answers changed, and to what."""
    counts = {verdict: sum(change.verdict is verdict for change in changes) for verdict in Verdict}
    return [
        ("slechter", "worse", counts[Verdict.WORSE]),
        ("anders, maar even goed", "other", counts[Verdict.SAME]),
        ("beter", "better", counts[Verdict.BETTER]),
        ("niet veranderd", "still", total - len(changes)),
    ]
