"""The answerer in use, and its replacement when the index is."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import BronvastError
from index.manifest import CURRENT
from qa.answer import Answerer

LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Opened:
    """An answerer, and since when. Whoever took one keeps it whole until they are done."""

    answerer: Answerer
    since: float = field(default_factory=time.time)


class Current:
    """Holds one answerer at a time, and puts a new one in its place when the index on disk is another."""

    def __init__(self, answerer: Answerer) -> None:
        self.opened = Opened(answerer)
        self.failure = ""
        self._wake = threading.Event()
        self._stopped = False

    @property
    def answerer(self) -> Answerer:
        """The answerer in use."""
        return self.opened.answerer

    def watch(self, root: Path, reopen: Callable[[Answerer], Answerer]) -> None:
        """From now on, follow the index in a folder: look each second, and at once after `look`."""
        threading.Thread(target=self._follow, args=(root, reopen), daemon=True, name="index").start()

    def look(self) -> None:
        """Look at the index now; safe in a signal handler."""
        self._wake.set()

    def stop(self) -> None:
        """Follow no longer."""
        self._stopped = True
        self._wake.set()

    def _follow(self, root: Path, reopen: Callable[[Answerer], Answerer]) -> None:
        while not self._stopped:
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            if not self._stopped and self._is_other(root):
                self._replace(reopen)

    def _is_other(self, root: Path) -> bool:
        try:
            words = (root / CURRENT).read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            return False  # being replaced, or gone: what is open goes on
        return bool(words) and words[0] != self.answerer.index.fingerprint

    def _replace(self, reopen: Callable[[Answerer], Answerer]) -> None:
        """Open first, swap last: an index that cannot be opened changes nothing, and is tried again."""
        try:
            self.opened = Opened(reopen(self.answerer))
            self.failure = ""
        except BronvastError as error:
            self.failure = str(error)
