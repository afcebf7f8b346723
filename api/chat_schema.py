"""A request of the OpenAI API, as far as it means something here."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_MESSAGES = 2000
MOST_EARLIER = 20


class Lenient(BaseModel):
    """Clients send much that only a language model can use: that is let through, and not looked at."""

    model_config = ConfigDict(extra="ignore")


class Part(Lenient):
    """A piece of a message."""

    type: str
    text: str = ""


class ChatMessage(Lenient):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        """Its text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in ("text", "input_text"))
        return self.content or ""


class StreamOptions(Lenient):
    """What a stream holds besides the answer."""

    include_usage: bool = False


class ChatIn(Lenient):
    """A conversation of which the last question is answered."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = 1

    @property
    def asked(self) -> tuple[str, tuple[str, ...]]:
        """The last question and those before it; "" when nobody asked anything."""
        turns = [message.words for message in self.messages if message.role == "user" and message.words.strip()]
        return (turns[-1], tuple(turns[:-1][-MOST_EARLIER:])) if turns else ("", ())

    @property
    def with_usage(self) -> bool:
        """Whether a stream ends with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)


def usage(request: ChatIn, answer: str) -> dict[str, Any]:
    """Counted in words: no language model is at work, so there are no tokens."""
    asked = sum(len(message.words.split()) for message in request.messages)
    said = len(answer.split())
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
