"""What a model sends, as drafts of sentences, each as soon as it is whole; JSON may be fenced, wrapped or broken."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

MOST_SENTENCES, MOST_ANCHORS = 12, 6
LONGEST_SENTENCE, LONGEST_ANCHOR = 500, 600
LONGEST_REPLY = 60_000
DEEPEST = 12
THINKING = ("<think>", "</think>")
TEXT, PROOF = ("tekst", "zin", "text", "sentence"), ("bewijs", "bronnen", "evidence", "citations")
NUMBER, ANCHOR = ("passage", "nummer", "nr", "number"), ("anker", "citaat", "anchor", "quote")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "zinnen": {
            "type": "array",
            "maxItems": MOST_SENTENCES,
            "items": {
                "type": "object",
                "properties": {
                    "tekst": {"type": "string"},
                    "bewijs": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"passage": {"type": "integer"}, "anker": {"type": "string"}},
                            "required": ["passage", "anker"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["tekst", "bewijs"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["zinnen"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model gave it: nothing in it is trusted. `anchors` are (passage number, words)."""

    text: str
    anchors: tuple[tuple[int, str], ...]


def objects(pieces: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every whole JSON object in a stream of text, inner ones first, as soon as its last brace is there.

    Text around the objects, fences and what a model thinks aloud are passed over. Stops after LONGEST_REPLY.
    """
    text, at = "", 0
    opened: list[int] = []
    in_string = escaped = False
    for piece in pieces:
        text += piece
        if len(text) > LONGEST_REPLY:
            return
        if at == 0 and text.lstrip().startswith(THINKING[0]):
            _, ended, rest = text.partition(THINKING[1])
            if not ended:
                continue
            text = rest
        while at < len(text):
            letter = text[at]
            at += 1
            if in_string:
                in_string = escaped or letter != '"'
                escaped = letter == "\\" and not escaped
            elif letter == '"' and opened:
                in_string = True
            elif letter == "{" and len(opened) < DEEPEST:
                opened.append(at - 1)
            elif letter == "}" and opened:
                yield from _decoded(text[opened.pop() : at])


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """The drafts in a stream, each once, at most MOST_SENTENCES."""
    seen: set[str] = set()
    for item in objects(pieces):
        draft = _draft(item)
        if draft and draft.text not in seen:
            seen.add(draft.text)
            yield draft
        if len(seen) == MOST_SENTENCES:
            return


def one_line(text: str) -> str:
    """A sentence as shown: no line breaks, no control characters, no marks that would pass for ours."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(re.sub(r"\[\d+(?:\s*,\s*\d+)*\]", " ", plain).split()).replace(" .", ".")


def _decoded(text: str) -> Iterator[dict[str, Any]]:
    try:
        item = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    if isinstance(item, dict):
        yield item


def _draft(item: dict[str, Any]) -> Draft | None:
    text, proof = _first(item, TEXT), _first(item, PROOF)
    if not isinstance(text, str) or not one_line(text) or len(text) > LONGEST_SENTENCE:
        return None
    anchors = []
    for one in proof if isinstance(proof, list) else []:
        if isinstance(one, dict):
            number, anchor = _first(one, NUMBER), _first(one, ANCHOR)
            if isinstance(number, str) and number.isdigit():
                number = int(number[:4])
            fits = isinstance(number, int) and isinstance(anchor, str) and len(anchor) <= LONGEST_ANCHOR
            anchors += [(number, anchor)] if fits else []
    return Draft(one_line(text), tuple(anchors[:MOST_ANCHORS]))


def _first(item: dict[str, Any], names: Iterable[str]) -> Any:
    return next((item[name] for name in names if name in item), None)
