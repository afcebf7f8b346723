"""What every address of the service works with: the settings, the answerer in use, and the line of questions."""

import asyncio
import time
from collections.abc import Awaitable, Sequence

from api.current import Current
from api.metrics import Metrics
from api.pool import Answered, Listener, LocalWorker, Pool
from api.problems import told
from api.retention import Retention
from api.tracing import tracer_to
from corpus.model import Document
from qa.answer import Answerer
from qa.model import Answer
from qa.selection import EVERYTHING, Selection
from qa.settings import Settings

NO_NAME = ""
WAIT_SECONDS = 0.05


class Service:
    """Holds the settings, the current answerer, the pool that answers and what is counted; one a listening process."""

    def __init__(self, settings: Settings, current: Current, pool: Pool) -> None:
        self.settings = settings
        self.current = current
        self.pool = pool
        self.metrics = Metrics(current, pool)
        self.retention = Retention(settings.keep_folder, settings.keep_days)
        self.trace = tracer_to(settings.traces) if settings.traces else None

    @property
    def answerer(self) -> Answerer:
        """The answerer in use. Take it once a request: it is replaced when the index is."""
        return self.current.answerer

    async def ask(
        self, question: str, earlier: Sequence[str] = (), name: str = NO_NAME, selection: Selection = EVERYTHING
    ) -> Answered:
        """The answer, whole and from one index. Raises RefusedError as `submit` does."""
        return await self.submit(question, earlier, name, selection)

    def submit(
        self,
        question: str,
        earlier: Sequence[str] = (),
        name: str = NO_NAME,
        selection: Selection = EVERYTHING,
        listener: Listener = None,
    ) -> Awaitable[Answered]:
        """Put a question in the line; await the result. `name` is the id under which the answer is known outside.

        `listener` gets, from another thread, what comes before the answer is whole.

        Raises RefusedError at once: 503 when the line is full, 400 when the index does not have what is selected.
        """
        self.chosen(selection)
        return self._follow(self.pool.submit(question, tuple(earlier), selection, listener), name)

    def chosen(self, selection: Selection) -> list[Document]:
        """The documents that are selected, in the order of the index. Raises RefusedError (400)."""
        index = self.answerer.index
        if selection.is_everything:
            return list(index.documents.values())
        with told():
            names = self.answerer.catalogue.chosen(selection)
        return [document for name, document in index.documents.items() if name in names]

    async def _follow(self, coming: Awaitable[Answered], name: str) -> Answered:
        answered = await coming
        self.metrics.count_answer(answered)
        self.retention.keep(answered, name)
        if self.trace:
            self.trace(answered)
        return answered

    @property
    def ready(self) -> bool:
        """Whether a question would be answered."""
        return any(worker.ready for worker in self.pool.workers)

    def wait(self) -> None:
        """Until a question would be answered. Raises BronvastError when a worker says why none would."""
        while not self.ready:
            if failure := next((one.failure for one in self.pool.workers if one.failure), None):
                self.close()
                raise failure
            time.sleep(WAIT_SECONDS)

    def answered_once(self, question: str) -> Answer:
        """The answer to a question of nobody: waited for, not counted and not kept."""

        async def once() -> Answered:
            return await self.pool.submit(question, ())

        return asyncio.run(once()).answer

    def reload(self) -> None:
        """Look now whether there is another index; safe in a signal handler."""
        self.current.look()
        for worker in self.pool.workers:
            worker.look()

    def close(self) -> None:
        """Finish what is being answered and end the workers."""
        self.current.stop()
        self.pool.close()


def local_service(answerer: Answerer, settings: Settings | None = None) -> Service:
    """A service that answers in this process, with one thread: for tests, and to embed."""
    chosen = settings or Settings()
    current = Current(answerer)
    return Service(chosen, current, Pool([LocalWorker(current)], chosen.queue, chosen.answer_seconds))


def process_service(answerer: Answerer, settings: Settings) -> Service:
    """A service that answers in processes of its own, and follows the index on disk; the answerer is only shown."""
    from api.worker import ProcessWorker, reader

    count = settings.worker_count
    theirs = settings.model_copy(update={"threads": max(1, settings.thread_count // count)})
    current = Current(answerer)
    current.watch(settings.index, reader(settings))
    # A language model has time of its own on top.
    seconds = settings.answer_seconds + (settings.taalmodel.timeout if settings.taalmodel.url else 0)
    workers = [ProcessWorker(theirs, seconds) for _ in range(count)]
    return Service(settings, current, Pool(workers, settings.queue, seconds))
