"""The command `bronvast eval`: measures answers, and fails when a quote is not verbatim or too few come out right."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import BronvastError

LOSS = 1


def evaluate(
    gold: Annotated[Path | None, typer.Argument(help="Bestand met gouden vragen (.jsonl).")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Schrijf alle uitkomsten als JSON.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", help="Schrijf één testgeval per vraag.")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="Schrijf één leesbare pagina.")] = None,
    at_least: Annotated[
        float, typer.Option("--at-least", min=0, max=1, help="Laagste deel goede vragen; daaronder is de exitcode 1.")
    ] = 0.0,
) -> None:
    """Meet de antwoorden op gouden vragen."""
    from eval.measures import is_right, measure
    from eval.report import as_html, as_json, as_junit, as_record, summary_table
    from eval.run import gold_for, run
    from qa.engine import open_answerer
    from qa.settings import load_settings

    console, log = Console(), Console(stderr=True)
    answerer = open_answerer(load_settings(), log.print)
    questions = gold_for(answerer, gold)
    outcomes = run(answerer, questions)
    figures = measure(outcomes)
    console.print(summary_table(figures, len(outcomes)))
    right = [outcome for outcome in outcomes if is_right(outcome)]
    console.print(f"Goed: {len(right)} van {len(outcomes)}")
    for outcome in outcomes:
        if outcome not in right:
            console.print(f"  fout: {outcome.gold.id} {outcome.gold.question}", markup=False, highlight=False)
    if json_file:
        _write(json_file, as_json(as_record(answerer, figures, outcomes)))
    if junit_file:
        _write(junit_file, as_junit(outcomes))
    if html_file:
        _write(html_file, as_html(figures, outcomes))
    if len(right) < at_least * len(outcomes) or figures.get("quotes verbatim", 1.0) < 1:
        raise typer.Exit(LOSS)


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise BronvastError(f"{path}: kan dit bestand niet schrijven ({error.strerror}).") from error
