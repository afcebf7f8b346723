"""Abbreviations that a document itself explains by its spelling: "OCW" and "Onderwijs, Cultuur en Wetenschap"."""

import re
from collections import Counter
from collections.abc import Iterable

ABBREVIATION = re.compile(r"\b[A-Z][A-Z&]{1,6}\b")
WRITTEN = re.compile(r"\b[A-Za-z][A-Za-z&]{2,6}\b")
# Capitalised words in a row, with the small words and commas that names have between them.
NAME = re.compile(r"[A-Z][^\W\d_]+(?:,?\s+(?:(?:en|van|voor|de|der|het|in|op|&)\s+){0,2}[A-Z][^\W\d_]+)+")
CAPITALISED = re.compile(r"[A-Z][^\W\d_]+")
SHORTEST = 3


def find_abbreviations(texts: Iterable[str]) -> dict[str, str]:
    """Abbreviation to long form: names whose capitals spell an abbreviation that is used in the same texts.

    "Ministerie van Onderwijs, Cultuur en Wetenschap" counts with and without its first words, so that "OCW" is
    found in it. The most frequent long form wins, then the first in the alphabet. Two letters are too little evidence.
    """
    joined = "\n".join(texts)
    used = {found.replace("&", "") for found in ABBREVIATION.findall(joined)}
    forms: dict[str, Counter[str]] = {}
    for name in NAME.finditer(joined):
        words = list(CAPITALISED.finditer(name.group()))
        for first in range(len(words) - 1):
            for last in range(first + 1, len(words)):
                initials = "".join(word.group()[0] for word in words[first : last + 1])
                if len(initials) >= SHORTEST and initials in used:
                    form = name.group()[words[first].start() : words[last].end()]
                    forms.setdefault(initials, Counter())[re.sub(r"\s+", " ", form)] += 1
    return {short: min(counts, key=lambda form: (-counts[form], form)) for short, counts in sorted(forms.items())}


def spell_out(text: str, abbreviations: dict[str, str]) -> str:
    """The text with the long form after each known abbreviation, in brackets; "ocw" counts as "OCW"."""

    def spelled(match: re.Match[str]) -> str:
        form = abbreviations.get(match.group().replace("&", "").upper())
        return f"{match.group()} ({form})" if form else match.group()

    return WRITTEN.sub(spelled, text)
