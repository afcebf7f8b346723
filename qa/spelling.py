"""Typing errors in a question: a word that nobody writes, one slip away from a word of the documents, is that word."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from index.sparse import STOPWORDS, WORD, WORDS_KEPT, stems
from qa.compounds import LONGEST, Vocabulary, parts

# Shorter words are too many others with one letter changed.
SHORTEST = 5
LETTERS = ascii_lowercase + "ëïéöü"


def corrected(text: str, vocabulary: Vocabulary) -> str:
    """The text with each word that neither Dutch nor the documents have, but for one slip, as they write it.

    Of the words that may be meant, it is the most common one.
    """

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        meant = _meant(word.lower(), vocabulary)
        if meant == word.lower():
            return word
        return meant.capitalize() if word[0].isupper() else meant

    return WORD.sub(mend, text)


def slips(word: str) -> Iterator[str]:
    """All that one slip makes of a word: two letters swapped, one missing, one too many, one for another."""
    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        if right:
            yield left + right[1:]
            yield from (left + letter + right[1:] for letter in LETTERS)
        yield from (left + letter + right for letter in LETTERS)


def _meant(word: str, vocabulary: Vocabulary) -> str:
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or word in STOPWORDS:
        return word
    if _is_dutch(word) or all(map(vocabulary.knows, stems([word])[0])) or parts(word, vocabulary):
        return word
    known = []
    for slip in set(slips(word)) - STOPWORDS:
        stem = stems([slip])[0]
        # What is no Dutch is a name, and those have no endings to leave off.
        if stem and vocabulary.knows(stem[0]) and (stem[0] == slip or _is_dutch(slip)):
            known.append((vocabulary.rarity(stem[0]), slip))
    return min(known)[1] if known else word


@lru_cache(WORDS_KEPT)
def _is_dutch(word: str) -> bool:
    words, number = _dutch(), hash(word)
    at = int(np.searchsorted(words, number))
    return at < len(words) and int(words[at]) == number


@cache
def _dutch() -> NDArray[np.int64]:
    """The words of a frequency list as numbers, sorted: a tenth of the memory that the list itself takes."""
    from wordfreq import get_frequency_list

    words = np.sort(np.fromiter((hash(w) for some in get_frequency_list("nl", "large") for w in some), np.int64))
    get_frequency_list.cache_clear()
    return words
