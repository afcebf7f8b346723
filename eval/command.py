"""The command `bronvast eval`: measures answers, compares them with the baseline, and fails on a loss."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

if TYPE_CHECKING:
    from eval.measurement import Measurement

LOSS = 1
SPLIT = "Alleen deze helft van de gouden vragen: dev om mee te werken, test om mee te rapporteren."
ABLATION = Path("docs/ablatie.md")
WRITTEN = (
    "Vergelijk geschreven antwoorden van het ingestelde taalmodel met de citaten; met --ablate: ook zijn zoekhulp."
)


def evaluate(
    gold: Annotated[Path | None, typer.Argument(help="Bestand met gouden vragen (.jsonl).")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Schrijf alle uitkomsten als JSON.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", help="Schrijf één testgeval per vraag.")] = None,
    markdown_file: Annotated[Path | None, typer.Option("--markdown", help="Schrijf een kort verslag.")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="Schrijf één leesbare pagina.")] = None,
    split: Annotated[Literal["dev", "test"] | None, typer.Option("--split", help=SPLIT)] = None,
    bless: Annotated[str, typer.Option("--bless", help="Maak dit het nieuwe ijkpunt, met deze reden.")] = "",
    baselines: Annotated[Path | None, typer.Option("--baseline", help="Map met ijkpunten.")] = None,
    at_least: Annotated[
        float, typer.Option("--at-least", min=0, max=1, help="Laagste deel goede vragen; daaronder is de exitcode 1.")
    ] = 0.0,
    ablate: Annotated[bool, typer.Option("--ablate", help=f"Meet elke zoekmethode apart, in {ABLATION}.")] = False,
    language_model: Annotated[bool, typer.Option("--taalmodel", help=WRITTEN)] = False,
) -> None:
    """Meet de antwoorden op gouden vragen en vergelijk ze met het ijkpunt. Exitcode 1 bij verlies."""
    from eval.console import asking
    from eval.measurement import bless as write_baselines
    from eval.measurement import measure
    from eval.run import gold_for
    from eval.terminal import show
    from qa.engine import open_extractive
    from qa.settings import load_settings

    console, log = Console(highlight=False, soft_wrap=True), Console(stderr=True, soft_wrap=True)
    settings = load_settings()
    answerer = open_extractive(settings, log.print)
    files = gold_for(list(answerer.index.documents.values()), gold, split or "")
    if ablate:
        from eval.ablation import helped_variants, write_ablation

        helped = helped_variants(answerer, settings.taalmodel) if language_model else {}
        return write_ablation(answerer, files, markdown_file or ABLATION, log.print, helped)
    if language_model:
        from eval.written_command import compare_written

        if not compare_written(answerer, settings, files, json_file, markdown_file):
            raise typer.Exit(LOSS)
        return None
    with asking(log) as progress:
        measurement = measure(answerer, settings, files, baselines, progress)
    _write_reports(measurement, json_file, junit_file, markdown_file, html_file)
    written = write_baselines(measurement, bless, baselines) if bless else []
    show(console, measurement)
    for path in written:
        console.print(f"Nieuw ijkpunt: {path}", markup=False)
    loss = not bless and _is_loss(measurement)
    if loss or measurement.right < at_least * len(measurement.outcomes) or not measurement.all_verbatim:
        raise typer.Exit(LOSS)
    return None


def _is_loss(measurement: "Measurement") -> bool:
    from eval.compare import losses

    return measurement.comparison is not None and bool(losses(measurement.comparison))


def _write_reports(
    measurement: "Measurement",
    json_file: Path | None,
    junit_file: Path | None,
    markdown_file: Path | None,
    html_file: Path | None,
) -> None:
    """The reports asked for, each in one step."""
    from eval.markdown import as_markdown
    from eval.page import as_html
    from eval.report import as_json, as_junit, as_record
    from eval.write import replace_file

    if json_file:
        replace_file(json_file, as_json(as_record(measurement)))
    if junit_file:
        replace_file(junit_file, as_junit(measurement))
    if markdown_file:
        replace_file(markdown_file, as_markdown(measurement))
    if html_file:
        replace_file(html_file, as_html(measurement))
