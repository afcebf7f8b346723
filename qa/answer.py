"""Question in, answer out: complete, retrieve, decide, quote, check."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Self

import numpy as np

from corpus.model import Passage
from index.encode import Encoder
from index.store import Index
from qa.citing import cite
from qa.conversation import complete
from qa.language import language_of
from qa.listing import asked_list
from qa.model import Answer, Citation, FoundPassage, Place, Reason, Status, place_of
from qa.parts import parts_of
from qa.people import asked_people
from qa.phrase import absent_phrase, answer_text, partial_text, refusal_text
from qa.quotes import Quote, put_first, select_quotes
from qa.recognise import recognise_in_turns
from qa.refuse import Judge, Verdict, contradicting, load_judge
from qa.repeats import repeats
from qa.rerank import Rerank
from qa.retrieve import Retrieval, Retriever
from qa.selection import EVERYTHING, Filter, Selection, catalogue_of
from qa.smalltalk import is_small_talk, says_nothing
from qa.speaker import speaker_of
from qa.steps import Finished, Step
from qa.tabled import asked_rows

PASSAGES_SHOWN = 10
NEAREST_SHOWN = 3
QUOTES_A_PART = 2
# The same places are quoted again and again.
PLACES_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that decides an answer to one question: what was found, the quotes it gives, and the verdict."""

    retrieval: Retrieval
    quotes: list[Quote]
    verdict: Verdict


