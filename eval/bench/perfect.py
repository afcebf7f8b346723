"""A language model without faults: it knows the gold, and says the sentences of the gold that it was shown."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from corpus.folding import squeezed
from corpus.model import Document
from eval.gold import GoldQuestion
from qa.written.connect import LanguageModel
from qa.written.options import LanguageModelOptions

WORDS = 12


@dataclass(slots=True)
class PerfectModel:
    """Speaks as a LlamaIndex LLM that streams; `gold` is by the question as it was asked.

    `spent` are the seconds it took itself, so that they need not count as ours.
    """

    gold: dict[str, GoldQuestion]
    documents: dict[str, Document]
    spent: float = 0.0

    def stream_chat(self, messages: Sequence[Any], **_arguments: Any) -> Iterator[SimpleNamespace]:
        """The reply in pieces of a word or two."""
        started = time.perf_counter()
        data = json.loads(messages[-1].content)
        gold = self.gold.get(data["vraag"])
        rows = self._sentences(gold, data["passages"]) if gold else []
        text = json.dumps({"zinnen": rows}, ensure_ascii=False)
        self.spent += time.perf_counter() - started
        for start in range(0, len(text), 8):
            yield SimpleNamespace(delta=text[start : start + 8], additional_kwargs={}, raw=None)

    def _sentences(self, gold: GoldQuestion, passages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        document = self.documents[gold.document_sha256]
        rows = []
        for need in gold.needs:
            shown = (row for span in need if (row := self._sentence(document, span, passages)))
            rows += [row for row in [next(shown, None)] if row]
        return rows

    def _sentence(
        self, document: Document, span: tuple[int, int], passages: Sequence[dict[str, Any]]
    ) -> dict[str, Any] | None:
        pieces = document.offsets.to_text(*span)
        units = [u for u in document.units for start, end in pieces if u.start < end and start < u.end]
        for unit in dict.fromkeys(units):
            text = document.text[unit.start : unit.end]
            anchor = " ".join(text.split()[:WORDS])
            letters = squeezed(anchor).letters
            number = next((p["nummer"] for p in passages if letters in squeezed(p["tekst"]).letters), 0)
            if number:
                return {"tekst": " ".join(text.split()), "bewijs": [{"passage": number, "anker": anchor}]}
        return None


def perfect(questions: Sequence[GoldQuestion], documents: Sequence[Document]) -> LanguageModel:
    """The model for these questions, connected as any other."""
    gold = {question.question: question for question in questions}
    llm: Any = PerfectModel(gold, {document.sha256: document for document in documents})
    return LanguageModel(llm, LanguageModelOptions(url="http://nergens", model="volmaakt", passages=10))
