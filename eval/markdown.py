"""A measurement as Markdown, short enough for a merge request."""

from collections.abc import Iterator, Sequence

from eval.change import Change, Verdict
from eval.compare import Comparison, losses
from eval.measurement import Measurement
from eval.measures import MEASURES
from eval.summary import Figure
from eval.terminal import shortened
from eval.wording import chance_words, figure_words, now_quote, old_quote

MOST_CHANGES = 50


def as_markdown(measurement: Measurement) -> str:
    """Verdict first, then figures, then each change with its old and new quote."""
    total = len(measurement.outcomes)
    lines = ["# Meting van de antwoorden", "", f"{measurement.right} van {total} vragen goed.", ""]
    comparison = measurement.comparison
    if comparison is None:
        lines += ["Er is nog geen ijkpunt om mee te vergelijken.", ""]
    else:
        lines += [*_verdict(comparison), ""]
    lines += [*_figures(measurement), ""]
    if comparison and comparison.changes:
        lines += ["## Antwoorden die anders zijn", "", *_changes(measurement, comparison.changes), ""]
    return "\n".join([*lines, *_made_by(measurement)]) + "\n"


def _verdict(comparison: Comparison) -> Iterator[str]:
    found = losses(comparison)
    worse = sum(change.verdict is Verdict.WORSE for change in comparison.changes)
    better = sum(change.verdict is Verdict.BETTER for change in comparison.changes)
    yield f"**{'Verlies' if found else 'Geen verlies'}** ten opzichte van het ijkpunt ({comparison.compared} vragen): "
    yield f"{len(comparison.changes)} antwoorden anders, {worse} slechter, {better} beter."
    yield ""
    for loss in found:
        yield f"- {escaped(loss)}"
    for title, names in (("Nieuw of veranderd", comparison.unknown), ("Niet meer gevraagd", comparison.gone)):
        if names:
            yield f"- {title}: {escaped(', '.join(names))}"


def _figures(measurement: Measurement) -> Iterator[str]:
    differences = {d.measure: d for d in measurement.comparison.differences} if measurement.comparison else {}
    yield "| maat | waarde | 95 %-interval | n | ijkpunt | verschil | p |"
    yield "|---|---|---|---|---|---|---|"
    for name, figure in measurement.summary.figures.items():
        row = _row(MEASURES[name].label, figure)
        if name in differences:
            found = differences[name]
            change = f"{found.now - found.before:+.3f}".replace(".", ",")
            moved = f"{change} | {chance_words(found.p)}" if found.lost or found.won else "= | "
            yield f"{row} {figure_words(found.before)} | {moved} |"
        else:
            yield f"{row} | | |"
    yield f"{_row('fout onder de antwoorden', measurement.summary.wrong)} | | |"


def _row(label: str, figure: Figure) -> str:
    value, low, high = map(figure_words, (figure.value, figure.low, figure.high))
    return f"| {label} | {value} | {low} - {high} | {figure.count} |"


def _changes(measurement: Measurement, changes: Sequence[Change]) -> Iterator[str]:
    outcomes = {outcome.gold.id: outcome for outcome in measurement.outcomes}
    for change in changes[:MOST_CHANGES]:
        outcome = outcomes[change.gold.id]
        what = f"{change.gold.id} ({', '.join(change.sorts)}): {change.gold.question}"
        yield f"- **{change.verdict}** {escaped(what)}"
        yield f"  - was: {escaped(shortened(old_quote(change.before, outcome.document)))}"
        yield f"  - nu: {escaped(shortened(now_quote(outcome)))}"
    if len(changes) > MOST_CHANGES:
        yield f"- en nog {len(changes) - MOST_CHANGES}"


def _made_by(measurement: Measurement) -> Iterator[str]:
    made = measurement.made_by
    yield f"Gemaakt met Bronvast {made['version']}, model {made['model']['name']} ({made['model']['fingerprint']}), "
    gold = ", ".join(f"{name} {file['sha256'][:12]}" for name, file in made["gold"].items())
    yield f"index {made['index']}, goud {gold}."


def escaped(text: str) -> str:
    """Text in which nothing is markup."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in " ".join(text.split()))
