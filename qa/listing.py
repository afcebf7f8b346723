"""A whole list for who asks for one: "Welke aanbevelingen doet het rapport?" gets every item, each with its place."""

import re

from corpus.model import Document
from corpus.offsets import Span
from corpus.parts import ItemList
from index.sparse import STOPWORDS, WORD, WordIndex, stems
from qa.extent import unit_at
from qa.numerals import as_words
from qa.question import Question, asks_advice

LONGEST = 20
# What is asked for stands shortly after the word that asks.
ASKED = re.compile(
    r"\b(?:welke|alle|noem|opsomming van|overzicht van|lijst (?:van|met)|(?:wat|welke|wie) (?:zijn|waren)|which|list|"
    r"all)\s+((?:[\w'’-]+\s*){1,4})",
    re.IGNORECASE,
)
# This part of what the question says must stand above the list: then nothing narrows it. Less where the number fits.
SAID_ABOVE, SAID_WITH_NUMBER = 0.6, 0.35
GENERAL = frozenset(
    stems(
        [
            "rapport evaluatie document verslag onderzoek onderzoekers auteurs schrijvers alle belangrijkste "
            "voornaamste doet doen gedaan geeft geven gegeven noemt genoemd staan staat volgt volgen komen voren "
            "what does the report researchers"
        ]
    )[0]
)
# A question with other small words asks more than which there are: "niet", "eerst", "liever".
NEUTRAL = frozenset(
    WORD.findall(
        "welke alle allemaal noem wat wie zijn waren er is de het die dit een in van uit op onder bij met voor aan mee "
        "heeft hebben werden which are were there the list all"
    )
)
DENIED = re.compile(r"\b(?:niet|geen|nooit|not|never)\b", re.IGNORECASE)
RECOMMENDATIONS = ["aanbevelingen", "adviezen"]
ADVISING = frozenset(
    stems(
        [
            "beveelt bevelen aanbevolen aanbeveelt aanbevelen raadt raden aangeraden aanraden aanraadt adviseert "
            "adviseren geadviseerd advies adviezen aanbevelingen recommend recommends recommended "
            "moet moeten gebeuren veranderen doen beter rijk rijksoverheid overheid kabinet haag politiek"
        ]
    )[0]
)


def asks_which(question: str) -> bool:
    """Whether a question asks for all of something, and its small words ask nothing else of it."""
    small = {word for word in WORD.findall(question.lower()) if word in STOPWORDS}
    return bool(ASKED.search(question)) and small <= NEUTRAL


def stems_at(document: Document, span: Span | None) -> set[str]:
    """The stems of a piece of the text; none where there is no piece."""
    return set(stems([document.text[slice(*span)]])[0]) if span else set()


def asked_list(document: Document, words: WordIndex, question: Question) -> list[Span]:
    """The first sentence of each item of the list that a question asks for whole, as spans of the text; [] for none.

    The thing asked for must stand in the list's introduction or in the heading above it, and so must most of what the
    question says, by how rare it is in `words`; a number in the question must be the number of items.
    """
    asked = ASKED.search(question.text)
    advice = asks_advice(question.text)
    if (not asked and not advice) or DENIED.search(question.text):
        return []
    near = asked.group(1).lower().split() if asked and not advice else RECOMMENDATIONS
    numbers = {word: int(digits) for word in near if (digits := "".join(as_words(word))).isdigit()}
    wanted = set(numbers.values())
    things = set(stems([" ".join(word for word in near if word not in numbers)])[0]) - GENERAL
    counted = set(stems([" ".join(word for word in numbers if not word.isdigit())])[0])
    aside = GENERAL | counted | (ADVISING if advice else set())
    said = {stem: words.rarity(stem) for stem in set(stems([question.text])[0]) - aside}
    title = set(stems([document.title])[0])
    for found in document.parts.lists:
        above = _above(document, found)
        if not found.introduction or not things & above or not 1 < len(found.items) <= LONGEST:
            continue
        if wanted and len(found.items) not in wanted:
            continue
        known = sum(weight for stem, weight in said.items() if stem in above or stem in title)
        if known >= (SAID_WITH_NUMBER if wanted else SAID_ABOVE) * sum(said.values()):
            return [_first_sentence(document, item) for item in found.items]
    return []


def _above(document: Document, found: ItemList) -> set[str]:
    """The stems of a list's introduction and of the headings it stands under."""
    unit = document.units[unit_at(document, found.items[0][0])]
    titles = [section.title for section in document.enclosing(document.sections[unit.section])]
    words = document.text[slice(*found.introduction)] if found.introduction else ""
    return set(stems([" ".join([*titles, words])])[0])


def _first_sentence(document: Document, item: Span) -> Span:
    start, end = item
    position = unit_at(document, start)
    inside = [unit for unit in document.units[max(position - 1, 0) : position + 2] if start <= unit.start < end]
    return (start, inside[0].end) if inside else item
