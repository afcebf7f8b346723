"""Other ways to look for words, for the ablation table: what was weighed and left out can be measured again."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from index.embedded import embedded_text
from index.encode import Encoder
from index.enriched import Values
from index.sparse import WORD, build_words
from index.store import Index
from qa.compounds import parts
from qa.question import Question
from qa.retrieve import Retriever
from qa.weights import Weights

Reword = Callable[[str], str]
GROUP = 5
# A name inside the text, or a number.
STRONG = re.compile(r"(?<!^)\b(?:[A-Z][\w-]*|\d[\d.,]*)")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is counted of a document's texts, and what is looked for of a question."""

    documents: Callable[[Index], Reword] | None = None
    question: Callable[[Question], str] = lambda question: question.sought


class RewordingRetriever(Retriever):
    """A retriever that looks for other words; the vectors, and what was written for passages, are as they were."""

    def __init__(self, index: Index, encoder: Encoder, wording: Wording, weights: Weights | None = None) -> None:
        super().__init__(_recounted(index, wording.documents(index)) if wording.documents else index, encoder, weights)
        self._wording = wording

    def read(self, text: str) -> tuple[Question, Values]:
        """A question with what is looked for of it, and its vector."""
        question, vector = super().read(text)
        return replace(question, sought=self._wording.question(question)), vector


def _recounted(index: Index, reword: Reword) -> Index:
    texts = (embedded_text(index.documents[one.document_id], one) for one in index.contexts)
    return replace(index, words=build_words(map(reword, texts)))


def in_parts(index: Index) -> Reword:
    """Adds to a text the parts of every compound in it that are words of the documents too."""
    words = index.words

    @lru_cache(None)
    def of(word: str) -> tuple[str, ...]:
        return parts(word, words)

    return lambda text: " ".join([text, *(part for word in WORD.findall(text.lower()) for part in of(word))])


def letter_groups(text: str) -> str:
    """Adds to a text every group of GROUP letters inside a longer word."""
    words = [word for word in WORD.findall(text.lower()) if len(word) > GROUP]
    return " ".join([text, *(word[at : at + GROUP] for word in words for at in range(len(word) - GROUP + 1))])


WORDINGS = {
    "zonder delen van samenstellingen": Wording(question=lambda question: question.spelled),
    "ook samenstellingen van het document in delen": Wording(in_parts),
    "ook groepjes van vijf letters": Wording(
        lambda _index: letter_groups, lambda question: letter_groups(question.sought)
    ),
    "namen en getallen van de vraag dubbel": Wording(
        question=lambda question: " ".join([question.sought, *STRONG.findall(question.spelled)])
    ),
}
