"""What a model wrote for a passage, as far as it can be trusted to point there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bm25s.stopwords import STOPWORDS_DUTCH

from corpus.folding import squeezed
from qa.written.details import digits, unknown_name
from qa.written.draft import one_line
from qa.written.overlap import shared
from qa.written.snap import usable

FEWEST, MOST = 2, 6
SHORTEST, LONGEST = 8, 220
SHORTEST_RESTATEMENT, LONGEST_RESTATEMENT = 15, 600
# A restatement has words of its own, but speaks of the same.
ABOUT = 0.1
# In more words than this there is a Dutch function word.
FEW_WORDS = 4
DUTCH = frozenset((*STOPWORDS_DUTCH, "welke", "welk", "hoeveel", "waarom", "wanneer", "waar", "kost", "krijgt"))


@dataclass(frozen=True, slots=True)
class Enriched:
    """Questions that a passage answers and what it says in other words."""

    questions: tuple[str, ...]
    restatement: str


def checked(item: Mapping[str, Any], text: str, names: str) -> Enriched | None:
    """The good questions with the restatement; None with fewer than FEWEST, or with a restatement that is no good.

    None of it is ever shown, so other words than the text's are welcome; but a number must stand in the text, a name
    somewhere in `names`, and it must be Dutch, no copy, and about this text.
    """
    asked, told = item.get("vragen"), item.get("kern")
    if not isinstance(asked, list) or not isinstance(told, str):
        return None
    restatement = one_line(told)
    if not SHORTEST_RESTATEMENT <= len(restatement) <= LONGEST_RESTATEMENT or not _fits(restatement, text, names):
        return None
    if shared(restatement, text) < ABOUT:
        return None
    questions: dict[str, str] = {}
    for one in asked:
        question = one_line(one) if isinstance(one, str) else ""
        if SHORTEST <= len(question) <= LONGEST and _fits(question, text, names):
            questions.setdefault(squeezed(question).letters.strip(" ?."), question)
    return Enriched(tuple(questions.values())[:MOST], restatement) if len(questions) >= FEWEST else None


def _fits(words: str, text: str, names: str) -> bool:
    letters = squeezed(words).letters.strip(" ?.")
    new = bool(set(digits(words)) - set(digits(text))) or unknown_name(words, names)
    return _dutch(words) and usable(words) and letters not in squeezed(text).letters and not new


def _dutch(text: str) -> bool:
    words = text.lower().replace("?", " ").split()
    return len(words) <= FEW_WORDS or bool(DUTCH.intersection(words))
