"""A process that answers questions, one at a time: it uses a processor of its own, and may die alone."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

    from api.pool import Answered, Listener
    from corpus.errors import BronvastError
    from qa.answer import Answerer
    from qa.selection import Selection
    from qa.settings import Settings

READY = "ready"
NURSERY = "api.nursery"
START_SECONDS, STOP_SECONDS = 120.0, 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
OPEN_TRIES = 5


class FaultError(Exception):
    """Answering failed inside a worker; `str` is the sort of error, never its text, which may repeat the question."""


class ProcessWorker:
    """Holds one answering process and starts it again when it dies."""

    def __init__(self, settings: "Settings", seconds: float) -> None:
        self._settings = settings
        self._seconds = seconds
        self._pause = 0.0
        self._closed = False
        self._ready = False
        self.failure: BronvastError | None = None
        self._launch()

    @property
    def pid(self) -> int | None:
        """The process."""
        return self._process.pid

    @property
    def ready(self) -> bool:
        return self._ready and self._process.is_alive()

    def start(self) -> bool:
        if self.ready:
            return True
        if self._ready:  # it died while nobody asked
            self._end()
        if not self._process.is_alive() and not self._closed:
            time.sleep(self._pause)
            self._pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, self._pause * 2))
            self._launch()
        with suppress(EOFError, OSError):
            if self._connection.poll(1):
                said = self._connection.recv()
                self._ready = said == READY
                self.failure = None if self._ready else said
        if self._ready:
            self._pause = 0.0
        elif time.monotonic() - self._since > START_SECONDS:
            self._end()
        return self._ready

    def answer(
        self, question: str, earlier: tuple[str, ...], selection: "Selection", listener: "Listener" = None
    ) -> "Answered":
        from api.pool import Answered, GoneError
        from api.problems import RefusedError
        from qa.steps import Quoted, Sentence

        ends = time.monotonic() + self._seconds
        try:
            self._connection.send((question, earlier, selection, listener is not None))
            while isinstance(reply := self._receive(ends), Quoted | Sentence):
                if listener:
                    listener(reply)
        except (EOFError, OSError):  # TimeoutError is one too: a worker that hangs is ended like one that died
            self._end()
            raise GoneError from None
        if isinstance(reply, tuple):
            raise RefusedError(*reply)
        if not isinstance(reply, Answered):
            raise FaultError(reply)
        return reply

    def _receive(self, ends: float) -> object:
        """What the worker sends next. Raises TimeoutError when that is not there at this time."""
        if not self._connection.poll(max(0.0, ends - time.monotonic())):
            raise TimeoutError
        return self._connection.recv()

    def look(self) -> None:
        if self.ready and self.pid and hasattr(signal, "SIGHUP"):
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGHUP)

    def close(self) -> None:
        self._closed = True
        with suppress(OSError):
            self._connection.send(None)
        self._process.join(STOP_SECONDS)
        self._end()

    def _launch(self) -> None:
        context = splitting(self._settings)
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=answer_questions, args=(theirs, self._settings), daemon=True)
        self._process.start()
        theirs.close()
        self._since = time.monotonic()

    def _end(self) -> None:
        self._ready = False
        self._process.kill()
        self._process.join()
        self._connection.close()


def splitting(settings: "Settings") -> "ForkServerContext | SpawnContext":
    """How answering processes start: split off from one that loaded what they share; each for itself on Windows."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    os.environ.setdefault("OMP_NUM_THREADS", str(settings.threads))  # where they split off has no threads of its own
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    context = get_context("forkserver")
    context.set_forkserver_preload([NURSERY])
    return context


def answer_questions(connection: Connection, settings: "Settings") -> None:
    """The life of a worker: open the index, then answer until there is nobody to answer to."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the listening process decides
    os.environ.setdefault("OMP_NUM_THREADS", str(settings.threads))
    from api.current import Current
    from api.pool import answer_timed
    from api.problems import RefusedError
    from api.record import start_log, write
    from api.stages import Stopwatch
    from corpus.errors import BronvastError

    start_log()
    try:
        answerer = _open(settings)
    except BronvastError as error:
        write({"event": "worker-start", "message": str(error)}, logging.ERROR)
        connection.send(error)
        sys.exit(error.exit_code)
    watch = Stopwatch(answerer.retriever.encoder)
    answerer.retriever.encoder = watch
    current = Current(answerer)
    current.watch(settings.index, reopener(settings))
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda _number, _frame: current.look())
    connection.send(READY)
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while asked := connection.recv():
            try:
                question, earlier, selection, listened = asked
                listener = connection.send if listened else None
                connection.send(answer_timed(current, watch, question, earlier, selection, listener))
            except (OSError, EOFError):
                raise
            except RefusedError as error:
                connection.send((error.status, error.detail))
            except Exception as error:
                connection.send(type(error).__name__)


def reader(settings: "Settings") -> Callable[["Answerer"], "Answerer"]:
    """Opens the index that is current now, to be shown; what answers is elsewhere."""

    def reopen(before: "Answerer") -> "Answerer":
        from qa.engine import open_unanswering

        return open_unanswering(settings, lambda _message: None, before.retriever.encoder)

    return reopen


def reopener(settings: "Settings") -> Callable[["Answerer"], "Answerer"]:
    """Opens the index that is current now, with the encoder of the answerer in use."""

    def reopen(before: "Answerer") -> "Answerer":
        from qa.engine import open_answerer

        return open_answerer(settings, lambda _message: None, before.retriever.encoder)

    return reopen


def _open(settings: "Settings") -> "Answerer":
    """Open the index; again when it was replaced, and the old one removed, meanwhile."""
    from corpus.errors import IndexUnusableError
    from qa.engine import open_answerer

    for left in reversed(range(OPEN_TRIES)):
        try:
            return open_answerer(settings, lambda _message: None)
        except IndexUnusableError:
            if not left:
                raise
            time.sleep(FIRST_PAUSE)
    raise AssertionError
