"""Where a text denies: its clauses, with the content words of each and what a negation in it reaches."""

import re
from dataclasses import dataclass
from functools import cache

from index.sparse import stems
from qa.written.lexicon import BOUNDARIES, NEGATORS

WORD = re.compile(r"\w+(?:['’\-]\w+)*|[.!?;:,()]")
ENDS = frozenset(".!?;:()")
AFTER, BEFORE = 3, 2


@dataclass(frozen=True, slots=True)
class Clause:
    """`words` are the stems of its content words; `denied` those that its negations reach, `count` how many."""

    words: tuple[str, ...]
    denied: frozenset[str]
    count: int

    @property
    def negated(self) -> bool:
        """Whether there is a negation in it."""
        return self.count > 0


def clauses(text: str) -> list[Clause]:
    """The clauses of a text, cut at signs and at words that start a new thought."""
    found: list[list[str]] = [[]]
    for token in WORD.findall(text):
        low = token.lower()
        if token in ENDS or low in BOUNDARIES:
            found.append([])
        if token not in ENDS:
            found[-1].append(low)
    return [clause for words in found if (clause := _clause(words)).words or clause.negated]


def _clause(words: list[str]) -> Clause:
    content: list[str] = []
    negations: list[int] = []
    comma = [n for n, word in enumerate(words) if word == ","]
    places: list[int] = []
    for n, word in enumerate(words):
        if word in NEGATORS and not (word == "niet" and words[n + 1 : n + 2] == ["alleen"]):
            negations.append(n)
        elif word not in NEGATORS:
            for stem in stem_of(word):
                content.append(stem)
                places.append(n)
    denied: set[str] = set()
    for n in negations:
        stop = next((c for c in comma if c > n), len(words))
        after = [stem for stem, place in zip(content, places, strict=True) if n < place < stop][:AFTER]
        before = [stem for stem, place in zip(content, places, strict=True) if place < n][-BEFORE:]
        denied.update(after or before)
    return Clause(tuple(content), frozenset(denied), len(negations))


def bare(text: str, limits: frozenset[str]) -> set[str]:
    """Which of these words stand in a text with no negation just before them: "alleen", but not "niet alleen"."""
    words = re.findall(r"\w+", text.lower())
    return {
        word for n, word in enumerate(words) if word in limits and not NEGATORS.intersection(words[max(0, n - 2) : n])
    }


@cache
def stem_of(word: str) -> tuple[str, ...]:
    """The stems of one word: none for a function word, several for a compound with a hyphen."""
    return tuple(stems([word])[0])
