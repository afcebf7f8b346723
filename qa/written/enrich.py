"""Writes what people would ask of each passage, by a language model, checked: the sidecar that a search reads.

What a model gave for a passage is kept apart at once, under the hash of everything that went into it. So a run that is
broken off goes on where it was, and a passage that did not change is not asked again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from corpus.enrichment import Enrichment, beside, load_enrichments
from corpus.errors import InputError
from corpus.model import Document, Kind, Passage, Section
from corpus.passages import chunk, lead_of
from qa.model import place_of
from qa.written.connect import CHARACTERS_PER_TOKEN, LanguageModel
from qa.written.draft import objects
from qa.written.enrich_check import Enriched, checked
from qa.written.journal import Journal
from qa.written.model import Usage
from qa.written.prompts import fenced, load_prompt
from qa.written.trouble import ModelFailure

# The windows do not overlap: a search also finds a passage by a window that shares half of it.
WINDOW = 5
SCHEMA = {
    "type": "object",
    "properties": {
        "vragen": {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 6},
        "kern": {"type": "string"},
    },
    "required": ["vragen", "kern"],
    "additionalProperties": False,
}
# What a passage's questions and restatement come to.
TOKENS_BACK = 220
MOST_FAILURES = 3
SAME_PLACE = 0.5
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage to write for, what a model gets to read of it, and the hash of all that decides what comes back.

    `names` is the text whose names may be used: the whole document's.
    """

    passage: Passage
    heading: str
    text: str
    key: str
    names: str

    @property
    def data(self) -> str:
        """The message about it."""
        return fenced(plaats=self.heading, tekst=self.text)


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do for one document. `kept` are lines that stand beside it already and stay as they are."""

    document: Document
    path: Path
    pieces: tuple[Piece, ...]
    kept: tuple[Enrichment, ...]
    outdated: bool = False


@dataclass(slots=True)
class Result:
    """What came of it: passages written for, passages for which nothing usable came, and what it took."""

    written: int = 0
    dropped: int = 0
    usage: Usage = field(default_factory=Usage)


def plan(document: Document, path: Path, model: str) -> Work:
    """The passages of a document that no line beside it covers. Lines for another version of it do not count."""
    try:
        kept = load_enrichments(document, path) if beside(path).is_file() else ()
        outdated = False
    except InputError:
        kept, outdated = (), True
    prompt = load_prompt("verrijking").sha256
    pieces = (_piece(document, passage, model, prompt) for passage in chunk(document, WINDOW, WINDOW))
    return Work(document, path, tuple(p for p in pieces if not _covered(p.passage, kept)), kept, outdated)


TRIAL_TEXT = (
    "Het veer over de Lauwe vaart van april tot en met oktober, elk half uur. Een kaartje kost drie euro; kinderen "
    "varen gratis mee. De gemeente betaalt de schipper, de provincie het onderhoud van de boot. In de winter vaart "
    "het veer niet, omdat de steigers dan onder water staan."
)


def trial_piece() -> Piece:
    """A passage of our own, to measure how long one takes before anything of a document is sent."""
    section = Section("proef", "", "Het veer", Kind.CHAPTER, ("Het veer",), 0, len(TRIAL_TEXT))
    passage = Passage("proef", "proef", section, (1, 1), 0, len(TRIAL_TEXT))
    return Piece(passage, "Het veer", TRIAL_TEXT, "proef", TRIAL_TEXT)


def tokens_needed(pieces: Sequence[Piece]) -> tuple[int, int]:
    """About how many tokens go out and come back for these passages."""
    fixed = len(load_prompt("verrijking").text)
    out = sum(fixed + len(piece.data) for piece in pieces) / CHARACTERS_PER_TOKEN
    return round(out), TOKENS_BACK * len(pieces)


def ask_for(model: LanguageModel, piece: Piece) -> tuple[Enriched | None, Usage]:
    """What the model gives for a passage, as far as it passes its checks. Raises ModelFailure."""
    deadline = time.monotonic() + model.options.timeout
    reply, usage = model.say(load_prompt("verrijking").text, piece.data, deadline, SCHEMA)
    found = (checked(item, f"{piece.heading}\n{piece.text}", piece.names) for item in objects([reply]))
    return next((one for one in found if one), None), usage


def write_for(model: LanguageModel, pieces: Sequence[Piece], journal: Journal, progress: Progress) -> Result:
    """Ask for each passage that the journal does not know. Raises ModelFailure after MOST_FAILURES calls in a row
    that came to nothing; what was written until then is kept.
    """
    result, failures = Result(), 0
    for number, piece in enumerate(pieces, 1):
        try:
            found, usage = ask_for(model, piece)
            failures = 0
        except ModelFailure:
            failures += 1
            if failures == MOST_FAILURES:
                raise
            found, usage = None, Usage(1)
        result.usage += usage
        if found:
            journal.add(piece.key, found)
        result.written += found is not None
        result.dropped += found is None
        progress(number, len(pieces))
    return result


def _piece(document: Document, passage: Passage, model: str, prompt: str) -> Piece:
    place = place_of(document, passage.section, passage.page)
    parts = (place.document_title, place.chapter_title, place.heading, *place.sections[1:])
    heading = " > ".join(dict.fromkeys(part for part in parts if part))
    lead = lead_of(document, passage.start, passage.end)
    text = "\n".join(part for part in (lead, document.text[passage.start : passage.end]) if part)
    key = sha256("\0".join((model, prompt, heading, text)).encode()).hexdigest()[:24]
    return Piece(passage, heading, text, key, document.text)


def _covered(passage: Passage, kept: Sequence[Enrichment]) -> bool:
    inside = sum(max(0, min(passage.end, one.end) - max(passage.start, one.start)) for one in kept)
    return inside >= SAME_PLACE * (passage.end - passage.start)
