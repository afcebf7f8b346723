"""What the command line says while it works: progress, which documents are used, what went wrong."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from corpus.errors import BronvastError, InputError

if TYPE_CHECKING:
    from qa.answer import Answerer
    from qa.engine import Prepared
    from qa.settings import Settings

# Of a large archive not every document is named, and fewer titles are read out.
MOST_TOLD = 50
TITLES_SAID = 5

out = Console()
log = Console(stderr=True)


def prepare(settings: "Settings", paths: Sequence[Path], force: bool, lose_none: bool = False) -> "Prepared":
    """Bring the index up to date, with progress; see `prepare_index`."""
    from api.progress import progress_on
    from qa.engine import prepare_index

    with progress_on(log) as stages:
        return prepare_index(settings, paths, force, say, stages.embedding, stages.reading, lose_none)


def prepare_part(settings: "Settings", paths: Sequence[Path], part: str) -> int:
    """Embed one part of the documents, with progress; how many these are."""
    from api.progress import progress_on
    from qa.spread import encode_part

    with progress_on(log) as stages:
        return encode_part(settings, paths, part, say, stages.embedding, stages.reading)


def answerer_for() -> "Answerer":
    """An answerer by the settings in force; the first time, when there is no index at all, it is built."""
    from index.manifest import current_build
    from qa.engine import open_answerer, other_documents
    from qa.settings import load_settings

    settings = load_settings()
    if current_build(settings.index) is None:
        report(prepare(settings, [], force=False))
        return open_answerer(settings, say)
    answerer = open_answerer(settings, say)
    titles = answerer.index.documents.titles
    more = f" en {len(titles) - TITLES_SAID} andere" if len(titles) > TITLES_SAID else ""
    say(f"Document: {', '.join(titles[:TITLES_SAID])}{more} ({answerer.index.manifest['origin']})")
    if other := other_documents(settings, answerer.index.manifest):
        say(f"Let op: nu zou Bronvast andere documenten gebruiken ({other.origin}). Neem ze op met: bronvast index")
    return answerer


def report(prepared: "Prepared") -> None:
    """Say which documents are used, where they came from, and what was read."""
    say(f"Documenten uit: {prepared.found.origin}")
    documents = prepared.manifest["documents"]
    for document in documents[:MOST_TOLD]:
        inside = f" (collectie {document['collection']})" if document.get("collection") else ""
        say(f"  {document['title']}{inside}: {document['pages']} pagina's, {document['passages']} passages")
    if more := documents[MOST_TOLD:]:
        say(f"  en nog {len(more)} documenten met {sum(document['pages'] for document in more)} pagina's")
    for refused in prepared.refused:
        say(f"Overgeslagen: {refused.why}")
    for path in prepared.found.unread:
        say(f"Niet gelezen: {path} (bewaar het als .docx of .pdf)")
    state = "gemaakt" if prepared.built else "was al bij"
    say(f"De index {state}: {prepared.manifest['passages']} passages, {prepared.manifest['sentences']} zinnen.")


def say(message: str) -> None:
    """One line to standard error, as it is."""
    log.print(escape(message), highlight=False, soft_wrap=True)


def write_text(path: Path, text: str) -> None:
    """Write a file for a person. Raises InputError when that cannot be done."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: kan dit bestand niet schrijven ({error.strerror}). Kies een andere plek.") from error


def tell_failure(error: BronvastError) -> None:
    """The message of a failure that a user can do something about."""
    log.print(f"[bold red]Fout:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
