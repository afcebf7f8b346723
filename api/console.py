"""What the command line says while it works: progress, which documents are used, what went wrong."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from corpus.errors import BronvastError, InputError

if TYPE_CHECKING:
    from index.build import Progress
    from qa.answer import Answerer
    from qa.engine import Prepared
    from qa.settings import Settings

# Without a terminal a line is printed at each of these parts of the work.
QUIET_STEPS = 4

out = Console()
log = Console(stderr=True)


def prepare(settings: "Settings", paths: Sequence[Path], force: bool) -> "Prepared":
    """Bring the index up to date, with progress."""
    from qa.engine import prepare_index

    with _progress() as progress:
        return prepare_index(settings, paths, force, say, progress)


def prepare_part(settings: "Settings", paths: Sequence[Path], part: str) -> int:
    """Embed one part of the documents, with progress; how many these are."""
    from qa.spread import encode_part

    with _progress() as progress:
        return encode_part(settings, paths, part, say, progress)


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
    titles = ", ".join(document.title for document in answerer.index.documents.values())
    say(f"Document: {titles} ({answerer.index.manifest['origin']})")
    if other := other_documents(settings, answerer.index.manifest):
        say(f"Let op: nu zou Bronvast andere documenten gebruiken ({other.origin}). Neem ze op met: bronvast index")
    return answerer


def report(prepared: "Prepared") -> None:
    """Say which documents are used, where they came from, and what was read."""
    say(f"Documenten uit: {prepared.found.origin}")
    for document in prepared.manifest["documents"]:
        say(f"  {document['title']}: {document['pages']} pagina's, {document['passages']} passages")
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


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar with an estimate on a terminal; a few plain lines elsewhere."""
    if not log.is_terminal:
        yield _PlainProgress()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=log, transient=True) as bar:
        task = bar.add_task("Passages en zinnen verwerken", total=None, visible=False)

        def show(ready: int, total: int) -> None:
            bar.update(task, completed=ready, total=total, visible=True)

        yield show


class _PlainProgress:
    """Prints a line at each quarter of the work."""

    def __init__(self) -> None:
        self._said = 0

    def __call__(self, ready: int, total: int) -> None:
        step = ready * QUIET_STEPS // total if total else 0
        if step > self._said:
            self._said = step
            say(f"Passages en zinnen verwerkt: {ready} van {total}")
