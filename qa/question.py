"""What a question asks for: the kind of answer it expects and the parts of the report it names."""

import re
from enum import StrEnum

from index.sparse import stems

NUMBER_WORDS = (
    "twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|"
    "negentien|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|honderd|duizend|miljoen|miljard|"
    "helft|kwart|derde deel|procent|tweetal|drietal|viertal|vijftal|zestal|tiental|dozijn"
)
MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"


class Expected(StrEnum):
    """The kind of thing that must stand in an answer."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"


ASKS = {
    Expected.NUMBER: re.compile(
        r"\b(hoeveel|hoe\s+(veel|ver|lang|groot|hoog|vaak|oud|sterk|laag|zwaar)|welk\s+(aantal|percentage|bedrag|deel)|"
        r"wat\s+is\s+het\s+(aantal|percentage|bedrag))\b",
        re.IGNORECASE,
    ),
    Expected.DATE: re.compile(
        r"\b(wanneer|sinds\s+wanneer|(in|welk|welke|op|vanaf)\s+welke?\s+(jaar|datum|maand)|welk\s+jaar)\b",
        re.IGNORECASE,
    ),
    Expected.PERSON: re.compile(
        r"\b(wie|welke\s+(persoon|personen|mensen|medewerkers?|ambtenaren|bestuurders|deelnemers|deskundigen|hoogleraren|"
        r"wetenschappers|onderzoekers|gesprekspartners))\b",
        re.IGNORECASE,
    ),
}
ASKS_MEANING = re.compile(r"\W*(wat\s+(is|zijn|betekent|betekenen|houdt|verstaat)|waar\s+staat)\b", re.IGNORECASE)
ASKS_ALL = re.compile(r"\b(welke|wie|noem|alle|allemaal|lijst|overzicht|opsomming)\b", re.IGNORECASE)
ASKS_WHY = re.compile(r"\W*(waarom|waardoor|hoe\s+komt|hoezo|wat\s+is\s+de\s+(reden|oorzaak))\b", re.IGNORECASE)
# Not a number: the count of a list item ("2. "), a name with a digit ("K6"), a year.
GIVES = {
    Expected.NUMBER: re.compile(
        rf"(?<![\w.,-])(?!(?:1[89]|20)\d\d\b)\d+(?:[.,]\d+)*(?!\w)(?!\.\s)|\b({NUMBER_WORDS})\b", re.IGNORECASE
    ),
    Expected.DATE: re.compile(rf"\b(1[89]\d\d|20\d\d)\b|\b\d{{1,2}}\s+({MONTHS})\b", re.IGNORECASE),
    # A record of a person: a name and, after a comma, what they are.
    Expected.PERSON: re.compile(
        r"^(?:Dhr\.|Mevr\.|Drs\.|Dr\.|Ir\.|Prof\.|Mr\.)|^[A-Z][\w-]+(?:\s(?:van|de|der|den|ten|ter|’t|-))*(?:\s[A-Z][\w-]+)+,"
    ),
}
COUNTED = re.compile(r"\bhoeveel\s+([\w'’-]+(?:\s+[\w'’-]+)?)", re.IGNORECASE)
COUNT = re.compile(rf"\b(?:\d[\d.,]*|{NUMBER_WORDS})\s+([\w'’-]+(?:\s+[\w'’-]+)?)", re.IGNORECASE)
REFERENCE = re.compile(r"\b(tabel|tekstkader|kader|box|figuur|voetnoot)\s+(\d{1,3})\b", re.IGNORECASE)


def expected_kind(question: str) -> Expected | None:
    """What a question asks for, by its question word; None when anything may answer ("Waarom ... hoeveel ...?")."""
    if ASKS_WHY.match(question):
        return None
    return next((kind for kind, pattern in ASKS.items() if pattern.search(question)), None)


def asks_meaning(question: str) -> bool:
    """Whether a question may ask what a term means; reports explain terms in footnotes."""
    return bool(ASKS_MEANING.match(question))


def asks_all(question: str) -> bool:
    """Whether a whole list or table may be asked for, rather than one item or row."""
    return bool(ASKS_ALL.search(question) or REFERENCE.search(question))


def gives(text: str, kind: Expected) -> bool:
    """Whether a text holds a thing of that kind. "negen" and "9" are both numbers."""
    return bool(GIVES[kind].search(text))


def counted_things(question: str) -> set[str]:
    """Stems of the two words after each "hoeveel": what is to be counted."""
    return {stem for words in COUNTED.findall(question) for stem in stems([words])[0]}


def counts(text: str, things: set[str]) -> bool:
    """Whether a number stands before one of these things in a text, with at most one word between."""
    return any(things.intersection(stems([words])[0]) for words in COUNT.findall(text)) if things else False


def named_parts(question: str) -> set[str]:
    """Labels of the boxes, tables and footnotes a question names: {"tabel 1"}."""
    return {f"{name.lower()} {int(number)}" for name, number in REFERENCE.findall(question)}
