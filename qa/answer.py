"""Question in, answer out: retrieve, decide, quote, check."""

from collections.abc import Sequence

from corpus.model import Passage
from index.encode import Encoder
from index.store import Index
from qa.check import check_citation
from qa.model import Answer, Citation, FoundPassage, Hit, Reason, Status, place_of
from qa.phrase import answer_text, refusal_text
from qa.quotes import Quote, select_quotes
from qa.refuse import confidence
from qa.retrieve import Retriever

PASSAGES_SHOWN = 10


class Answerer:
    """Answers questions from one index; holds no state between questions."""

    def __init__(self, index: Index, encoder: Encoder, threshold: float, max_question: int, contact: str) -> None:
        self.index = index
        self.retriever = Retriever(index, encoder)
        self._threshold = threshold
        self._max_question = max_question
        self._contact = contact

    def answer(self, question: str, earlier: Sequence[str] = ()) -> Answer:
        """Quotes from the documents, each checked against its source, or a refusal with a reason.

        `earlier` are the questions asked before it in the same conversation, oldest first. The same question after the
        same turns gives the same answer on every run.
        """
        if wrong := self._what_is_wrong(question):
            text = refusal_text(Reason.INVALID_INPUT, (), self._contact, wrong)
            return Answer(question, Status.REFUSED, Reason.INVALID_INPUT, text, 0.0, (), ())
        retrieval = self.retriever.retrieve(" ".join(question.split()), PASSAGES_SHOWN)
        found = tuple(self._found(hit) for hit in retrieval.hits)
        sure = confidence(retrieval)
        if sure < self._threshold:
            text = refusal_text(Reason.NOT_FOUND, found, self._contact)
            return Answer(question, Status.REFUSED, Reason.NOT_FOUND, text, sure, (), found)
        citations = tuple(self._cite(quote) for quote in select_quotes(self.retriever, retrieval))
        return Answer(question, Status.ANSWERED, None, answer_text(citations), sure, citations, found)

    def _what_is_wrong(self, question: str) -> str:
        if not any(letter.isalnum() for letter in question):
            return "er staan geen woorden in. Stel een vraag in gewone woorden."
        if len(question) > self._max_question:
            return f"hij is {len(question)} tekens lang en mag er {self._max_question} zijn. Maak de vraag korter."
        return ""

    def _found(self, hit: Hit) -> FoundPassage:
        passage = hit.passage
        document = self.index.documents[passage.document_id]
        return FoundPassage(hit, self.index.text(passage), place_of(document, passage.section, passage.page))

    def _passage_of(self, quote: Quote) -> Passage:
        """The passage that holds most of a quote, of those that hold its best sentence."""
        holding: list[Passage] = [
            self.index.passages[n] for n in self.retriever.signaller.passages_of.others_of(quote.position)
        ]
        return max(holding, key=lambda passage: _shared(passage, quote))

    def _cite(self, quote: Quote) -> Citation:
        document = self.index.documents[quote.sentence.document_id]
        citation = Citation(
            quote=document.text[quote.start : quote.end],
            place=place_of(document, quote.sentence.section, document.pages(quote.start, quote.end)),
            passage_id=self._passage_of(quote).id,
            start=quote.start,
            end=quote.end,
            source_spans=document.source_spans(quote.start, quote.end),
            sha256=document.sha256,
        )
        check_citation(citation, document)
        return citation


def _shared(passage: Passage, quote: Quote) -> int:
    return min(passage.end, quote.end) - max(passage.start, quote.start)
