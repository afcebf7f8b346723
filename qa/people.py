"""The records of all people of a kind: "Welke wethouders zijn gesproken?" gets each wethouder in the lists of names."""

import re
from collections.abc import Set

from corpus.model import Document
from corpus.offsets import Span
from corpus.parts import Person
from index.sparse import STOPWORDS, WORD, stems
from qa.listing import ASKED, GENERAL, LONGEST
from qa.question import Question

# What people in a list have done is said above it, and asked in other words.
TAKING_PART = frozenset(
    stems(
        [
            "gesproken geïnterviewd bevraagd geraadpleegd gehoord deelgenomen meegedaan meegewerkt deden namen deel "
            "woord gesprekspartners deelnemers personen mensen interviewed took part"
        ]
    )[0]
)
# A question with other small words asks more than who they are.
NEUTRAL = frozenset(
    WORD.findall(
        "welke alle allemaal noem wat wie zijn waren er is de het die dit een in van uit op bij met voor aan mee zijn "
        "heeft hebben werden which are were there the list all"
    )
)
BEFORE_LONG_FORM = re.compile(r"(\S+) \(")


def asked_people(document: Document, question: Question) -> list[Span]:
    """The records of the people whose function a question names, in order; [] for none.

    What else it says must stand in their function, their organisation or the title above them.
    """
    small = {word for word in WORD.findall(question.asked.lower()) if word in STOPWORDS}
    if not ASKED.search(question.asked) or not small <= NEUTRAL:
        return []
    said = set(stems([question.spelled])[0]) - GENERAL - TAKING_PART - _spelled_out(question)
    people = [one for one in document.parts.people if said and _fits(document, one, said)]
    return [(one.start, one.end) for one in people] if len(people) <= LONGEST else []


def _spelled_out(question: Question) -> set[str]:
    """The abbreviations of a question that stand in it in full as well."""
    return (
        set(stems([" ".join(BEFORE_LONG_FORM.findall(question.spelled))])[0])
        if question.spelled != question.asked
        else set()
    )


def _fits(document: Document, person: Person, said: Set[str]) -> bool:
    function = _stems(document, person.function)
    around = [section.title for section in document.enclosing(document.sections[person.group])]
    known = function | _stems(document, person.organisation) | set(stems([" ".join(around)])[0])
    return not function.isdisjoint(said) and said <= known


def _stems(document: Document, span: Span | None) -> set[str]:
    return set(stems([document.text[slice(*span)]])[0]) if span else set()
