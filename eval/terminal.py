"""A measurement on a terminal: the figures with their differences, the changes, and the questions that are wrong."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.change import Change, Verdict
from eval.compare import Comparison, Difference, losses
from eval.measurement import Measurement
from eval.measures import MEASURES
from eval.summary import Figure
from eval.wording import chance_words, figure_words, label_of, now_quote, old_quote

COLOURS = {Verdict.WORSE: "red", Verdict.BETTER: "green", Verdict.SAME: "yellow"}
LONGEST_QUOTE = 160
MOST_CHANGES, MOST_WRONG = 40, 25


def show(console: Console, measurement: Measurement) -> None:
    """Everything a maintainer needs to decide, most important last: that is where the eye is."""
    console.print(figures_table(measurement))
    _show_refusals(console, measurement)
    _show_wrong(console, measurement)
    if measurement.comparison is None:
        console.print('Er is nog geen ijkpunt om mee te vergelijken. Leg het vast met: bronvast eval --bless "reden"')
        return
    show_comparison(console, measurement, measurement.comparison)


def figures_table(measurement: Measurement) -> Table:
    """The measures; beside the baseline where there is one."""
    table = Table(title=f"{len(measurement.outcomes)} gouden vragen", title_justify="left")
    table.add_column("maat")
    for name in ("waarde", "95 %-interval", "n", "ijkpunt", "verschil", "p"):
        table.add_column(name, justify="right")
    differences = {d.measure: d for d in measurement.comparison.differences} if measurement.comparison else {}
    for name, figure in measurement.summary.figures.items():
        table.add_row(MEASURES[name].label, *_cells(figure), *_difference_cells(differences.get(name)))
    return table


def _cells(figure: Figure) -> tuple[str, str, str]:
    return figure_words(figure.value), f"{figure.low:.2f}-{figure.high:.2f}".replace(".", ","), str(figure.count)


def _difference_cells(difference: Difference | None) -> Iterator[str | Text]:
    if difference is None:
        return
    yield figure_words(difference.before)
    moved, change = difference.lost or difference.won, difference.now - difference.before
    worse = bool(difference.lost) and change * (1 if MEASURES[difference.measure].more_is_better else -1) < 0
    yield Text(f"{change:+.3f}".replace(".", ","), style="red" if worse else "") if moved else "="
    yield chance_words(difference.p) if moved else ""


def _show_refusals(console: Console, measurement: Measurement) -> None:
    summary = measurement.summary
    wrong, precision = summary.wrong, summary.precision
    console.print(
        f"Fout onder de gegeven antwoorden: {figure_words(wrong.value)} van {wrong.count} "
        f"(met 95 % zekerheid tussen {figure_words(wrong.low)} en {figure_words(wrong.high)})"
    )
    console.print(f"Weigeringen die terecht zijn: {figure_words(precision.value)} van {precision.count}")
    kinds = [g for g in summary.groups if g.by == "soort" and "refused" in g.means]
    parts = [f"{label_of(group.name)} {figure_words(group.means['refused'])}" for group in kinds]
    if parts:
        console.print(f"Terecht geweigerd per soort: {', '.join(parts)}")
    if summary.curve:
        console.print(f"Gemiddeld risico over de dekking (risk-coverage): {figure_words(summary.area)}")


def _show_wrong(console: Console, measurement: Measurement) -> None:
    console.print(f"Goed: {measurement.right} van {len(measurement.outcomes)}")
    both = zip(measurement.outcomes, measurement.scores, strict=True)
    wrong = [outcome.gold for outcome, scores in both if not scores["right"]]
    for gold in wrong[:MOST_WRONG]:
        console.print(f"  fout: {gold.id} {gold.question}", markup=False)
    if more := wrong[MOST_WRONG:]:
        console.print(f"  en nog {len(more)}; met --html ziet u ze allemaal")


def show_comparison(console: Console, measurement: Measurement, comparison: Comparison) -> None:
    """What changed since the baseline, and whether it is a loss."""
    counts = {verdict: sum(c.verdict is verdict for c in comparison.changes) for verdict in Verdict}
    console.print(
        f"\nVergeleken met het ijkpunt ({'; '.join(dict.fromkeys(measurement.reasons.values()))}): "
        f"{comparison.compared} vragen, {len(comparison.changes)} antwoorden anders, "
        + ", ".join(f"{count} {verdict}" for verdict, count in counts.items()),
        markup=False,
    )
    for change in comparison.changes[:MOST_CHANGES]:
        _show_change(console, measurement, change)
    if more := comparison.changes[MOST_CHANGES:]:
        console.print(f"  en nog {len(more)}: {', '.join(change.gold.id for change in more)}", markup=False)
    if comparison.unknown:
        console.print(f"Niet in het ijkpunt, of de vraag is veranderd: {', '.join(comparison.unknown)}", markup=False)
    if comparison.gone:
        console.print(f"Wel in het ijkpunt, maar niet meer gevraagd: {', '.join(comparison.gone)}", markup=False)
    for loss in losses(comparison):
        console.print(Text(f"VERLIES: {loss}", style="bold red"))


def _show_change(console: Console, measurement: Measurement, change: Change) -> None:
    line = Text(f"  {change.verdict}", style=COLOURS[change.verdict])
    console.print(
        line.append(f" {change.gold.id} ({', '.join(change.sorts)}): {change.gold.question}", style="default")
    )
    outcome = next(o for o in measurement.outcomes if o.gold.id == change.gold.id)
    for name, quote in (("was", old_quote(change.before, outcome.document)), ("nu ", now_quote(outcome))):
        console.print(Text(f"    {name}: {shortened(quote)}", style="dim"))


def shortened(quote: str) -> str:
    """The beginning of a quote, on one line."""
    line = " ".join(quote.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
