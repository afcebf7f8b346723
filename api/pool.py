"""A fixed number of workers and a bounded line before them, so that too many questions are refused, not piled up."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import Protocol

from api.current import Current
from api.problems import RefusedError, told
from api.stages import LINE, SEARCH, VECTOR, Stopwatch
from corpus.errors import BronvastError
from qa.answer import Answerer
from qa.model import Answer
from qa.selection import EVERYTHING, Selection
from qa.steps import Before, Finished

RETRY_SECONDS = "1"
# A question whose worker dies is given to another this many times; one that kills workers is then refused.
MOST_TRIES = 5
# So often a worker without questions is looked at, and started again when it died.
LOOK_SECONDS = 1.0


# Gets what comes before an answer is whole; None where nobody listens.
Listener = Callable[[Before], None] | None


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, the index it came from, and what it took; `stages` are milliseconds of its parts."""

    answer: Answer
    build: str
    took_ms: float
    stages: Mapping[str, float]


@dataclass(slots=True)
class Job:
    """A question in the line."""

    question: str
    earlier: tuple[str, ...]
    selection: Selection
    future: "Future[Answered]"
    listener: Listener = None
    since: float = field(default_factory=time.perf_counter)
    tries: int = 0


class GoneError(Exception):
    """The worker died, or was ended because it took too long; its question has no answer yet."""


class Worker(Protocol):
    """Answers one question at a time, always from one thread."""

    def start(self) -> bool:
        """Be ready to answer: returns when it is, at once when it was; False when it cannot now."""
        ...

    def answer(
        self, question: str, earlier: tuple[str, ...], selection: Selection, listener: Listener = None
    ) -> Answered:
        """The answer. Raises GoneError when the worker died, RefusedError when there is none."""
        ...

    @property
    def ready(self) -> bool:
        """Whether it can answer now."""
        ...

    @property
    def failure(self) -> BronvastError | None:
        """Why it could not be made ready the last time, None when nothing was wrong."""
        ...

    def look(self) -> None:
        """Look now whether there is another index."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


class LocalWorker:
    """Answers in this process."""

    def __init__(self, current: Current) -> None:
        self._current = current
        self.ready = True
        self.failure = None

    def start(self) -> bool:
        return True

    def answer(
        self, question: str, earlier: tuple[str, ...], selection: Selection, listener: Listener = None
    ) -> Answered:
        return answer_timed(self._current, None, question, earlier, selection, listener)

    def look(self) -> None:
        pass

    def close(self) -> None:
        pass


def answer_timed(
    current: Current,
    watch: Stopwatch | None,
    question: str,
    earlier: tuple[str, ...],
    selection: Selection,
    listener: Listener = None,
) -> Answered:
    """Answer with whatever index is current at the start, and say what it took; `listener` gets what comes before.

    Raises RefusedError (400) for a selection that this index does not have.
    """
    answerer = current.answerer
    if watch:
        watch.reset()
    started = time.perf_counter()
    with told():
        narrowed = answerer.within(selection)
    answer = _followed(narrowed, question, earlier, listener) if listener else narrowed.answer(question, earlier)
    took_ms = (time.perf_counter() - started) * 1000
    stages = {VECTOR: watch.vector_ms, SEARCH: took_ms - watch.vector_ms} if watch else {SEARCH: took_ms}
    return Answered(answer, answerer.index.fingerprint, took_ms, stages)


def _followed(
    answerer: Answerer, question: str, earlier: tuple[str, ...], listener: Callable[[Before], None]
) -> Answer:
    for step in answerer.stream(question, earlier):
        if isinstance(step, Finished):
            return step.answer
        listener(step)
    raise AssertionError("a stream ends with a whole answer")


class Pool:
    """One thread a worker takes questions from the line, in their order."""

    def __init__(self, workers: Sequence[Worker], waiting: int, seconds: float) -> None:
        self.workers = workers
        self._most = waiting
        self._seconds = seconds
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._closed = False
        self._threads = [threading.Thread(target=self._work, args=(worker,), daemon=True) for worker in workers]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many questions stand in the line."""
        return self._jobs.qsize()

    @property
    def full(self) -> bool:
        """Whether a question would be refused now."""
        return self._jobs.qsize() >= self._most

    def submit(
        self,
        question: str,
        earlier: tuple[str, ...],
        selection: Selection = EVERYTHING,
        listener: Listener = None,
    ) -> Awaitable[Answered]:
        """Put a question in the line. Raises RefusedError (503) at once when the line is full.

        `listener` is called from another thread; again from the start when a worker dies half-way.
        """
        if self.full or self._closed:
            raise busy("Er wachten nu te veel vragen.")
        job = Job(question, earlier, selection, Future(), listener)
        self._jobs.put(job)
        return self._wait(job)

    async def _wait(self, job: Job) -> Answered:
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job.future), self._seconds)
        except TimeoutError:
            raise busy("Het antwoord kwam niet op tijd.") from None

    def close(self) -> None:
        """Stop when the questions that are being answered are done."""
        self._closed = True
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(self._seconds)
        for worker in self.workers:
            worker.close()

    def _work(self, worker: Worker) -> None:
        while not self._closed:
            if not worker.start():
                continue
            try:
                job = self._jobs.get(timeout=LOOK_SECONDS)
            except Empty:
                continue
            if job is None:
                return
            if job.tries or job.future.set_running_or_notify_cancel():
                self._answer(worker, job)

    def _answer(self, worker: Worker, job: Job) -> None:
        waited = (time.perf_counter() - job.since) * 1000
        try:
            answered = worker.answer(job.question, job.earlier, job.selection, job.listener)
            job.future.set_result(replace(answered, stages={LINE: waited, **answered.stages}))
        except GoneError:
            job.tries += 1
            if job.tries < MOST_TRIES:
                self._jobs.put(job)
            else:
                job.future.set_exception(busy("Deze vraag kon niet worden beantwoord."))
        except Exception as error:  # whatever it is, it belongs to who asked
            job.future.set_exception(error)


def busy(why: str) -> RefusedError:
    """503, with when to try again."""
    return RefusedError(503, f"{why} Probeer het over een seconde opnieuw.", {"Retry-After": RETRY_SECONDS})
