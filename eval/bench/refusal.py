"""Fits when to refuse, without any question about the documents: `python -m eval.bench.refusal`.

Answerable: the external set's questions on its own paragraphs. Unanswerable: the same questions on the current index,
which is about something else. Each half of the questions is used once to fit and once to measure.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from eval.bench.external import ExternalQuestion, external_index, load_questions
from index.encode import load_encoder
from index.models import find_model
from qa.engine import open_extractive
from qa.refuse import load_judge
from qa.retrieve import Retriever
from qa.settings import load_settings

Features = NDArray[np.float64]


def features(retriever: Retriever, questions: list[ExternalQuestion]) -> Features:
    """`(n, 2)`: height above the floor and share of known words."""
    found = [retriever.retrieve(question.text, 1) for question in questions]
    return np.array([(retrieval.height, retrieval.known) for retrieval in found])


def fit(answerable: Features, unanswerable: Features) -> LogisticRegression:
    """Logistic regression on both kinds."""
    target = np.r_[np.ones(len(answerable)), np.zeros(len(unanswerable))]
    return LogisticRegression().fit(np.vstack([answerable, unanswerable]), target)


def share_answered(model: LogisticRegression, found: Features, threshold: float) -> float:
    """How many questions reach the threshold."""
    return float((model.predict_proba(found)[:, 1] >= threshold).mean())


def main() -> None:
    """Print the coefficients, and what is answered and refused on the half that was not fitted."""
    settings = load_settings()
    answerer = open_extractive(settings, print)
    encoder = load_encoder(find_model(settings.model, settings.cache, print), "onnx", settings.thread_count)
    threshold = load_judge().models["plain"]["threshold"]
    questions = load_questions()
    with external_index(encoder, settings.recipe) as index:
        answerable = features(Retriever(index, encoder), questions)
    unanswerable = features(answerer.retriever, questions)
    answered, refused = [], []
    for half in (0, 1):
        model = fit(answerable[half::2], unanswerable[half::2])
        answered.append(share_answered(model, answerable[1 - half :: 2], threshold))
        refused.append(1 - share_answered(model, unanswerable[1 - half :: 2], threshold))
    model = fit(answerable, unanswerable)
    height, known = model.coef_[0]
    print(f"threshold {threshold}")
    print(f"height {height:.3f}  known {known:.3f}  constant {model.intercept_[0]:.3f}")
    print(
        f"answerable answered {np.mean(answered):.3f}  others refused {np.mean(refused):.3f}  n = {len(questions)} each"
    )


if __name__ == "__main__":
    main()
