"""The command `bronvast`: index, ask, serve, and what other packages add through their entry points."""

import json
import os
import sys
import time
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import rich_utils

from api.console import answerer_for, log, out, prepare, prepare_part, report, say, tell_failure, write_text
from corpus.errors import BronvastError, InputError
from corpus.remote import local_path

if TYPE_CHECKING:
    from qa.answer import Answerer

INTERRUPTED = 130
LOWEST_PRIORITY = 19
rich_utils.ARGUMENTS_PANEL_TITLE = "Argumenten"
rich_utils.OPTIONS_PANEL_TITLE = "Opties"
rich_utils.COMMANDS_PANEL_TITLE = "Opdrachten"
rich_utils.ERRORS_PANEL_TITLE = "Fout"

app = typer.Typer(
    help="Bronvast beantwoordt vragen over rapporten met letterlijke citaten en hun vindplaats.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="Sleutels voor de dienst.", no_args_is_help=True)
app.add_typer(keys, name="sleutel")
SERVE_MORE = (
    "De pagina staat op /, de API op /v1/antwoorden (beschrijving: /v1/documentatie), voor programma's die met OpenAI "
    "praten op /v1/chat/completions, voor assistenten op /mcp, en voor de beheerder op /healthz, /readyz en /metrics. "
    "Een nieuwe index wordt vanzelf gebruikt; met SIGHUP meteen. SIGTERM of Ctrl-C stopt netjes. "
    "Instellingen: bronvast.toml, zie docs/instellingen.md en docs/dienst.md."
)


@app.command()
def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(parser=local_path, metavar="[PAD]...", help="Documenten of mappen; een URL (s3://...) mag ook."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Maak de index ook opnieuw als hij al bij is.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Ga door: werk de index bij zodra er een document verandert.")
    ] = False,
    part: Annotated[
        str, typer.Option("--part", help="Reken alleen dit deel vast uit, zoals 3/16; docs/groot.md.")
    ] = "",
) -> None:
    """Lees documenten en maak de index, of werk hem bij: alleen wat nieuw of anders is, kost tijd."""
    from qa.settings import load_settings

    settings = load_settings()
    _give_way()
    if watch:
        from api.watching import watch_index

        if force or part:
            raise InputError("Kies --watch alleen. Iets anders eerst doen en dan volgen kan met twee opdrachten.")
        watch_index(settings, paths or [])
        return
    if part:
        say(f"Deel {part} is klaar: {prepare_part(settings, paths or [], part)} documenten.")
        return
    prepared = prepare(settings, paths or [], force)
    report(prepared)
    if prepared.refused:
        raise typer.Exit(InputError.exit_code)


def _give_way() -> None:
    """Let a service on the same machine go first: indexing can wait, a question cannot."""
    if hasattr(os, "nice"):
        os.nice(LOWEST_PRIORITY)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="De vraag, tussen aanhalingstekens.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Geef het antwoord als JSON.")] = False,
    batch: Annotated[Path | None, typer.Option("--batch", help="Bestand met op elke regel een vraag in JSON.")] = None,
    destination: Annotated[Path | None, typer.Option("--out", help="Bestand voor de antwoorden van --batch.")] = None,
    explained: Annotated[bool, typer.Option("--explain", help="Laat zien waarom dit het antwoord is.")] = False,
    spans: Annotated[
        list[str] | None,
        typer.Option("--span", help="Met --explain: zeg waar BEGIN-EIND (tekens van het bronbestand) verloren ging."),
    ] = None,
    proof: Annotated[
        Path | None, typer.Option("--bewijs", help="Schrijf een bestand waarmee het antwoord later is na te gaan.")
    ] = None,
    collection: Annotated[str, typer.Option("--collectie", help="Zoek alleen in deze collectie (map).")] = "",
    documents: Annotated[
        list[str] | None, typer.Option("--document", help="Zoek alleen in dit document; mag vaker.")
    ] = None,
    year: Annotated[int | None, typer.Option("--jaar", help="Zoek alleen in documenten van dit jaar.")] = None,
    kind: Annotated[str, typer.Option("--soort", help="Zoek alleen in dit soort documenten, zoals evaluatie.")] = "",
    unfiltered: Annotated[
        bool, typer.Option("--geen-filter", help="Zoek ook in de rest als de vraag zelf een document noemt.")
    ] = False,
) -> None:
    """Stel een vraag, of met --batch en --out een bestand vol vragen."""
    from qa.selection import Selection

    selection = Selection(tuple(documents or ()), collection, year, kind, not unfiltered)

    def opened() -> "Answerer":
        return answerer_for().within(selection)

    if (explained and question is None) or (spans and not explained):
        raise InputError(
            '--explain hoort bij één vraag, en --span bij --explain: bronvast ask --explain "Wat is krimp?"'
        )
    if (question is None) == (batch is None) or (batch is None) != (destination is None):
        raise InputError(
            'Geef één vraag (bronvast ask "Wat is krimp?"), of --batch IN.jsonl samen met --out UIT.jsonl.'
        )
    if proof is not None and question is None:
        raise InputError("--bewijs hoort bij één vraag, niet bij --batch.")
    if proof is not None and not proof.parent.is_dir():
        raise InputError(f"{proof}: de map {proof.parent} bestaat niet. Maak hem eerst.")
    if batch is not None and destination is not None:
        from api.batch import answer_batch

        answer_batch(batch, destination, opened)
    elif question is not None and explained:
        _explain_one(opened(), question, as_json, spans or [])
    elif question is not None:
        _ask_one(opened(), question, as_json, proof)


