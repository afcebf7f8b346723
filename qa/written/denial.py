"""Whether a sentence turns round what a text says: a negation, an opposite, a reserve that is gone."""

import re
from collections.abc import Sequence

from qa.written.clauses import Clause, bare, clauses
from qa.written.lexicon import ALL, HEDGES, ONLY, OPPOSITES
from qa.written.overlap import content

# With this share of the same words a sentence is a copy of another.
ALMOST = 0.8


def turned(sentence: str, text: str) -> bool:
    """Whether a negation was dropped from what the quotes deny, or put where they have none."""
    said, source = clauses(sentence), clauses(text)
    positive = {word for clause in source if not clause.negated for word in clause.words}
    tests = (
        any(_dropped(said, clause, positive) for clause in source if clause.negated),
        any(_added(clause, source) for clause in said if clause.negated),
        any(_halved(said, clause) for clause in source if clause.count > 1),
        any(_recounted(sentence, line) for line in re.split(r"(?<=[.!?])\s+", text)),
        bool(bare(sentence, ONLY) and not bare(text, ONLY)),
        bool((bare(sentence, ALL) - bare(text, ALL)) & set(re.findall(r"\w+", text.lower()))),
    )
    return any(tests)


def opposite(sentence: str, text: str) -> bool:
    """Whether a sentence has one word of a pair of opposites and the text only the other."""
    said, source = set(re.findall(r"\w+", sentence.lower())), set(re.findall(r"\w+", text.lower()))
    for pair in OPPOSITES:
        for here, there in (pair, pair[::-1]):
            if here in said and there in source and here not in source and there not in said:
                return True
    new, gone = said - source, source - said
    return any(f"on{word}" in gone or (word.startswith("on") and word[2:] in gone) for word in new if len(word) > 4)


def hedge_lost(sentence: str, text: str) -> bool:
    """Whether every sentence of the quotes that the words come from is careful, and the written one is not."""
    said = set(re.findall(r"\w+", sentence.lower()))
    if said & HEDGES:
        return False
    wanted = set(content(sentence))
    lines = [line for line in re.split(r"(?<=[.!?])\s+", text) if len(wanted & set(content(line))) * 2 >= len(wanted)]
    return bool(lines) and all(set(re.findall(r"\w+", line.lower())) & HEDGES for line in lines)


def _dropped(said: Sequence[Clause], denied: Clause, positive: set[str]) -> bool:
    affirmed = {word for clause in said if not clause.negated for word in clause.words}
    kept = {word for clause in said if clause.negated for word in clause.words}
    reached = denied.denied & affirmed - kept
    if not reached or 2 * len(reached) < len(denied.denied):
        return False
    return not reached <= positive


def _added(denying: Clause, source: Sequence[Clause]) -> bool:
    negated = [set(clause.words) for clause in source if clause.negated]
    if not denying.denied:
        return not negated
    return not any(denying.denied & words for words in negated)


def _halved(said: Sequence[Clause], doubled: Clause) -> bool:
    """Whether one of two negations in a clause is gone."""
    words = set(doubled.words)
    return any(0 < clause.count < doubled.count and 2 * len(words & set(clause.words)) >= len(words) for clause in said)


def _recounted(sentence: str, line: str) -> bool:
    """Whether a sentence has nearly all the words of another and nearly no others, but not as many negations."""
    ours, theirs = set(content(sentence)), set(content(line))
    both = len(ours & theirs)
    if not both or both < ALMOST * max(len(ours), len(theirs)):
        return False
    return sum(c.count for c in clauses(sentence)) != sum(c.count for c in clauses(line))
