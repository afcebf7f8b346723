"""The numbers and names of a sentence against those of a text."""

import re
from functools import lru_cache

from qa.numerals import as_words
from qa.written.clauses import stem_of
from qa.written.lexicon import EXACT, SAME_EXACT

NAME = re.compile(r"[^\W\d_][\w'’]*(?:-\w+)*")
MOVED = re.compile(r"\bvan (?:[a-z]+ )?(\d[\d.,]*) (?:[a-z]+ )?naar (\d[\d.,]*)")


def digits(text: str) -> list[str]:
    """The numbers in a text, as digits."""
    return [word for word in as_words(text) if word[0].isdigit()]


def foreign_details(sentence: str, text: str) -> bool:
    """Whether a sentence has a number or a name that a text has not."""
    return bool(set(exact_values(sentence)) - set(exact_values(text))) or unknown_name(sentence, text)


def wrong_numbers(sentence: str, text: str, context: str) -> bool:
    """Whether a number is not in the text, counts another thing there, or goes the other way."""
    known = set(exact_values(f"{text}\n{context}"))
    if re.search(r"\been\b", text, re.IGNORECASE) and not re.search(r"\b1\b", sentence):
        known.add("1")  # who writes "één" may have read "een", who writes "1" may not
    if set(exact_values(sentence)) - known:
        return True
    bound: dict[str, set[str]] = {}
    for value, thing in _counted(text):
        bound.setdefault(thing, set()).add(value)
    if any(thing in bound and value not in bound[thing] for value, thing in _counted(sentence)):
        return True
    said = MOVED.findall(" ".join(as_words(sentence)))
    source = " ".join(as_words(text))
    return any(a == b or re.search(rf"\b{re.escape(b)}\b.*\bnaar {re.escape(a)}\b", source) for a, b in said)


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
        if named and not word[0].isdigit() and not {low, bare, word.lower()} & known:
            return True
    return False


def exact_values(text: str) -> list[str]:
    """The numbers, and the words that are as exact as a number: scales, months, ordinals."""
    return digits(text) + [SAME_EXACT.get(word, word) for word in as_words(text) if word in EXACT]


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


@lru_cache(maxsize=16)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(part for word in NAME.findall(text) for part in (word.lower(), *word.lower().split("-")))
