"""What comes while an answer is made, for who does not want to wait for the whole of it."""

from dataclasses import dataclass

from qa.model import Answer, Citation
from qa.written.model import WrittenSentence


@dataclass(frozen=True, slots=True)
class Quoted:
    """First: the extractive answer, ready before a language model has said a word."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Sentence:
    """Then, for each sentence that was checked: the sentence, and the citations that it brings along.

    `citations` come after those that were sent before; the sentence's numbers count through all of them.
    """

    sentence: WrittenSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """Last, always: the whole answer, as `answer` gives it."""

    answer: Answer


Before = Quoted | Sentence
Step = Before | Finished
