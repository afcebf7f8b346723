"""How many of the words of one text another holds."""

import re

from index.sparse import stems
from qa.numerals import as_words
from qa.written.details import exact_values
from qa.written.lexicon import TELLING

LIKE = 5


def content(text: str) -> list[str]:
    """The stems that carry what a text says: no numbers, no function words, no words of telling."""
    words = [word for word in re.findall(r"\w+", text.lower()) if word not in TELLING and not _is_number(word)]
    return [stem for stem in stems([" ".join(words)])[0] if not stem.isdigit()]


def shared(sentence: str, text: str) -> float:
    """The share of a sentence's content words that a text holds, also as a part of its words."""
    wanted, known = content(sentence), set(content(text))
    if not wanted:
        # "Ja." says nothing that a quote could bear; "12 miljoen euro" is told by its numbers.
        return 1.0 if exact_values(sentence) else 0.0
    return sum(word in known or any(_alike(word, other) for other in known) for word in wanted) / len(wanted)


def _is_number(word: str) -> bool:
    return as_words(word) != [] and all(part[0].isdigit() for part in as_words(word))


def _alike(one: str, other: str) -> bool:
    """Whether two stems share a long beginning, or one is a part of the other, as in compounds."""
    short, long = sorted((one, other), key=len)
    if len(short) < LIKE:
        return False
    return short in long or (short[:LIKE] == long[:LIKE] and 3 * len(short) >= 2 * len(long))
