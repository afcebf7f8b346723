"""A compound that no document has, by parts that they have: "dorpsfeest" is looked for as "dorps feest".

Dutch writes compounds as one word, and the asker's compound is often not the report's. Only words are looked for in
parts: a vector already tells what the whole is about. Splitting the documents' own compounds too brought nothing
(docs/ablatie.md).
"""

import re
from typing import Protocol

from index.sparse import STOPWORDS, WORD, stems

SHORTEST_PART = 4
# No Dutch word is longer than this many letters; every way to cut one that is would take for ever to look at.
LONGEST = 50
# Endings that make a word of another word, and look like words themselves.
ENDINGS = frozenset(
    {"heid", "heden", "lijk", "lijke", "baar", "bare", "schap", "loos", "loze", "zaam", "matig", "matige"}
)


class Vocabulary(Protocol):
    """The words of the documents, by stem."""

    def knows(self, stem: str) -> bool:
        """Whether they have this stem."""
        ...

    def rarity(self, stem: str) -> float:
        """How rare it is; higher is rarer."""
        ...


def taken_apart(text: str, vocabulary: Vocabulary) -> str:
    """The text with each compound that the documents do not have replaced by its parts, where they have all of these.

    A name (a capital inside the text) stays whole: Groenland is no green land.
    """

    def apart(match: re.Match[str]) -> str:
        word = match.group()
        if (match.start() and word[0].isupper()) or _known(word.lower(), vocabulary):
            return word
        return " ".join(parts(word.lower(), vocabulary)) or word

    return WORD.sub(apart, text)


def parts(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The known words, lower-cased, that a word is written together from, the first as short as can be; or none."""
    if len(word) > LONGEST:
        return ()
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        first, rest = word[:cut], word[cut:]
        if _known(first, vocabulary):
            after = (rest,) if rest not in ENDINGS and _known(rest, vocabulary) else parts(rest, vocabulary)
            if after:
                return (first, *after)
    return ()


def _known(word: str, vocabulary: Vocabulary) -> bool:
    return word not in STOPWORDS and all(map(vocabulary.knows, stems([word])[0]))
