"""How far the indexing is: a bar with an estimate on a terminal, a few plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn
from rich.text import Text

if TYPE_CHECKING:
    from index.reuse import Progress as Step

# Without a terminal a line is printed at each of these parts of the work.
QUIET_STEPS = 4
MINUTE, HOUR = 60, 3600
# The speed of a block of texts says little; of a minute of them, much.
ESTIMATE_SECONDS = 60


class Stages(NamedTuple):
    """What is told how far each part of the work is."""

    reading: "Step"
    embedding: "Step"


READING, EMBEDDING = "Documenten lezen", "Passages en zinnen verwerken"


@contextmanager
def progress_on(console: Console) -> Iterator[Stages]:
    """Show progress on a console, as long as this lasts."""
    if not console.is_terminal:
        yield Stages(
            PlainProgress(console, "Documenten gelezen"), PlainProgress(console, "Passages en zinnen verwerkt")
        )
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeLeft())
    with Progress(*columns, console=console, transient=True, speed_estimate_period=ESTIMATE_SECONDS) as bar:
        yield Stages(_bar(bar, READING), _bar(bar, EMBEDDING))


def _bar(bar: Progress, description: str) -> "Step":
    task = bar.add_task(description, total=None, visible=False)

    def show(ready: int, total: int) -> None:
        bar.update(task, completed=ready, total=total, visible=ready < total)

    return show


class TimeLeft(ProgressColumn):
    """An estimate in words, once there is something to base it on."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """The column of one task."""
        return Text(time_left(task.time_remaining) if task.time_remaining else "")


class PlainProgress:
    """Prints a line at each quarter of the work."""

    def __init__(self, console: Console, what: str) -> None:
        self._console = console
        self._what = what
        self._said = 0
        self._since = time.monotonic()

    def __call__(self, ready: int, total: int) -> None:
        if ready == 0:
            self._since = time.monotonic()
        step = ready * QUIET_STEPS // total if total else 0
        if step > self._said:
            self._said = step
            left = (time.monotonic() - self._since) * (total - ready) / ready
            more = f", {time_left(left)}" if ready < total else ""
            self._console.print(f"{self._what}: {100 * ready // total} %{more}", highlight=False, soft_wrap=True)


def time_left(seconds: float) -> str:
    """An estimate as people say it, no more exact than it is."""
    if seconds < 10:
        return "nog een paar seconden"
    if seconds < MINUTE - 5:
        return f"nog ongeveer {round(seconds / 10) * 10} seconden"
    if seconds < HOUR - MINUTE / 2:
        minutes = round(seconds / MINUTE)
        return f"nog ongeveer {minutes} {'minuut' if minutes == 1 else 'minuten'}"
    return f"nog ongeveer {round(seconds / HOUR)} uur"
