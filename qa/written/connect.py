"""The one connection to a language model: any LlamaIndex LLM, with a hard limit on time, size and calls at once."""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.written.draft import LONGEST_REPLY
from qa.written.model import Usage
from qa.written.options import LanguageModelOptions
from qa.written.trouble import ModelFailure, Trouble, trouble_of

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

# Dutch takes about this many characters a token; used only where a server does not count.
CHARACTERS_PER_TOKEN = 3.2


@dataclass(slots=True)
class Reply:
    """A reply that is coming in: iterate over its pieces; `usage` is known when they are all there."""

    pieces: Generator[str, None, None] = field(default_factory=lambda: _nothing())
    usage: Usage = field(default_factory=Usage)

    def close(self) -> None:
        """Let the call go; `usage` is then known."""
        self.pieces.close()


@dataclass(frozen=True, slots=True)
class _Tokens:
    prompt: int
    completion: int


class LanguageModel:
    """A connected model. `prepare` tells the connection of the calling thread by when an answer must be in.

    `shape` gives the arguments by which this LLM is held to a JSON schema; a server that refuses them is asked without
    from then on.
    """

    def __init__(
        self,
        llm: "LLM",
        options: LanguageModelOptions,
        prepare: Callable[[float], None] = lambda _deadline: None,
        shape: Callable[[dict[str, Any] | None], dict[str, Any]] = lambda _schema: {},
    ) -> None:
        self.llm = llm
        self.options = options
        self._prepare = prepare
        self._shape = shape
        self._plain = False
        self._free = threading.BoundedSemaphore(options.parallel * (2 if options.judge == "model" else 1))

    @property
    def name(self) -> str:
        """The model's name, as set."""
        return self.options.model

    def ask(self, system: str, user: str, deadline: float, schema: dict[str, Any] | None = None) -> Reply:
        """Start a reply. Whatever the server does, each piece or a ModelFailure comes before `deadline`.

        `deadline` is by `time.monotonic()`. Leaving the iterator early lets the call go.
        """
        reply = Reply()
        reply.pieces = self._pieces(system, user, deadline, schema, reply)
        return reply

    def say(self, system: str, user: str, deadline: float, schema: dict[str, Any] | None = None) -> tuple[str, Usage]:
        """The whole reply. Raises ModelFailure."""
        reply = self.ask(system, user, deadline, schema)
        return "".join(reply.pieces), reply.usage

    def _pieces(
        self, system: str, user: str, deadline: float, schema: dict[str, Any] | None, reply: Reply
    ) -> Generator[str, None, None]:
        if not self._free.acquire(timeout=max(0.0, min(1.0, deadline - time.monotonic()))):
            raise ModelFailure(Trouble.BUSY)
        coming: queue.Queue[str | _Tokens | BaseException | None] = queue.Queue(maxsize=256)
        left = threading.Event()
        arguments = (system, user, deadline, schema, coming, left)
        threading.Thread(target=self._work, args=arguments, name="taalmodel", daemon=True).start()
        size, counted = 0, None
        try:
            while True:
                try:
                    item = coming.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    raise ModelFailure(Trouble.SLOW) from None
                if item is None:
                    return
                if isinstance(item, BaseException):
                    raise ModelFailure(trouble_of(item)) from item
                if isinstance(item, _Tokens):
                    counted = item
                    continue
                size += len(item)
                if size > LONGEST_REPLY:
                    raise ModelFailure(Trouble.FLOOD)
                yield item
        finally:
            left.set()
            reply.usage = self._usage(len(system) + len(user), size, counted)

    def _work(
        self,
        system: str,
        user: str,
        deadline: float,
        schema: dict[str, Any] | None,
        coming: "queue.Queue[str | _Tokens | BaseException | None]",
        left: threading.Event,
    ) -> None:
        """Runs in a thread of its own: no library can keep the caller waiting. It holds its place until it is done."""
        end: BaseException | None = None
        try:
            self._prepare(deadline)
            for item in self._read(system, user, schema, lambda: left.is_set() or time.monotonic() > deadline):
                _put(coming, item, left)
        except Exception as error:  # any library, any fault: it becomes a reason to fall back
            end = error
        finally:
            self._free.release()
        _put(coming, end, left)

    def _read(
        self, system: str, user: str, schema: dict[str, Any] | None, stopped: Callable[[], bool]
    ) -> Iterator[str | _Tokens]:
        shape = {} if self._plain else self._shape(schema if self.options.structured else None)
        try:
            yield from self._stream(system, user, shape, stopped)
        except Exception as error:
            if not shape or getattr(error, "status_code", None) not in (400, 422, 501):
                raise
            yield from self._stream(system, user, {}, stopped)
            self._plain = True  # this server knows no schemas: the tolerant reader does without

    def _stream(
        self, system: str, user: str, shape: dict[str, Any], stopped: Callable[[], bool]
    ) -> Iterator[str | _Tokens]:
        from llama_index.core.llms import ChatMessage

        messages = [ChatMessage(role="system", content=system), ChatMessage(role="user", content=user)]
        for part in self.llm.stream_chat(messages, **shape):
            if stopped():
                raise TimeoutError
            if part.delta:
                yield part.delta
            if counts := _counts(part):
                yield counts

    def _usage(self, asked: int, got: int, counted: _Tokens | None) -> Usage:
        tokens = counted or _Tokens(round(asked / CHARACTERS_PER_TOKEN), round(got / CHARACTERS_PER_TOKEN))
        cost = (tokens.prompt * self.options.price_in + tokens.completion * self.options.price_out) / 1e6
        return Usage(1, tokens.prompt, tokens.completion, cost, counted is not None)


def _nothing() -> Generator[str, None, None]:
    yield from ()


def _put(coming: "queue.Queue[Any]", item: Any, left: threading.Event) -> None:
    """Hand over, unless nobody waits any more."""
    while not left.is_set():
        try:
            return coming.put(item, timeout=0.2)
        except queue.Full:
            continue
    return None


def _counts(part: Any) -> _Tokens | None:
    """The tokens that a server says it used, where LlamaIndex puts them for this kind of server."""
    raw = part.raw.get("usage") if isinstance(part.raw, dict) else None
    counts = part.additional_kwargs if "prompt_tokens" in (part.additional_kwargs or {}) else raw
    if not isinstance(counts, dict) or not isinstance(counts.get("prompt_tokens"), int):
        return None
    return _Tokens(counts["prompt_tokens"], int(counts.get("completion_tokens") or 0))
