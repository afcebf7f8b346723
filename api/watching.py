"""Follows folders of documents: the index is brought up to date whenever something in them changes."""

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from api.console import prepare, report, say, tell_failure
from corpus.errors import BronvastError, InputError

if TYPE_CHECKING:
    from watchfiles import Change

    from qa.settings import Settings

# A copy that is still going on is waited for: until nothing has changed for this long, or for LONGEST_MS at most.
QUIET_MS, LONGEST_MS = 1000, 30_000
LOOK_MS = 1000


def watch_index(settings: "Settings", paths: Sequence[Path]) -> None:
    """Bring the index up to date, now and after every change, until Ctrl-C or SIGTERM. Raises InputError at the start.

    What goes wrong with a document is said, and the index in use stays. Raises KeyboardInterrupt when stopped half-way.
    """
    from watchfiles import watch

    folders = watched(settings, paths)
    index = settings.index.resolve()

    def matters(_change: "Change", path: str) -> bool:
        name = Path(path)
        return not name.name.startswith((".", "~$")) and not name.is_relative_to(index)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    changes = watch(
        *folders, watch_filter=matters, step=QUIET_MS, debounce=LONGEST_MS, rust_timeout=LOOK_MS, yield_on_timeout=True
    )
    say(f"Bronvast volgt {', '.join(map(str, folders))} (stoppen met Ctrl-C).")
    first = True
    while True:
        try:
            changed = next(changes)
        except KeyboardInterrupt:
            say("Bronvast volgt de documenten niet meer. De index blijft zoals hij is.")
            return
        if first or changed:
            _update(settings, paths, first)
        first = False


def watched(settings: "Settings", paths: Sequence[Path]) -> list[Path]:
    """The folders to follow: of the paths given, else of the settings, else `documents/`. Raises InputError."""
    places = list(paths or settings.documents or [Path("documents")])
    sought = [place for place in places if isinstance(place, Path)]
    if len(sought) < len(places):
        raise InputError(
            "--watch volgt alleen mappen op deze machine, geen URL. Geef een map, of plan bronvast index zelf in."
        )
    for path in sought:
        if not path.exists():
            raise InputError(
                f"{path}: bestaat niet, dus Bronvast kan het niet volgen. Maak de map, of geef een andere: "
                "bronvast index --watch rapporten/"
            )
    return sorted({(path if path.is_dir() else path.parent).resolve() for path in sought})


def _update(settings: "Settings", paths: Sequence[Path], first: bool) -> None:
    try:
        prepared = prepare(settings, paths, force=False, lose_none=True)
    except BronvastError as error:
        tell_failure(error)
        say("De index is niet veranderd. Bronvast probeert het opnieuw als er iets verandert.")
        return
    if first or prepared.built:
        report(prepared)
