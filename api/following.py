"""An answer as it comes: the steps that a worker's thread tells of, and then the whole of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from typing import Generic, TypeVar

from qa.steps import Before

T = TypeVar("T")


class Following(Generic[T]):
    """Made where the answer is awaited; `tell` may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._told: asyncio.Queue[Before | None] = asyncio.Queue()

    def tell(self, step: Before) -> None:
        """Something came. Nobody need be there any more to hear it."""
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._told.put_nowait, step)

    async def follow(self, coming: Awaitable[T]) -> AsyncIterator[Before | T]:
        """What comes before, in its order, and last the answer itself. Raises what waiting for that raises."""
        task = asyncio.ensure_future(coming)
        task.add_done_callback(lambda _: self._told.put_nowait(None))
        try:
            while (step := await self._told.get()) is not None:
                yield step
            yield await task
        finally:
            task.cancel()
