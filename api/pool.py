"""A fixed number of workers and a bounded line before them, so that too many questions are refused, not piled up."""

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Protocol

from api.current import Current
from api.problems import RefusedError
from qa.model import Answer

RETRY_SECONDS = "1"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, the index it came from, and what it took; `stages` are milliseconds of its parts."""

    answer: Answer
    build: str
    took_ms: float
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Job:
    """A question in the line."""

    question: str
    earlier: tuple[str, ...]
    future: "Future[Answered]"
    since: float = field(default_factory=time.perf_counter)


class Worker(Protocol):
    """Answers one question at a time."""

    def answer(self, question: str, earlier: tuple[str, ...]) -> Answered:
        """The answer. Raises RefusedError when it cannot be given."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


class LocalWorker:
    """Answers in this process."""

    def __init__(self, current: Current) -> None:
        self._current = current

    def answer(self, question: str, earlier: tuple[str, ...]) -> Answered:
        answerer = self._current.answerer
        started = time.perf_counter()
        answer = answerer.answer(question, earlier)
        return Answered(answer, answerer.index.fingerprint, (time.perf_counter() - started) * 1000, {})

    def close(self) -> None:
        pass


class Pool:
    """One thread a worker takes questions from the line, in their order."""

    def __init__(self, workers: Sequence[Worker], waiting: int, seconds: float) -> None:
        self._workers = workers
        self._most = waiting
        self._seconds = seconds
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, args=(worker,), daemon=True) for worker in workers]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """How many questions stand in the line."""
        return self._jobs.qsize()

    async def ask(self, question: str, earlier: tuple[str, ...]) -> Answered:
        """The answer. Raises RefusedError at once when the line is full, or when it takes too long."""
        if self._jobs.qsize() >= self._most:
            raise busy("Er wachten te veel vragen.")
        job = Job(question, earlier, Future())
        self._jobs.put(job)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job.future), self._seconds)
        except TimeoutError:
            raise busy("Het antwoord kwam niet op tijd.") from None

    def close(self) -> None:
        """Stop when the questions that are being answered are done."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        for worker in self._workers:
            worker.close()

    def _work(self, worker: Worker) -> None:
        while job := self._jobs.get():
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                job.future.set_result(worker.answer(job.question, job.earlier))
            except BaseException as error:  # whatever it is, it belongs to who asked
                job.future.set_exception(error)


def busy(why: str) -> RefusedError:
    """503, with when to try again."""
    return RefusedError(503, f"{why} Probeer het over een seconde opnieuw.", {"Retry-After": RETRY_SECONDS})
