"""What one variant of the retriever does on the external set; `bronvast eval --ablate` runs them all."""

from statistics import fmean

from eval.bench.external import ExternalQuestion
from qa.quotes import select_quotes
from qa.retrieve import Retriever

DEPTH = 10


def measure_variant(retriever: Retriever, questions: list[ExternalQuestion]) -> tuple[float, float, float, float]:
    """Accuracy at 1, hit at 5, MRR at 10, and how often the first quote holds the answer's words."""
    ranks: list[int] = []
    quoted: list[bool] = []
    for question in questions:
        retrieval = retriever.retrieve(question.text, DEPTH)
        found = list(dict.fromkeys(hit.passage.document_id for hit in retrieval.hits))
        ranks.append(found.index(question.document_id) + 1 if question.document_id in found else 0)
        if question.answers:
            quote = select_quotes(retriever, retrieval)[0]
            text = retriever.index.documents[quote.sentence.document_id].text[quote.start : quote.end].lower()
            quoted.append(any(answer.lower() in text for answer in question.answers))
    return (
        fmean(rank == 1 for rank in ranks),
        fmean(0 < rank <= 5 for rank in ranks),
        fmean(1 / rank if rank else 0 for rank in ranks),
        fmean(quoted),
    )
