"""What a question asks for: the kind of answer it expects and the parts of the report it names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.abbreviations import spell_out
from index.sparse import stems
from index.store import SUMMARY
from qa.compounds import Vocabulary, taken_apart
from qa.framing import asks_gist, unframed
from qa.sentence import Expected, gives
from qa.spelling import corrected

# What people are in reports; "welke" or "hoe heten" before it asks for names.
PEOPLE = (
    r"persoon|personen|mensen|medewerkers?|ambtena(ar|ren)|bestuurders?|deelnemers?|deskundigen?|hoogler(aar|aren)|"
    r"professor(en)?|wetenschappers?|academici|onderzoekers?|gesprekspartners?|gedeputeerden?|wethouders?|"
    r"burgemeesters?|ministers?|bewindspersonen|vertegenwoordigers?|contactperso(on|nen)|auteurs?|voorzitters?|"
    r"geïnterviewden"
)
SUM = "(bedrag|budget|begroting|prijs|kosten)"
ASKS = {
    Expected.MONEY: re.compile(
        rf"\b(hoe\s+duur|hoeveel\s+(geld|euro|subsidie|budget|miljoen|miljard)|welke?\s+(bedrag(en)?|budget)|"
        rf"(wat|hoe\s+(hoog|groot))\s+(is|was|waren|zijn)\s+(het|de)\s+{SUM}|"
        r"(wat|hoeveel)\s+(kost(te)?|kost(t?)en)|(wat|hoeveel)\b.*\bgekost|hoeveel\b.*\bkost(te|ten)?|"
        r"(wat|hoeveel)\s+(zou(den)?|zal|zullen|gaat|gaan|mag|moet)\b.*\bkosten)\b"
        r"(?!.*\b(tijd|moeite|energie)\b)",
        re.IGNORECASE,
    ),
    Expected.NUMBER: re.compile(
        r"\b(hoeveel|hoe\s+(veel|ver|lang|groot|hoog|vaak|oud|sterk|laag|zwaar)|welk\s+(aantal|percentage|deel)|"
        r"wat\s+is\s+het\s+(aantal|percentage))\b",
        re.IGNORECASE,
    ),
    Expected.DATE: re.compile(
        r"\b(wanneer|sinds\s+wanneer|(in|welk|welke|op|vanaf)\s+welke?\s+(jaar|datum|maand)|welk\s+jaar)\b",
        re.IGNORECASE,
    ),
    Expected.PERSON: re.compile(
        rf"\b(wie|(welke|hoe\s+(heet|heten)|(naam|namen)\s+van)\s+((de|die|alle|deze)\s+)?((\w+e|betrokken|\d+)\s+)?({PEOPLE}))\b",
        re.IGNORECASE,
    ),
}
ASKS_ALL = re.compile(r"\b(welke|wie|noem|alle|allemaal|lijst|overzicht|opsomming|(wat|welke) zijn)\b", re.IGNORECASE)
ASKS_WHY = re.compile(r"\W*(waarom|waardoor|hoe\s+komt|hoezo|wat\s+is\s+de\s+(reden|oorzaak))\b", re.IGNORECASE)
# "Wat raden de onderzoekers aan?" asks for the recommendations, in whatever words.
ASKS_ADVICE = re.compile(
    r"\b(?:wat|what)\b.*\b(?:(?:beve(?:el|elt|len)|raadt|raden)\b.*\baan(?=\W*$|\s+(?:over|voor|om)\b)"
    r"|aanbevolen|aanbe(?:veelt|velen)|aan(?:ge)?raden|aanraadt|adviseert|adviseren|geadviseerd|recommend\w*)\b"
    r"|\b(?:welke?|wat\s+(?:is|zijn)(?:\s+(?:het|de))?)\s+(?:\w+ste\s+)?advie(?:s|zen)\b"
    r"|\bwat\s+(?:moet(?:en)?|kan|kunnen)\b.*\b(?:gebeuren|veranderen|doen|beter)\b",
    re.IGNORECASE,
)
COUNTED = re.compile(r"\bhoeveel\s+([\w'’-]+(?:\s+[\w'’-]+)?)", re.IGNORECASE)
# Words for a part of a country say the same at the end of a compound.
AREAS = frozenset(stems(["regio gebied streek"])[0])
# Words of a question about a part that ask for nothing in it.
OF_A_PART = frozenset(
    stems(["tabel tekstkader kader box figuur voetnoot staat staan gaat zien toont laat geeft inhoud zegt geef toon"])[
        0
    ]
    + stems(["over waar waarover lees lezen"])[0]
)
REFERENCE = re.compile(r"\b(tabel|tekstkader|kader|box|figuur|voetnoot)\s+(\d{1,3})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read once; `text` is it without typing errors.

    `asked` is what it asks, without words around it ("Wat zegt het rapport over ...").
    `spelled` is that with the long form of each abbreviation the documents explain.
    `sought` is what words are looked for: `spelled` with compounds that the documents do not have in parts.
    `counted` are stems of what "hoeveel" asks to count, and of what is the same. `named` are labels of the parts it
    names: {"tabel 1"}; it `asks_part` when it asks for nothing but those.
    """

    text: str
    asked: str
    spelled: str
    sought: str
    kind: Expected | None
    counted: frozenset[str]
    named: frozenset[str]
    asks_part: bool
    asks_all: bool

    def gets(self, text: str) -> bool:
        """Whether a text holds the kind of thing that is asked for."""
        return self.kind is not None and gives(text, self.kind)


def read_question(text: str, abbreviations: Mapping[str, str], vocabulary: Vocabulary | None = None) -> Question:
    """What a question asks for. A question may ask for a whole list or table rather than one item or row of it.

    Without the `vocabulary` of the documents no typing error is mended and no compound taken apart.
    """
    text = corrected(text, vocabulary) if vocabulary else text
    asked = unframed(text)
    named = frozenset(f"{name.lower()} {int(number)}" for name, number in REFERENCE.findall(text))
    gist = asks_gist(text)
    spelled = spell_out(asked, dict(abbreviations))
    return Question(
        text=text,
        asked=asked,
        spelled=spelled,
        sought=taken_apart(spelled, vocabulary) if vocabulary else spelled,
        kind=expected_kind(asked),
        counted=_counted(asked),
        named=named | ({SUMMARY} if gist else set()),
        asks_part=gist or all(stem in OF_A_PART or stem.isdigit() for stem in stems([asked])[0]),
        asks_all=bool(ASKS_ALL.search(asked) or REFERENCE.search(text) or asks_advice(text)),
    )


def _counted(asked: str) -> frozenset[str]:
    """The stems of what is counted; of areas alone another word may be another kind of area."""
    found = {stem for words in COUNTED.findall(asked) for stem in stems([words])[0]}
    return frozenset(found.union(*(alike(stem) for stem in found - AREAS)))


def alike(stem: str) -> set[str]:
    """A stem, and when it is or ends in a word for an area also those with another one."""
    firsts = {stem.removesuffix(area) for area in AREAS if stem.endswith(area)}
    return {stem} | {first + area for first in firsts for area in AREAS}


def asks_advice(question: str) -> bool:
    """Whether a question asks what is recommended."""
    return bool(ASKS_ADVICE.search(question))


def expected_kind(question: str) -> Expected | None:
    """What a question asks for, by its question word; None when anything may answer ("Waarom ... hoeveel ...?")."""
    if ASKS_WHY.match(question):
        return None
    return next((kind for kind, pattern in ASKS.items() if pattern.search(question)), None)
