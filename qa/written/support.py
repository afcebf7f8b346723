"""Whether the quotes of a written sentence bear it: its numbers, its names, its negations, its words.

Every test can only take support away. What passes all of them is not proven, but what fails one is never shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.folding import squeezed
from index.sparse import stems
from qa.numerals import as_words
from qa.written.clauses import Clause, bare, clauses, stem_of
from qa.written.lexicon import ALL, EXACT, HEDGES, ONLY, OPPOSITES, SAME_EXACT, TELLING
from qa.written.model import Level

# The share of a sentence's content words that its quotes must hold; chosen on tests/written_truths.py.
ENOUGH = 0.6
NAME = re.compile(r"[^\W\d_][\w'’]*(?:-\w+)*")
MOVED = re.compile(r"\bvan (?:[a-z]+ )?(\d[\d.,]*) (?:[a-z]+ )?naar (\d[\d.,]*)")
LIKE = 5
# With this share of the same words a sentence is a copy of another.
ALMOST = 0.8
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
        ("een getal staat niet zo in de citaten", _wrong_numbers(sentence, text, context)),
        ("een naam staat niet in de citaten", unknown_name(sentence, f"{text}\n{context}")),
        ("een ontkenning is weggelaten of toegevoegd", _turned(sentence, text)),
        ("een woord zegt het omgekeerde van de citaten", _opposite(sentence, text)),
        ("een voorbehoud is weggelaten", _hedge_lost(sentence, text)),
    )
    return next((why for why, failed in tests if failed), "")


def shared(sentence: str, text: str) -> float:
    """The share of a sentence's content words that a text holds, also as a part of its words."""
    wanted, known = content(sentence), set(content(text))
    if not wanted:
        # "Ja." says nothing that a quote could bear; "12 miljoen euro" is told by its numbers.
        return 1.0 if _values(sentence) else 0.0
    return sum(word in known or any(_alike(word, other) for other in known) for word in wanted) / len(wanted)


def content(text: str) -> list[str]:
    """The stems that carry what a text says: no numbers, no function words, no words of telling."""
    words = [word for word in re.findall(r"\w+", text.lower()) if word not in TELLING and not _is_number(word)]
    return [stem for stem in stems([" ".join(words)])[0] if not stem.isdigit()]


def foreign_details(sentence: str, text: str) -> bool:
    """Whether a sentence has a number or a name that a text has not."""
    return bool(set(_values(sentence)) - set(_values(text))) or unknown_name(sentence, text)


def _letters(text: str) -> str:
    return squeezed(text).letters.strip(" .!?;:•*'")


def _is_number(word: str) -> bool:
    return as_words(word) != [] and all(part[0].isdigit() for part in as_words(word))


def digits(text: str) -> list[str]:
    """The numbers in a text, as digits."""
    return [word for word in as_words(text) if word[0].isdigit()]


def _values(text: str) -> list[str]:
    return digits(text) + [SAME_EXACT.get(word, word) for word in as_words(text) if word in EXACT]


def _wrong_numbers(sentence: str, text: str, context: str) -> bool:
    known = set(_values(f"{text}\n{context}"))
    if re.search(r"\been\b", text, re.IGNORECASE) and not re.search(r"\b1\b", sentence):
        known.add("1")  # who writes "één" may have read "een", who writes "1" may not
    if set(_values(sentence)) - known:
        return True
    bound: dict[str, set[str]] = {}
    for value, thing in _counted(text):
        bound.setdefault(thing, set()).add(value)
    if any(thing in bound and value not in bound[thing] for value, thing in _counted(sentence)):
        return True
    said = MOVED.findall(" ".join(as_words(sentence)))
    source = " ".join(as_words(text))
    return any(a == b or re.search(rf"\b{re.escape(b)}\b.*\bnaar {re.escape(a)}\b", source) for a, b in said)


def _counted(text: str) -> list[tuple[str, str]]:
    """(number, what it counts): the content word straight after it, a scale word taken with the number."""
    found = []
    for line in re.split(r"[\n;!?]|\.(?!\d)", text):
        words = as_words(line)
        for n, word in enumerate(words):
            at = n + 1
            if words[at : at + 2] == ["van", "de"] and words[at + 2 : at + 3] and words[at + 2][0].isdigit():
                at += 3  # "elf van de achttien dorpen" are eleven villages too
            if word[0].isdigit() and words[at:] and not words[at][0].isdigit():
                found += [(word, stem) for stem in stem_of(words[at])]
    return found


def unknown_name(sentence: str, text: str) -> bool:
    """Whether a word that is written as a name is nowhere in the text; the first word of a sentence may be any word."""
    known = _words_of(text)
    first = True
    for found in NAME.finditer(sentence):
        word = found.group()
        starts = first or sentence[: found.start()].rstrip(' "“(').endswith((".", "!", "?", ":"))
        first = False
        named = word[0].isupper() and (not starts or "-" in word or not word[1:].islower())
        low = word.lower().replace("’", "'")
        bare = re.sub(r"('s|s|')$", "", low)
        if named and not _is_number(word) and not {low, bare, word.lower()} & known:
            return True
    return False


@lru_cache(maxsize=16)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(part for word in NAME.findall(text) for part in (word.lower(), *word.lower().split("-")))


def _turned(sentence: str, text: str) -> bool:
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


def _opposite(sentence: str, text: str) -> bool:
    said, source = set(re.findall(r"\w+", sentence.lower())), set(re.findall(r"\w+", text.lower()))
    for pair in OPPOSITES:
        for here, there in (pair, pair[::-1]):
            if here in said and there in source and here not in source and there not in said:
                return True
    new, gone = said - source, source - said
    return any(f"on{word}" in gone or (word.startswith("on") and word[2:] in gone) for word in new if len(word) > 4)


def _hedge_lost(sentence: str, text: str) -> bool:
    """Whether every sentence of the quotes that the words come from is careful, and the written one is not."""
    said = set(re.findall(r"\w+", sentence.lower()))
    if said & HEDGES:
        return False
    wanted = set(content(sentence))
    lines = [line for line in re.split(r"(?<=[.!?])\s+", text) if len(wanted & set(content(line))) * 2 >= len(wanted)]
    return bool(lines) and all(set(re.findall(r"\w+", line.lower())) & HEDGES for line in lines)


def _alike(one: str, other: str) -> bool:
    """Whether two stems share a long beginning, or one is a part of the other, as in compounds."""
    short, long = sorted((one, other), key=len)
    if len(short) < LIKE:
        return False
    return short in long or (short[:LIKE] == long[:LIKE] and 3 * len(short) >= 2 * len(long))
