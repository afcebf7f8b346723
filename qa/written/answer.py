"""Written answers around extractive ones: the model phrases, the quotes decide, and without them the quotes answer."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answer import Answerer
from qa.model import Answer, Status
from qa.steps import Finished, Quoted, Sentence, Step
from qa.written.check import Checked, Checker
from qa.written.complete import CompletingAnswerer
from qa.written.connect import LanguageModel
from qa.written.draft import SCHEMA, drafts
from qa.written.expand import ExpandingRetriever
from qa.written.judge import Judge
from qa.written.model import Level, Usage, Written, WrittenSentence
from qa.written.passages import passages_for, question_and_passages
from qa.written.phrase import fallback_text, note_text, written_text
from qa.written.prompts import load_prompt
from qa.written.trouble import ModelFailure, Trouble
from qa.written.wrapper import WrappingAnswerer


class WrittenAnswerer(WrappingAnswerer):
    """Answers as `inner` does, and lets a model phrase what it found. Stands wherever an Answerer can."""

    def __init__(self, inner: Answerer, model: LanguageModel, judge: Judge | None = None) -> None:
        super().__init__(inner)
        self.model = model
        self._judge = judge

    def answer(self, question: str, earlier: Sequence[str] = ()) -> Answer:
        """A written answer of which every sentence is bound to checked quotes, or the extractive answer and why.

        A refusal is never sent to the model. Comes within the time set, whatever the model does.
        """
        *_, last = self.stream(question, earlier)
        return last.answer if isinstance(last, Finished) else self.inner.answer(question, earlier)

    def stream(self, question: str, earlier: Sequence[str] = ()) -> Iterator[Step]:
        """Quoted, then a Sentence for each that passed its checks, then Finished."""
        deadline = time.monotonic() + self.model.options.timeout
        answer = self.inner.answer(question, earlier)
        used = self._taken()
        yield Quoted(answer)
        if answer.status is Status.REFUSED:
            yield Finished(answer)
            return
        passages = passages_for(answer, self.model.options.passages)
        checked = Checked(list(answer.citations), usage=used)
        checker = Checker(self.index, passages, self._judge, deadline)
        prompt, sent, trouble = load_prompt("antwoord"), len(answer.citations), None
        if not passages:
            yield Finished(finished(answer, checked, Usage(), Trouble.WITHHELD, self.model.name, prompt.sha256))
            return
        reply = self.model.ask(
            prompt.text, question_and_passages(answer.searched or question, passages), deadline, SCHEMA
        )
        try:
            for sentence in checker.run(drafts(reply.pieces), checked):
                if sentence.text:
                    yield Sentence(sentence, tuple(checked.citations[sent:]))
                    sent = len(checked.citations)
        except ModelFailure as failure:
            trouble = failure.trouble
        finally:
            reply.close()
        yield Finished(finished(answer, checked, reply.usage, trouble, self.model.name, prompt.sha256))

    def _taken(self) -> Usage:
        """What the help with searching took, for this thread's last question."""
        helpers = [
            one for one in (self.inner, self.retriever) if isinstance(one, CompletingAnswerer | ExpandingRetriever)
        ]
        return sum((one.taken() for one in helpers), Usage())


def finished(
    answer: Answer, checked: Checked, usage: Usage, trouble: Trouble | None, model: str, prompt: str
) -> Answer:
    """The extractive answer with what was written: its sentences, or the reason why there are none."""
    sentences, total = tuple(checked.sentences), checked.usage + usage
    if not any(sentence.text for sentence in sentences):
        why = trouble or (_none_left(sentences))
        written = Written(sentences, model, prompt, total, fallback=str(why))
        return replace(answer, text=fallback_text(answer.text, written.fallback), written=written)
    note = note_text(checked.dropped, trouble)
    citations = tuple(checked.citations)
    text = written_text([one for one in sentences if one.level is not Level.UNSUPPORTED], citations, note)
    return replace(answer, text=text, citations=citations, written=Written(sentences, model, prompt, total, note=note))


def _none_left(sentences: Sequence[WrittenSentence]) -> Trouble:
    return Trouble.UNSUPPORTED if sentences else Trouble.NONSENSE
