"""A compound that no document has, by parts that they have: "dorpsfeest" is looked for as "dorps feest".

Dutch writes compounds as one word, and the asker's compound is often not the report's. Only words are looked for in
parts: a vector already tells what the whole is about. Splitting the documents' own compounds too brought nothing
(docs/ablatie.md).
"""

import re
from collections.abc import Callable

from index.sparse import STOPWORDS, WORD, stems

SHORTEST_PART = 4
# Endings that make a word of another word, and look like words themselves.
ENDINGS = frozenset(
    {"heid", "heden", "lijk", "lijke", "baar", "bare", "schap", "loos", "loze", "zaam", "matig", "matige"}
)

Knows = Callable[[str], bool]


def taken_apart(text: str, knows: Knows) -> str:
    """The text with each compound that `knows` nothing of replaced by its parts, where it knows each of these.

    `knows` is asked for stems. A name (a capital inside the text) stays whole: Groenland is no green land.
    """

    def apart(match: re.Match[str]) -> str:
        word = match.group()
        if (match.start() and word[0].isupper()) or _known(word.lower(), knows):
            return word
        return " ".join(parts(word.lower(), knows)) or word

    return WORD.sub(apart, text)


def parts(word: str, knows: Knows) -> tuple[str, ...]:
    """The known words, lower-cased, that a word is written together from, the first as short as can be; or none."""
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        first, rest = word[:cut], word[cut:]
        if _known(first, knows):
            after = (rest,) if rest not in ENDINGS and _known(rest, knows) else parts(rest, knows)
            if after:
                return (first, *after)
    return ()


def _known(word: str, knows: Knows) -> bool:
    return word not in STOPWORDS and all(map(knows, stems([word])[0]))
