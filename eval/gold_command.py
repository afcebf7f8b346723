"""The commands `bronvast gold ...`: write gold by pointing at words, check it against the documents, exchange it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    style: Annotated[str, typer.Option(help="Stijl: plain, paraphrase, sloppy, long, keywords.")] = "plain",
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
    from corpus.load import load_documents, sample_documents
    from eval.checkup import check_files
    from qa.settings import load_settings

    read = {item.sha256: item for item in _documents(document)}
    if not paths:
        read |= {file.document.sha256: file.document for file in load_documents(sample_documents())}
    settings = load_settings()
    if not check_files(paths or [], read, settings.window, settings.stride):
        raise typer.Exit(1)


def _documents(given: list[Path] | None) -> "list[Document]":
    """The documents given, else those the service would use."""
    from corpus.load import find_documents, load_documents
    from qa.engine import given_paths
    from qa.settings import load_settings

    settings = load_settings()
    found = find_documents(given or given_paths(settings), settings.documents, Path.cwd())
    return [file.document for file in load_documents(found.paths)]
