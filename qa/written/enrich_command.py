"""The command `bronvast enrich`: a language model writes the questions that passages answer; the cost is said first."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from corpus.errors import BronvastError, InputError

if TYPE_CHECKING:
    from qa.settings import Settings
    from qa.written.connect import LanguageModel
    from qa.written.enrich import Piece, Work
    from qa.written.journal import Journal
    from qa.written.options import LanguageModelOptions

SLOWEST = 120
log = Console(stderr=True, highlight=False, soft_wrap=True)


def enrich(
    paths: Annotated[list[Path] | None, typer.Argument(help="Documenten of mappen daarmee.")] = None,
    llm: Annotated[str, typer.Option("--llm", help="Adres van een taalmodel, zoals http://127.0.0.1:11434/v1")] = "",
    model: Annotated[str, typer.Option("--model", help="Naam van het model op die server.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ga door zonder te vragen.")] = False,
) -> None:
    """Laat een taalmodel bij elk stuk tekst vragen schrijven, zodat zoeken beter gaat. Eerst ziet u wat het kost."""
    from qa.settings import load_settings
    from qa.written.servers import open_model

    settings = load_settings()
    works = _works(paths or [], settings, options := _options(settings, llm, model))
    journal = _journal(settings, options)
    todo = [piece for work in works for piece in work.pieces if piece.key not in journal]
    if todo:
        connected = open_model(options)
        _tell_cost(connected, works, todo)
        if not yes:
            _ask_consent(options)
        _write(connected, todo, journal)
    else:
        _say("Er hoeft niets te worden gevraagd: voor elk stuk is er al iets geschreven.")
    _finish(works, journal)


def _options(settings: "Settings", llm: str, model: str) -> "LanguageModelOptions":
    """The settings, with what was typed before them."""
    from qa.written.options import LanguageModelOptions
    from qa.written.server_models import only_model

    own = settings.taalmodel
    if not (llm or own.url):
        raise InputError("Geef het adres van een taalmodel: bronvast enrich --llm http://127.0.0.1:11434/v1")
    same = not llm or llm.rstrip("/") == own.url
    url = llm or own.url
    name = model or (own.model if same else "") or only_model(LanguageModelOptions(url=url, model="?"))
    chosen = {"url": url, "model": name, "kind": own.kind if same else "openai", "timeout": max(SLOWEST, own.timeout)}
    return LanguageModelOptions(**(own.model_dump() | chosen))


def _works(paths: Sequence[Path], settings: "Settings", options: "LanguageModelOptions") -> "list[Work]":
    from corpus.find import find_documents, sample_documents
    from corpus.load import load_bare
    from qa.written.enrich import plan

    found = find_documents(paths, settings.documents, Path.cwd())
    if found.paths == sample_documents() and not paths:
        raise InputError("Er is geen eigen document. Geef een pad: bronvast enrich --llm ADRES rapporten/")
    return [plan(load_bare(path, settings.limits).document, path, options.model) for path in found.paths]


def _journal(settings: "Settings", options: "LanguageModelOptions") -> "Journal":
    from platformdirs import user_cache_path

    from qa.written.journal import Journal

    folder = settings.cache or user_cache_path("bronvast")
    name = "".join(letter if letter.isalnum() else "-" for letter in options.model.lower())
    return Journal(folder / "verrijking" / f"{name}.jsonl")


def _tell_cost(model: "LanguageModel", works: "Sequence[Work]", todo: "Sequence[Piece]") -> None:
    """Calls, tokens, time by one measured trial on a text of our own, and money where prices are set."""
    from qa.written.enrich import tokens_needed

    options = model.options
    for work in works:
        done = len(work.pieces) - len([piece for piece in work.pieces if piece in todo])
        kept = f", {len(work.kept)} regels staan er al" if work.kept else ""
        _say(f"{work.path}: {len(work.pieces)} stukken te verrijken, {done} al eerder gevraagd{kept}.")
        if work.outdated:
            _say("  De verrijking ernaast hoort bij een andere versie en wordt opzij gezet (.oud).")
    out, back = tokens_needed(todo)
    _say(f"Nodig: {len(todo)} vragen aan {options.model} op {options.url}.")
    _say(f"  Ongeveer {_thousands(out)} tokens heen en {_thousands(back)} tokens terug.")
    if options.price_in or options.price_out:
        cost = (out * options.price_in + back * options.price_out) / 1e6
        _say(f"  Kosten: ongeveer {cost:.2f}".replace(".", ",") + ", volgens price_in en price_out.")
    seconds = _trial(model)
    _say(f"  Tijd: ongeveer {_duration(seconds * len(todo))} (één proefvraag duurde {_duration(seconds)}).")
    _say("  De tekst van deze documenten gaat naar dat adres.")


def _trial(model: "LanguageModel") -> float:
    """Seconds that one passage takes. Raises BronvastError when the server does not do."""
    from qa.written.enrich import ask_for, trial_piece
    from qa.written.trouble import ModelFailure

    started = time.monotonic()
    try:
        ask_for(model, trial_piece())
    except ModelFailure as failure:
        raise BronvastError(f"{model.options.url}: {failure}. Er is niets van uw documenten verstuurd.") from failure
    return time.monotonic() - started


def _ask_consent(options: "LanguageModelOptions") -> None:
    if not sys.stdin.isatty():
        raise InputError("Er is niets verstuurd. Akkoord met deze kosten? Geef dan ook --yes.")
    if not typer.confirm(f"Doorgaan met {options.model}?", default=False, err=True):
        _say("Er is niets verstuurd.")
        raise typer.Exit


def _write(model: "LanguageModel", todo: "Sequence[Piece]", journal: "Journal") -> None:
    from rich.progress import Progress

    from qa.written.enrich import write_for
    from qa.written.trouble import ModelFailure

    with Progress(console=log, transient=True, disable=not log.is_terminal) as bar:
        task = bar.add_task("Stukken verrijken", total=len(todo))
        try:
            result = write_for(
                model, todo, journal, lambda ready, total: bar.update(task, completed=ready, total=total)
            )
        except ModelFailure as failure:
            raise BronvastError(
                f"Gestopt: {failure}. Wat klaar is, is bewaard. Geef later dezelfde opdracht; dan gaat Bronvast verder."
            ) from failure
    used = result.usage
    _say(f"Klaar: {result.written} stukken verrijkt, {result.dropped} overgeslagen (geen bruikbaar antwoord).")
    tokens = f"{_thousands(used.prompt_tokens)} tokens heen, {_thousands(used.completion_tokens)} terug"
    _say(f"  Gebruikt: {used.calls} vragen, {tokens}{'' if used.counted else ' (geschat)'}.")


def _finish(works: "Sequence[Work]", journal: "Journal") -> None:
    from qa.written.sidecar import write_sidecar

    for work in works:
        path, lines = write_sidecar(work, journal)
        if lines:
            _say(f"Geschreven: {path} ({lines} regels). Neem het op met: bronvast index")
        else:
            _say(f"{work.path}: geen enkel stuk kreeg iets bruikbaars; er is niets geschreven.")


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.1f} seconden".replace(".", ",")
    return f"{seconds / 60:.0f} minuten" if seconds < 5400 else f"{seconds / 3600:.1f} uur".replace(".", ",")


def _say(text: str) -> None:
    log.print(text, markup=False)
