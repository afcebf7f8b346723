"""What counts as a Dutch word: the document's own spelling first, then a frequency list of the language."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.lines import Line

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# The same with the hyphen of a compound that is cut short: "krimp-" in "krimp- en groeiregio's".
COUNTED = re.compile(rf"{WORD.pattern}(?:-(?=\s))?")
# A word this frequent is sure to be one; the list's tail also holds typing errors and pieces of words.
SURE = 1e-7
SHORTEST_PART = 4
# How much one occurrence in the document weighs beside a share of all Dutch words.
ONE_OCCURRENCE = 1e-6


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How often each word stands inside a line of this document, lower-cased, and how often Dutch uses it.

    Words at a line's edge may be halves and do not count.
    """

    counts: Counter[str]
    pairs: Counter[tuple[str, str]]
    dutch: dict[str, float]

    def own(self, word: str) -> int:
        """How often the document itself writes the word."""
        return self.counts[_key(word)]

    def share(self, word: str) -> float:
        """The word's share of all Dutch words (wordfreq, sources of 2021), 0 for one that is not listed."""
        return self.dutch.get(_key(word), 0.0)

    def weight(self, word: str) -> float:
        """Evidence that this is a word at all: its share of Dutch plus what the document writes."""
        return self.share(word) + ONE_OCCURRENCE * self.own(word)

    def is_word(self, word: str) -> bool:
        """Whether Dutch surely has the word, or the document writes it more than once."""
        return self.share(word) >= SURE or self.own(word) > 1

    def runs(self, words: Sequence[str]) -> int:
        """How often the document writes these words one after the other within a line: at most as often as any two."""
        return min((self.pairs[_key(left), right] for left, right in pairwise(words)), default=0)

    def waits_for_a_name(self, word: str) -> bool:
        """Whether a name mostly follows the word in this document ("Gemeente", "Provincie")."""
        followed = [(right[0].isupper(), times) for (left, right), times in self.pairs.items() if left == _key(word)]
        names = sum(times for upper, times in followed if upper)
        return names >= 2 and names > sum(times for upper, times in followed if not upper)

    def is_compound(self, word: str) -> bool:
        """Whether the word is two sure words written together ("grens" and "effecten"), as Dutch does."""
        cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
        return any(self.share(word[:cut]) >= SURE and self.share(word[cut:]) >= SURE for cut in cuts)


def vocabulary(lines: Sequence[Line]) -> Vocabulary:
    """The words of these lines beside those of Dutch."""
    from wordfreq import get_frequency_dict  # a tenth of a second that a question need not pay

    counts: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for line in lines:
        words = COUNTED.findall(line.text)
        counts.update(map(_key, words[1:-1]))
        pairs.update((_key(left), right) for left, right in pairwise(words))
    return Vocabulary(counts, pairs, get_frequency_dict("nl", wordlist="large"))


def _key(word: str) -> str:
    return word.lower().replace("’", "'")
