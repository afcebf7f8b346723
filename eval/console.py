"""Progress on a terminal while questions are asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eval.run import Progress as Told


@contextmanager
def asking(log: Console) -> Iterator[Told]:
    """A bar with an estimate; nothing where there is no terminal."""
    columns = (TextColumn("Vragen stellen"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=log, transient=True, disable=not log.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda ready, total: bar.update(task, completed=ready, total=total)
