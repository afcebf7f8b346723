"""The instructions for a model: Dutch text files in this package, each with a hash that says which one was used."""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

NAMES = ("antwoord", "oordeel", "gesprek", "varianten", "hyde", "verrijking")


@dataclass(frozen=True, slots=True)
class Prompt:
    """An instruction. `sha256` is the file's own hash, shortened to 16 letters."""

    name: str
    version: str
    text: str
    sha256: str


@cache
def load_prompt(name: str) -> Prompt:
    """The instruction of that name; the first line of its file is its version."""
    content = files("qa.written").joinpath("prompts", f"{name}.txt").read_text(encoding="utf-8")
    first, _, text = content.partition("\n")
    return Prompt(name, first.removeprefix("versie "), text.strip(), sha256(content.encode()).hexdigest()[:16])


def prompt_hashes() -> dict[str, str]:
    """Name to hash of every instruction, for whoever must show later by what an answer was made."""
    return {name: load_prompt(name).sha256 for name in NAMES}


def fenced(**data: Any) -> str:
    """Data for a model as one JSON object: nothing in a string can end the string and pass for an instruction.

    Braces and quotes of the data stay data; line separators that JSON would let through are escaped as well.
    """
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("<|", "<\\u007c")