class Answerer:
    """Answers questions from one index; holds no state between questions."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        threshold: float | None,
        max_question: int,
        contact: str,
        judge: Judge | None = None,
        rerank: Rerank | None = None,
    ) -> None:
        self.index = index
        self.retriever = Retriever(index, encoder, rerank=rerank)
        self._threshold = threshold
        self._max_question = max_question
        self._contact = contact
        self._refusal = judge or load_judge()
        self.catalogue = catalogue_of(index.manifest)
        self._selection = EVERYTHING
        self._filter: Filter | None = None
        self._shown_as = lru_cache(PLACES_KEPT)(partial(_shown, index))
        self._speaker_at = lru_cache(PLACES_KEPT)(partial(_speaker, index))

    def within(self, selection: Selection, words: str = "") -> Self:
        """The same answerer on the chosen documents alone; `words` of the question asked for it.

        Raises SelectionError for what the index does not have.
        """
        if selection == self._selection:
            return self
        narrowed = copy(self)
        narrowed._selection = selection
        if not selection.is_everything:
            names = self.catalogue.chosen(selection)
            narrowed.catalogue = self.catalogue.within(names)
            narrowed.retriever = self.retriever.within(names)
            narrowed._filter = Filter(selection, len(names), words)
        return narrowed

    def answer(self, question: str, earlier: Sequence[str] = ()) -> Answer:
        """Quotes from the documents, each checked against its source, or a refusal with a reason.

        `earlier` are the questions asked before it in the same conversation, oldest first. The same question after the
        same turns gives the same answer on every run. A filter in the question narrows where is looked, and the answer
        says so.
        """
        if wrong := self._what_is_wrong(question):
            return self._refused(question, question, Reason.INVALID_INPUT, detail=wrong)
        if is_small_talk(question):
            return self._refused(question, question, Reason.NO_QUESTION)
        narrowed, searched = self._read(question, earlier)
        return narrowed._answer_searched(question, " ".join(searched.split()))

    def stream(self, question: str, earlier: Sequence[str] = ()) -> Iterator[Step]:
        """What comes while the answer is made; last, always, Finished with what `answer` gives."""
        yield Finished(self.answer(question, earlier))

    def _read(self, question: str, earlier: Sequence[str]) -> tuple[Self, str]:
        """Who answers a question, and the question it comes to: completed, and without the filter in it."""
        if not self._selection.recognise or len(self.catalogue.entries) < 2:
            return self, complete(question, earlier, self.closest)
        completed = partial(complete, closest=self.closest)
        found, searched = recognise_in_turns([*earlier, question], self.catalogue, self._selection, completed)
        return self.within(found.selection, found.words) if found else self, searched

    def _answer_searched(self, question: str, searched: str) -> Answer:
        if says_nothing(searched):
            return self._refused(question, searched, Reason.TOO_VAGUE)
        parts = parts_of(searched)
        if len(parts) > 1:
            return self._answer_parts(question, self.retriever.retrieve(searched, PASSAGES_SHOWN), parts)
        look = self.look(searched)
        listed = self.listed(look.retrieval)
        confidence = max(look.verdict.confidence, look.verdict.threshold) if listed else look.verdict.confidence
        if look.verdict.reason and not listed:
            asked, nearest = look.retrieval.question.text, self._cite(self._nearest(look), look.retrieval)
            return self._refused(question, asked, look.verdict.reason, look.retrieval, nearest, confidence)
        citations = self._cite(listed or look.quotes, look.retrieval)
        return self._answered(question, look.retrieval, citations, confidence)

    def look(self, question: str) -> Look:
        """What is found for one question that stands on its own, what would be quoted, and whether that may be."""
        retrieval = self.retriever.retrieve(question, PASSAGES_SHOWN)
        quotes = select_quotes(self.retriever, retrieval)
        verdict = self._refusal.judge(self.retriever, retrieval, quotes, self._threshold)
        return Look(retrieval, quotes, verdict)

    def _nearest(self, look: Look) -> list[Quote]:
        """What comes nearest to a question that is refused: first what contradicts it, where that is known."""
        span = contradicting(look.retrieval)
        denying = [] if span is None else self.retriever.signaller.sentences_of(span)
        if look.verdict.reason is not Reason.FALSE_PREMISE or not denying:
            return look.quotes
        return put_first(self.index, denying[0], look.quotes)

    def _answer_parts(self, question: str, retrieval: Retrieval, parts: Sequence[str]) -> Answer:
        """Each part of a double question by itself; what one part does not find does not hide what another does."""
        citations: list[Citation] = []
        missing: list[str] = []
        sureness: list[float] = []
        reasons: list[Reason] = []
        for part in parts:
            look = self.look(part)
            sureness.append(look.verdict.confidence)
            if look.verdict.reason:
                missing.append(part)
                reasons.append(look.verdict.reason)
                continue
            known = {(citation.place.document, citation.start) for citation in citations}
            found = self._cite(look.quotes, look.retrieval)
            citations += [one for one in found if (one.place.document, one.start) not in known][:QUOTES_A_PART]
        searched = retrieval.question.text
        if not citations:
            nearest = self._cite(select_quotes(self.retriever, retrieval), retrieval)
            return self._refused(question, searched, reasons[0], retrieval, nearest, max(sureness))
        answer = self._answered(question, retrieval, tuple(citations), min(sureness))
        if not missing:
            return answer
        text = partial_text(answer.text, missing, answer.language)
        return replace(answer, status=Status.PARTIAL, text=text)

    def _answered(
        self, question: str, retrieval: Retrieval, citations: tuple[Citation, ...], confidence: float
    ) -> Answer:
        language = language_of(question)
        return Answer(
            question=question,
            status=Status.ANSWERED,
            reason=None,
            text=answer_text(citations, language),
            confidence=confidence,
            citations=citations,
            passages=self.found(retrieval),
            searched=retrieval.question.text,
            language=language,
            contact=self._contact,
            filter=self._filter,
        )

    def _refused(
        self,
        question: str,
        searched: str,
        reason: Reason,
        retrieval: Retrieval | None = None,
        nearest: tuple[Citation, ...] = (),
        confidence: float = 0.0,
        detail: str = "",
    ) -> Answer:
        language = language_of(question)
        if reason is Reason.FALSE_PREMISE and retrieval:
            detail = absent_phrase(self.retriever.signaller.absent_parts(retrieval.question), language)
        return Answer(
            question=question,
            status=Status.REFUSED,
            reason=reason,
            text=refusal_text(reason, nearest, self._contact, language, self.retriever.titles, detail),
            confidence=confidence,
            citations=(),
            passages=self.found(retrieval) if retrieval else (),
            searched=searched,
            language=language,
            nearest=nearest[:NEAREST_SHOWN],
            contact=self._contact,
            filter=self._filter,
        )

    def _what_is_wrong(self, question: str) -> str:
        if not any(letter.isalnum() for letter in question):
            return "er staan geen woorden in. Stel een vraag in gewone woorden."
        if len(question) > self._max_question:
            return f"hij is {len(question)} tekens lang en mag er {self._max_question} zijn. Maak de vraag korter."
        return ""

    def closest(self, thing: str, others: Sequence[str]) -> int:
        """Which of some words is most like a thing, by their vectors."""
        vectors = self.retriever.encoder.encode_queries([thing, *others])
        return int(np.argmax(vectors[1:] @ vectors[0]))

    def found(self, retrieval: Retrieval) -> tuple[FoundPassage, ...]:
        """The passages of a retrieval with their words and places."""
        return tuple(FoundPassage(hit, *self._shown_as(hit.passage)) for hit in retrieval.hits)

    def _cite(self, quotes: Sequence[Quote], retrieval: Retrieval) -> tuple[Citation, ...]:
        same = repeats(self.index, [quote.position for quote in quotes], retrieval)
        passages = self._passages_of(quotes)
        citations = []
        for quote, passage, others in zip(quotes, passages, same, strict=True):
            document = self.index.documents[quote.sentence.document_id]
            also = tuple(self._place(n) for n in others)
            speaker = self._speaker_at(quote.position)
            span = (quote.start, quote.end)
            citations.append(cite(document, quote.sentence.section, span, passage.id, speaker, also))
        return tuple(citations)

    def listed(self, retrieval: Retrieval) -> list[Quote]:
        """The items of a list, rows of a table or people that are all asked for; of the best document that has them."""
        index = self.index
        names = dict.fromkeys(hit.passage.document_id for hit in retrieval.hits)
        for name in names if retrieval.question.asks_all else ():
            document = index.documents[name]
            question = retrieval.question
            spans = asked_list(document, index.words, question)
            spans = spans or asked_rows(document, question) or asked_people(document, question)
            own = index.sentences.of_document(name) if spans else range(0)
            known = dict(zip(index.sentences.column("end", own).tolist(), own, strict=True))
            found = [(span, known.get(span[1])) for span in spans]
            if found and all(n is not None for _, n in found):
                return [Quote(n, index.sentences[n], *span, 0.0) for span, n in found if n is not None]
        return []

    def _place(self, position: int) -> Place:
        sentence = self.index.sentences[position]
        return place_of(self.index.documents[sentence.document_id], sentence.section, sentence.page)

    def _passages_of(self, quotes: Sequence[Quote]) -> list[Passage]:
        """For each quote the passage that holds most of it, of those that hold its best sentence."""
        pairs = self.retriever.signaller.passages_of(np.asarray([quote.position for quote in quotes], np.int64))
        holding: list[list[Passage]] = [[] for _ in quotes]
        for number, position in zip(pairs.ones.tolist(), pairs.others.tolist(), strict=True):
            holding[number].append(self.index.passages[position])
        return [max(own, key=lambda one: _shared(one, quote)) for quote, own in zip(quotes, holding, strict=True)]


def _shown(index: Index, passage: Passage) -> tuple[str, Place]:
    return index.text(passage), place_of(index.documents[passage.document_id], passage.section, passage.page)


def _speaker(index: Index, position: int) -> str:
    sentence = index.sentences[position]
    return speaker_of(index.documents[sentence.document_id], sentence)


def _shared(passage: Passage, quote: Quote) -> int:
    return min(passage.end, quote.end) - max(passage.start, quote.start)
