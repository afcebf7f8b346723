"""Whether the quotes of a written sentence bear it: its numbers, its names, its negations, its words.

Every test can only take support away. What passes all of them is not proven, but what fails one is never shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.folding import squeezed
from qa.written.denial import hedge_lost, opposite, turned
from qa.written.details import unknown_name, wrong_numbers
from qa.written.model import Level
from qa.written.overlap import shared

# The share of a sentence's content words that its quotes must hold; chosen on tests/written_truths.py.
ENOUGH = 0.6
TOO_FEW = "te veel woorden staan niet in de citaten"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote as it is shown, the whole sentences or rows it consists of, and the words of where it stands.

    `context` holds headings and column names: they may give a sentence its subject, never its facts.
    """

    text: str
    units: tuple[str, ...]
    context: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """The level, why it is no higher, and the share of content words found."""

    level: Level
    why: str = ""
    share: float = 1.0


def support(sentence: str, evidence: Sequence[Evidence]) -> Support:
    """The level that a sentence reaches with these quotes."""
    if not evidence:
        return Support(Level.UNSUPPORTED, "er is geen citaat bij", 0.0)
    wanted = _letters(sentence)
    if any(wanted == _letters(unit) for one in evidence for unit in (one.text, *one.units)):
        return Support(Level.LITERAL)
    text = "\n".join(one.text for one in evidence)
    context = "\n".join(one.context for one in evidence)
    share = shared(sentence, f"{text}\n{context}")
    why = conflict(sentence, text, context) or (TOO_FEW if share < ENOUGH else "")
    return Support(Level.UNSUPPORTED if why else Level.SUPPORTED, why, share)


def conflict(sentence: str, text: str, context: str = "") -> str:
    """What a sentence has against a text, in Dutch, or ""; says nothing about words that are only different."""
    tests = (
        ("een getal staat niet zo in de citaten", wrong_numbers(sentence, text, context)),
        ("een naam staat niet in de citaten", unknown_name(sentence, f"{text}\n{context}")),
        ("een ontkenning is weggelaten of toegevoegd", turned(sentence, text)),
        ("een woord zegt het omgekeerde van de citaten", opposite(sentence, text)),
        ("een voorbehoud is weggelaten", hedge_lost(sentence, text)),
    )
    return next((why for why, failed in tests if failed), "")


def _letters(text: str) -> str:
    return squeezed(text).letters.strip(" .!?;:•*'")
