"""Server-sent events."""

import re
from collections.abc import Iterator
from typing import Any

from api.problems import as_text

MEDIA_TYPE = "text/event-stream"
WORDS_A_PIECE = 6
WORD = re.compile(r"\s*\S+\s*")


def event(name: str, data: Any) -> str:
    """One event; the data is one line of JSON, so that no text in it can end the event."""
    return f"event: {name}\ndata: {as_text(data)}\n\n"


def nameless(data: str) -> str:
    """An event without a name, as OpenAI's clients read it."""
    return f"data: {data}\n\n"


def pieces(text: str) -> Iterator[str]:
    """A text in pieces of a few words; joined they are the text."""
    words = WORD.findall(text) or ([text] if text else [])
    for start in range(0, len(words), WORDS_A_PIECE):
        yield "".join(words[start : start + WORDS_A_PIECE])