def _explain_one(answerer: "Answerer", question: str, as_json: bool, spans: list[str]) -> None:
    from api.explain import show_explanation
    from api.show import show_answer
    from qa.explain import explain
    from qa.fate import read_span

    sought = [read_span(answerer.index, span) for span in spans]
    started = time.perf_counter()
    explanation = explain(answerer, question, sought)
    took_ms = (time.perf_counter() - started) * 1000
    if as_json:
        record = explanation.answer.to_record("", took_ms) | {"explain": explanation.to_record()}
        sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        return
    show_answer(out, explanation.answer)
    show_explanation(out, explanation)


def _ask_one(answerer: "Answerer", question: str, as_json: bool, proof: Path | None) -> None:
    started = time.perf_counter()
    answer = answerer.answer(question)
    took_ms = (time.perf_counter() - started) * 1000
    if proof is not None:
        from api.evidence import write_evidence
        from qa.evidence import evidence

        write_evidence(proof, evidence(answerer.index, answer))
        say(f"Bewijs geschreven: {proof}. Later nagaan: bronvast verify {proof}")
    if as_json:
        sys.stdout.write(json.dumps(answer.to_record("", took_ms), ensure_ascii=False) + "\n")
        return
    from api.show import show_answer

    show_answer(out, answer)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="Het bewijs, van bronvast ask --bewijs of van de dienst.")],
    documents: Annotated[
        list[Path] | None, typer.Option("--document", help="De bron, als die niet in de index staat.")
    ] = None,
) -> None:
    """Ga na of een bewijs nog klopt met de bron, en zeg wat er sindsdien anders is."""
    from api.evidence import show_findings, verify_file
    from qa.settings import load_settings

    if not show_findings(path, verify_file(path, documents or [], load_settings())):
        raise typer.Exit(1)


@app.command(epilog=SERVE_MORE)
def serve(
    host: Annotated[str | None, typer.Option(help="Adres waarop de dienst luistert. 0.0.0.0: in het netwerk.")] = None,
    port: Annotated[int | None, typer.Option(help="Poort waarop de dienst luistert.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processen die antwoorden; 0: een per processorkern.")] = None,
    open_to_all: Annotated[
        bool | None, typer.Option("--open/--closed", help="Met --open heeft niemand in het netwerk een sleutel nodig.")
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Laat eerst één voorbeeldantwoord zien.")] = False,
) -> None:
    """Start de dienst met de vraagpagina. Is er nog geen index, of is hij oud, dan wordt hij eerst gemaakt."""
    from api.examples import example_for
    from api.serve import check_access, check_address, run
    from api.service import process_service
    from api.show import show_answer
    from index.memory import give_back
    from qa.engine import given_paths, open_unanswering
    from qa.settings import load_settings

    options = {"host": host, "port": port, "workers": workers, "open": open_to_all}
    settings = load_settings(**{name: value for name, value in options.items() if value is not None})
    check_access(settings)
    check_address(settings.host, settings.port)
    report(prepare(settings, given_paths(settings), force=False))
    give_back()  # what was loaded to make an index
    service = process_service(open_unanswering(settings, say), settings)
    service.wait()
    if example:
        asked = example_for(service.answerer.index, settings.examples)
        show_answer(out, service.answered_once(asked))
    say(f"Bronvast luistert op http://{settings.host}:{settings.port}/ (stoppen met Ctrl-C).")
    run(service)
    say("Bronvast is gestopt.")


@app.command()
def mcp() -> None:
    """Geef een assistent de gereedschappen vraag, zoek en passage, over standaardinvoer en -uitvoer (MCP)."""
    from api.assistant import assistant_server
    from api.service import local_service
    from qa.settings import load_settings

    assistant_server(local_service(answerer_for(), load_settings())).run("stdio")


@keys.command("maak")
def make(name: Annotated[str, typer.Argument(help="Voor wie of wat de sleutel is, bijvoorbeeld intranet.")]) -> None:
    """Maak een sleutel voor de dienst. U ziet hem één keer; in de instellingen komt alleen de vingerafdruk."""
    from api.keys import make_key

    key, line = make_key(name)
    sys.stdout.write(f"{key}\n")
    say("Geef deze sleutel aan wie hem gebruikt. Zet dit erbij in bronvast.toml en start de dienst opnieuw:")
    say(f'keys = ["{line}"]')


@app.command()
def inspect(
    path: Annotated[Path, typer.Argument(help="Het document.")],
    as_json: Annotated[bool, typer.Option("--json", help="Geef alles als JSON.")] = False,
    page: Annotated[Path | None, typer.Option("--html", help="Schrijf een pagina die de structuur laat zien.")] = None,
) -> None:
    """Laat zien hoe een document is gelezen: delen, koppen, kaders, tabellen, voetnoten, en wat er vreemd uitziet."""
    from api.inspection import record, render, show_tree
    from corpus.find import find_documents
    from corpus.load import load_document
    from qa.settings import load_settings

    found = find_documents([path], [], Path.cwd()).paths
    if len(found) != 1:
        raise InputError(f"{path}: geef één document, geen map met {len(found)} documenten.")
    file = load_document(found[0], load_settings().limits)
    if as_json:
        sys.stdout.write(json.dumps(record(file), ensure_ascii=False) + "\n")
    else:
        show_tree(out, file)
    if page is not None:
        write_text(page, render(file))
        say(f"Pagina geschreven: {page}")


def main() -> None:
    """Run a command. Every failure that can be expected ends as one Dutch message and an exit code that is not 0."""
    for point in entry_points(group="bronvast.commands"):
        command = point.load()
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=point.name)
        else:
            app.command(point.name)(command)
    try:
        app()
    except BronvastError as error:
        tell_failure(error)
        sys.exit(error.exit_code)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            log.print("Afgebroken. De oude index is niet veranderd.")
        raise


if __name__ == "__main__":
    main()
