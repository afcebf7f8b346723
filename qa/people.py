"""The records of all people of a kind: "Welke wethouders zijn gesproken?" gets each wethouder in the lists of names."""

import re
from collections.abc import Set

from corpus.model import Document
from corpus.offsets import Span
from corpus.parts import Person
from index.sparse import stems
from qa.listing import GENERAL, LONGEST, asks_which, stems_at
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
BEFORE_LONG_FORM = re.compile(r"(\S+) \(")


def asked_people(document: Document, question: Question) -> list[Span]:
    """The records of the people whose function a question names, in order; [] for none.

    What else it says must stand in their function, their organisation or the title above them.
    """
    if not asks_which(question.asked):
        return []
    said = set(stems([question.spelled])[0]) - GENERAL - TAKING_PART - _spelled_out(question)
    people = [one for one in document.parts.people if said and _fits(document, one, said)]
    return [(one.start, one.end) for one in people] if len(people) <= LONGEST else []


def _spelled_out(question: Question) -> set[str]:
    """The abbreviations of a question that stand in it in full as well."""
    found = BEFORE_LONG_FORM.findall(question.spelled) if question.spelled != question.asked else []
    return set(stems([" ".join(found)])[0])


def _fits(document: Document, person: Person, said: Set[str]) -> bool:
    function = stems_at(document, person.function)
    around = [section.title for section in document.enclosing(document.sections[person.group])]
    known = function | stems_at(document, person.organisation) | set(stems([" ".join(around)])[0])
    return not function.isdisjoint(said) and said <= known
