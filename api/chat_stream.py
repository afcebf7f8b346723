"""An answer in pieces, as OpenAI's clients read it: the citations first, then the text, then the end."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi import Request

from api.chat_problems import chat_error
from api.chat_reply import Link, Reply, reply_to, sources_of
from api.chat_schema import ChatIn, usage
from api.events import nameless, pieces
from api.pool import Answered
from api.problems import FAILED, RefusedError, as_text
from qa.steps import Before, Quoted
from qa.written.phrase import said_text


async def stream(
    steps: AsyncIterator[Before | Answered], chat: ChatIn, head: dict[str, Any], request: Request, link: Link
) -> AsyncIterator[str]:
    """The events of a conversation.

    With a language model the citations come before it writes, and each sentence as soon as it was checked; what
    it brought besides then comes in the last chunk but one.
    """
    chunks = Chunks(chat, head)
    reply, said, quoted = None, "", False
    try:
        async for step in steps:
            if isinstance(step, Answered):
                request.state.answered = step
                reply = reply_to(step, request, link)
            elif isinstance(step, Quoted):
                if step.answer.citations and not quoted:
                    quoted = True
                    sources, context = sources_of(step.answer, request, link)
                    yield chunks.opening({"context": context}, sources)
            else:
                piece = (" " if said else "") + said_text([step.sentence])
                said += piece
                yield chunks.delta({"content": piece})
    except RefusedError as error:
        yield nameless(bytes(chat_error(error.status, error.detail).body).decode())
        return
    except Exception:
        yield nameless(bytes(chat_error(500, FAILED).body).decode())
        raise
    if reply:
        for event in chunks.rest(reply, said, quoted):
            yield event
    yield nameless("[DONE]")


class Chunks:
    """Makes the events of one reply."""

    def __init__(self, chat: ChatIn, head: dict[str, Any]) -> None:
        self._chat = chat
        self._base = {**head, "object": "chat.completion.chunk"} | ({"usage": None} if chat.with_usage else {})

    def delta(self, delta: dict[str, Any], finish: str | None = None, sources: dict[str, Any] | None = None) -> str:
        """What is new; `sources` stand beside the choices."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return nameless(as_text({**self._base, "choices": [choice], **(sources or {})}))

    def opening(self, delta: dict[str, Any], sources: dict[str, Any]) -> str:
        """The first event."""
        return self.delta({"role": "assistant", "content": "", **delta}, sources=sources)

    def rest(self, reply: Reply, said: str, quoted: bool) -> Iterator[str]:
        """What is left of a reply after what was `said`; the sources again when those `quoted` came before it."""
        extra = {"annotations": reply.annotations, "context": reply.context}
        if not quoted:
            yield self.opening(extra, reply.sources)
        # What was said can be no part of it only when a worker died half-way and another said it anew.
        left = reply.text.removeprefix(said) if reply.text.startswith(said) else f"\n\n{reply.text}"
        for piece in pieces(left):
            yield self.delta({"content": piece})
        if reply.refusal:
            yield self.delta({"refusal": reply.refusal})
        if quoted:
            yield self.delta(extra, sources=reply.sources)
        yield self.delta({}, "stop")
        if self._chat.with_usage:
            yield nameless(as_text({**self._base, "choices": [], "usage": usage(self._chat, reply.text)}))
