"""What every address of the service works with: the settings, the answerer in use, and the line of questions."""

from collections.abc import Sequence

from api.current import Current
from api.pool import Answered, LocalWorker, Pool
from qa.answer import Answerer
from qa.settings import Settings


class Service:
    """Holds the settings, the current answerer and the pool that answers; one a process that listens."""

    def __init__(self, settings: Settings, current: Current, pool: Pool) -> None:
        self.settings = settings
        self.current = current
        self.pool = pool

    @property
    def answerer(self) -> Answerer:
        """The answerer in use. Take it once a request: it is replaced when the index is."""
        return self.current.answerer

    async def ask(self, question: str, earlier: Sequence[str] = ()) -> Answered:
        """The answer, whole and from one index. Raises RefusedError (503) when too many questions wait."""
        return await self.pool.ask(question, tuple(earlier))


def local_service(answerer: Answerer, settings: Settings | None = None) -> Service:
    """A service that answers in this process, with one thread: for tests, and to embed."""
    chosen = settings or Settings()
    current = Current(answerer)
    return Service(chosen, current, Pool([LocalWorker(current)], chosen.queue, chosen.answer_seconds))
