"""What a language model came to: sentences with the level of support each reached, or why there are none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How far the quotes of a sentence bear it."""

    LITERAL = "letterlijk"
    SUPPORTED = "gesteund"
    UNSUPPORTED = "niet gesteund"


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """One sentence. `citations` are positions in the answer's citations, from 1.

    An unsupported sentence keeps its place, its level and the reason, but never its words: nothing unchecked goes out.
    """

    text: str
    citations: tuple[int, ...]
    level: Level
    why: str = ""

    def __post_init__(self) -> None:
        if (self.level is Level.UNSUPPORTED) == bool(self.text):
            raise ValueError("a supported sentence has words; an unsupported one has none")
        if self.text and not self.citations:
            raise ValueError("a sentence needs a quote")

    def to_record(self) -> dict[str, Any]:
        """As JSON values."""
        return {"text": self.text, "citations": list(self.citations), "level": str(self.level), "why": self.why}


@dataclass(frozen=True, slots=True)
class Usage:
    """What the model was asked and gave, in tokens; `cost` in the currency of the prices set, 0 without prices.

    `counted` is False where the server did not tell and the tokens are estimated from characters.
    """

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    counted: bool = True

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost + other.cost,
            self.counted and other.counted,
        )

    def to_record(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "calls": self.calls,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost": round(self.cost, 6),
            "counted": self.counted,
        }


@dataclass(frozen=True, slots=True)
class Written:
    """The written part of an answer. With a `fallback` there is none, and the answer is its quotes, as always.

    `note` tells what the reader should know of an answer that was cut short or lost sentences. `prompt` is the hash of
    the instruction that was used, `model` the model's name.
    """

    sentences: tuple[WrittenSentence, ...]
    model: str
    prompt: str
    usage: Usage
    fallback: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if bool(self.fallback) == any(sentence.text for sentence in self.sentences):
            raise ValueError("there are written sentences, or there is a reason why not")

    def to_record(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "sentences": [sentence.to_record() for sentence in self.sentences],
            "model": self.model,
            "prompt": self.prompt,
            "usage": self.usage.to_record(),
            "fallback": self.fallback,
            "note": self.note,
        }
