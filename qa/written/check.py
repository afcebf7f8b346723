"""Drafts in, sentences out: each bound to quotes that were cut here, or dropped with the reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.store import Index
from qa.model import Citation, FoundPassage
from qa.written.draft import Draft
from qa.written.judge import Judge
from qa.written.lexicon import LOOSE_START
from qa.written.model import Level, Usage, WrittenSentence
from qa.written.snap import evidence_of, number_of, snap, usable
from qa.written.support import support

MOST_CITATIONS = 12
NO_QUOTE = "geen van de aangewezen woorden staat letterlijk in de passage"
LOOSE = "de zin verwijst naar een zin die is weggelaten"
JUDGED = "de tweede beoordeling vindt dat de zin niet uit de citaten volgt"
ORDERS = "de zin geeft opdrachten"


@dataclass(slots=True)
class Checked:
    """What came through so far. `citations` starts with those of the extractive answer and only grows."""

    citations: list[Citation]
    sentences: list[WrittenSentence] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)

    @property
    def dropped(self) -> int:
        """How many sentences have no words any more."""
        return sum(not sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks drafts against the passages that the model was shown."""

    index: Index
    passages: Sequence[FoundPassage]
    judge: Judge | None
    deadline: float

    def run(self, drafts: Iterable[Draft], checked: Checked) -> Iterator[WrittenSentence]:
        """Each draft's outcome, in order; `checked` is kept up to date, also when the drafts stop with an error."""
        for draft in drafts:
            sentence = self._sentence(draft, checked)
            checked.sentences.append(sentence)
            yield sentence

    def _sentence(self, draft: Draft, checked: Checked) -> WrittenSentence:
        if not usable(draft.text):
            return _dropped(ORDERS)
        if checked.sentences and not checked.sentences[-1].text and LOOSE_START.match(draft.text):
            return _dropped(LOOSE)
        quotes = [quote for number, anchor in draft.anchors if (quote := self._snap(number, anchor))]
        if not quotes:
            return _dropped(NO_QUOTE)
        evidence = [evidence_of(self.index.documents[quote.place.document], quote) for quote in quotes]
        found = support(draft.text, evidence)
        if found.level is Level.UNSUPPORTED:
            return _dropped(found.why)
        if self.judge and found.level is not Level.LITERAL:
            follows, usage = self.judge(draft.text, evidence, self.deadline)
            checked.usage += usage
            if not follows:
                return _dropped(JUDGED)
        numbers = _numbered(checked.citations, quotes)
        if len(checked.citations) > MOST_CITATIONS:
            del checked.citations[MOST_CITATIONS:]
            return _dropped(NO_QUOTE)
        return WrittenSentence(draft.text, numbers, found.level)

    def _snap(self, number: int, anchor: str) -> Citation | None:
        return snap(self.index, self.passages[number - 1], anchor) if 1 <= number <= len(self.passages) else None


def _numbered(citations: list[Citation], quotes: Sequence[Citation]) -> tuple[int, ...]:
    """The positions of the quotes among the citations; new ones are added."""
    numbers = []
    for quote in quotes:
        number = number_of(citations, quote)
        if not number:
            citations.append(quote)
            number = len(citations)
        numbers.append(number)
    return tuple(dict.fromkeys(numbers))


def _dropped(why: str) -> WrittenSentence:
    return WrittenSentence("", (), Level.UNSUPPORTED, why)
