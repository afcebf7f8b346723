"""What each ranking brings, on the external set: `python -m eval.bench.retrieval`."""

from statistics import fmean

from eval.bench.external import ExternalQuestion, external_index, load_questions
from index.encode import load_encoder
from index.models import find_model
from index.store import Index
from qa.quotes import select_quotes
from qa.retrieve import Retriever, Weights
from qa.settings import load_settings

VARIANTS = {
    "words only (BM25)": Weights(0, 0, 1),
    "passages only (dense)": Weights(1, 0, 0),
    "sentences only (dense)": Weights(0, 1, 0),
    "passages + words": Weights(1, 0, 0.5),
    "passages + sentences": Weights(1, 1, 0),
    "passages + sentences + words": Weights(),
}
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
            text = retriever.index.documents[quote.passage.document_id].text[quote.start : quote.end].lower()
            quoted.append(any(answer.lower() in text for answer in question.answers))
    return (
        fmean(rank == 1 for rank in ranks),
        fmean(0 < rank <= 5 for rank in ranks),
        fmean(1 / rank if rank else 0 for rank in ranks),
        fmean(quoted),
    )


def main() -> None:
    """Print one row a variant."""
    settings = load_settings()
    encoder = load_encoder(find_model(settings.model, settings.cache, print), "onnx", settings.thread_count)
    questions = load_questions()

    def show(index: Index) -> None:
        print(f"xquad-nl, {len(questions)} questions, {len(index.passages)} passages\n")
        print("| variant | accuracy@1 | hit@5 | MRR@10 | first quote holds the answer |\n|---|---|---|---|---|")
        for name, weights in VARIANTS.items():
            row = measure_variant(Retriever(index, encoder, weights), questions)
            print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in row) + " |")

    with external_index(encoder, settings.recipe) as index:
        show(index)


if __name__ == "__main__":
    main()
