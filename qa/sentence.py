"""What a sentence of a document shows by its form: what it gives, what it leans on, what it limits."""

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

    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"


LARGE = "duizend|miljoen|miljard|mln|mld"
# Not a number: the count of a list item ("2. "), a name with a digit ("K6"), a year; but from year to year is how long.
GIVES = {
    Expected.MONEY: re.compile(
        rf"(€|\beuro\b)\s*\d|(\d|\b({NUMBER_WORDS}|een|één))\s*(({LARGE})\.?\s*)?(€|(euro|cent)\b)"
        rf"|\d\s*({LARGE})\b|\b({NUMBER_WORDS})\s+({LARGE})\b",
        re.IGNORECASE,
    ),
    Expected.NUMBER: re.compile(
        rf"(?<![\w.,-])(?!(?:1[89]|20)\d\d\b)\d+(?:[.,]\d+)*(?!\w)(?!\.\s)|\b({NUMBER_WORDS})\b"
        r"|\b(1[89]|20)\d\d\s*(tot( en met)?|t/m|[-–])\s*(1[89]|20)\d\d\b",
        re.IGNORECASE,
    ),
    Expected.DATE: re.compile(rf"\b(1[89]\d\d|20\d\d)\b|\b\d{{1,2}}\s+({MONTHS})\b", re.IGNORECASE),
    # A record of a person: a name and, after a comma, what they are.
    Expected.PERSON: re.compile(
        r"^(?:Dhr\.|Mevr\.|Drs\.|Dr\.|Ir\.|Prof\.|Mr\.)|^[A-Z][\w-]+(?:\s(?:van|de|der|den|ten|ter|’t|-))*(?:\s[A-Z][\w-]+)+,"
    ),
}
# A place without any of these gives no sum of money, not even in a table with its unit in the heading.
OF_SUMS = re.compile(rf"€|\b(euro|eurocent|cent|{LARGE}|gratis|kosteloos)\b", re.IGNORECASE)
COUNT = re.compile(rf"\b(?:\d[\d.,]*|{NUMBER_WORDS})(?=\s+([\w'’-]+(?:\s+[\w'’-]+)?))", re.IGNORECASE)
# "de drie dorpen", "vijf andere dorpen": some of them, known from before.
OF_THOSE, SOME_OTHER = (
    re.compile(r"\b(de|deze|die|andere)\s+$", re.IGNORECASE),
    re.compile(r"(andere|overige)\b", re.IGNORECASE),
)
# A sentence that only sends the reader elsewhere.
BARE_REFERENCE = re.compile(r"\W*(zie|vgl|bron|idem)\b", re.IGNORECASE)
# A sentence that opens like this cannot be understood alone.
LOOSE_START = re.compile(
    r"((al|bij|door|in|met|op|van|voor) )?"
    r"(dit|deze|dat|die|zij|ze|hij|het gaat|hier|hierbij|hierdoor|hiervoor|daar|daarbij|daarom|daardoor|daarvoor|"
    r"daarmee|daarnaast|daarin|zo|ook|wel|toch|echter|volgens (hem|haar|hen))\b",
    re.IGNORECASE,
)

# "door deze verhoging": the thing itself stands in the sentence before.
POINTER = re.compile(r"\b(?:deze|dit|die|dat|dergelijke|zulke|zo['’]n)\s+(\w{4,})", re.IGNORECASE)


def gives(text: str, kind: Expected) -> bool:
    """Whether a text holds a thing of that kind. "negen" and "9" are both numbers."""
    return bool(GIVES[kind].search(text))


def speaks_of_sums(text: str) -> bool:
    """Whether a place may give a sum of money, or say that there is nothing to pay."""
    return bool(OF_SUMS.search(text))


def counts(text: str, things: frozenset[str]) -> bool:
    """Whether a number stands before one of these things in a text, with at most one word between."""
    return any(things.intersection(stems([words])[0]) for words in COUNT.findall(text)) if things else False


def introduces_count(text: str, things: frozenset[str]) -> bool:
    """Whether a text counts these things, other than as some of those that it spoke of before."""
    found = [match for match in COUNT.finditer(text) if things.intersection(stems([match[1]])[0])] if things else []
    return any(not OF_THOSE.search(text[: match.start()]) and not SOME_OTHER.match(match[1]) for match in found)


def starts_loosely(text: str) -> bool:
    """Whether a sentence leans on the one before it."""
    return bool(LOOSE_START.match(text))


def points_back(text: str, before: str) -> bool:
    """Whether a sentence points to a thing ("deze verhoging") that not it but the one before it speaks of first."""
    for found in POINTER.finditer(text):
        thing = set(stems([found[1]])[0])
        if thing and thing <= set(stems([before])[0]) and thing.isdisjoint(stems([text[: found.start()]])[0]):
            return True
    return False


def only_refers(text: str) -> bool:
    """Whether a sentence only sends the reader elsewhere ("Zie bijlage 2")."""
    return bool(BARE_REFERENCE.match(text))
