"""The commands `bronvast gold ...`: write gold by pointing at words, check it against the documents, exchange it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from corpus.errors import InputError

if TYPE_CHECKING:
    from corpus.model import Document

gold = typer.Typer(help="Maak, controleer en deel gouden vragen.", no_args_is_help=True)

GoldPath = Annotated[Path, typer.Argument(help="Bestand met gouden vragen (.jsonl).")]
Documents = Annotated[
    list[Path] | None, typer.Option("--document", help="Document of map; anders dezelfde als bij bronvast index.")
]


@gold.command("add")
def add(
    path: GoldPath,
    question: Annotated[str, typer.Option(help="De vraag.")] = "",
    words: Annotated[
        list[str] | None, typer.Option(help='Woorden uit de bron die antwoord geven; "begin ... eind" kan ook.')
    ] = None,
    place: Annotated[list[int] | None, typer.Option(help="Welke plaats, als de woorden er vaker staan.")] = None,
    every: Annotated[bool, typer.Option("--every", help="Alle plaatsen waar de woorden staan.")] = False,
    fact: Annotated[
        list[str] | None, typer.Option(help='Wat in het antwoord moet staan; bij "12|tien" is een van beide genoeg.')
    ] = None,
    all_spans: Annotated[bool, typer.Option("--all-spans", help="Alle plaatsen zijn nodig, niet een ervan.")] = False,
    unanswerable: Annotated[bool, typer.Option("--unanswerable", help="Het document geeft geen antwoord.")] = False,
    turn: Annotated[list[str] | None, typer.Option(help="Een eerdere vraag in hetzelfde gesprek.")] = None,
    kind: Annotated[str, typer.Option(help="Soort: fact, why, opinion, list, definition, table, person.")] = "fact",
    style: Annotated[str, typer.Option(help="Stijl: plain, paraphrase, sloppy, long, short, keywords.")] = "plain",
    name: Annotated[str, typer.Option("--id", help="Naam van de vraag; anders het volgende nummer.")] = "",
    notes: Annotated[str, typer.Option(help="Opmerking voor andere schrijvers.")] = "",
    document: Documents = None,
) -> None:
    """Voeg een vraag toe: Bronvast zoekt de plaats van de woorden in de bron en laat haar zien."""
    from eval.author import Choice, ask, completed, locate, out
    from eval.find import Finder
    from eval.gold import GoldQuestion
    from eval.write import append_gold, next_id, sections_at

    asked = question or ask("Wat is de vraag?")
    sought = [] if unanswerable else words or [ask("Welke woorden uit de bron geven antwoord?")]
    if sought and not (question or fact):
        typed = ask("Welk woord of getal moet in het antwoord staan? (mag leeg; 12|twaalf is een van beide)", "")
        fact = [typed] if typed else []
    finders = [Finder(read) for read in _documents(document)]
    located = [locate(finders, part, Choice(tuple(place or ()), every)) for part in sought]
    where = located[0][0] if located else finders[0].document
    if any(other is not where for other, _ in located):
        raise InputError("Deze woorden staan in verschillende documenten. Kies er een met --document.")
    spans = [span for _, found in located for span in found]
    item = GoldQuestion(
        name or next_id(path), (*(turn or ()), asked), not unanswerable, where.sha256, tuple(spans), all_spans,
        tuple(tuple(part.strip() for part in group.split("|")) for group in fact or ()),
        kind, style, sections_at(where, spans), notes,
    )  # fmt: skip
    append_gold(path, [completed(item)])
    out.print(f"Toegevoegd aan {path}: {item.id}", markup=False)


@gold.command("check")
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Bestanden; anders die van Bronvast zelf.")] = None,
    document: Documents = None,
) -> None:
    """Controleer gouden vragen met hun document, en laat zien waar nog geen vraag over gaat."""
    from corpus.find import sample_documents
    from corpus.load import load_documents
    from eval.checkup import check_files
    from qa.settings import load_settings

    read = {item.sha256: item for item in _documents(document)}
    if not paths:
        read |= {file.document.sha256: file.document for file in load_documents(sample_documents())}
    settings = load_settings()
    if not check_files(paths or [], read, settings.window, settings.stride):
        raise typer.Exit(1)


@gold.command("export")
def export(
    path: GoldPath,
    form: Annotated[Literal["beir", "trec", "squad", "ragas", "promptfoo"], typer.Option("--as", help="Welk formaat.")],
    out: Annotated[Path, typer.Option(help="Map voor de bestanden.")],
    document: Documents = None,
) -> None:
    """Schrijf gouden vragen in het formaat van een ander programma. Daarin staan woorden uit het document."""
    from eval.exchange.bundle import bundle
    from eval.exchange.export import FORMATS
    from eval.gold import read_gold
    from eval.run import check_places, run
    from eval.write import replace_file
    from qa.engine import open_extractive
    from qa.settings import load_settings

    settings, file, chosen = load_settings(), read_gold(path), FORMATS[form]
    documents = _documents(document)
    check_places(file, documents)
    outcomes = run(open_extractive(settings, typer.echo), file.questions) if chosen.needs_answers else []
    for name, content in chosen.write(
        bundle(file.questions, documents, settings.window, settings.stride, outcomes)
    ).items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        replace_file(out / name, content)
        typer.echo(f"Geschreven: {out / name}")


@gold.command("import")
def import_drafts(
    source: Annotated[Path, typer.Argument(help="Bestand, of bij beir de map.")],
    form: Annotated[Literal["beir", "squad", "promptfoo"], typer.Option("--from", help="Welk formaat.")],
    out: Annotated[Path, typer.Option(help="Bestand met gouden vragen (.jsonl) om aan te vullen.")],
    document: Documents = None,
) -> None:
    """Lees vragen uit een ander programma. Bronvast zoekt de plaats van elk antwoord in het document."""
    from eval.author import completed
    from eval.exchange.drafts import SOURCES, resolved
    from eval.write import append_gold

    try:
        drafts = list(SOURCES[form](source))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{source}: dit is niet de indeling van {form} ({type(error).__name__}: {error}).") from error
    questions, left = resolved(drafts, _documents(document), f"uit {form}")
    if questions:
        append_gold(out, [completed(question) for question in questions])
    for line in left:
        typer.echo(f"Niet overgenomen: {line}")
    typer.echo(f"{len(questions)} vragen toegevoegd aan {out}, {len(left)} niet overgenomen.")


def _documents(given: list[Path] | None) -> "list[Document]":
    """The documents given, else those the service would use."""
    from corpus.find import find_documents
    from corpus.load import load_documents
    from qa.engine import given_paths
    from qa.settings import load_settings

    settings = load_settings()
    found = find_documents(given or given_paths(settings), settings.documents, Path.cwd())
    return [file.document for file in load_documents(found.paths)]
