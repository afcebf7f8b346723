"""Fits when to refuse where nothing was written for a document: `python -m eval.bench.refusal [--write]`.

The index must be one without enrichment, of a document that has gold questions. It learns from the gold on that
document, and from the external set's questions on its own paragraphs (answerable) and on the document (about something
else): what holds for one report alone is not learned.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from eval.bench.external import external_index, load_questions
from eval.calibrate import FALSE_REFUSALS, Fitted, Rows, confidences_unseen, fit_logistic, look_at, refused_before
from eval.fit import SHORT
from eval.run import gold_for
from eval.write import replace_file
from index.encode import load_encoder
from index.models import find_model
from qa.conversation import complete
from qa.engine import open_extractive
from qa.refuse import FILE, PLAIN
from qa.retrieve import Retriever
from qa.settings import load_settings

PLACE = Path(__file__).parents[2] / "qa" / "data" / FILE
GOLD_YES, GOLD_NO, OTHER_YES, OTHER_NO = range(4)
NAMES = (
    "gold with an answer",
    "gold without one",
    "external, on its own paragraphs",
    "external, on a document about something else",
)
# What each counts for together. The external questions are easy to answer, and every user asks about something else
# at times; of the weights tried these refused most of what has no answer.
COUNTS = np.array([0.6, 0.6, 0.3, 6.0])


def main() -> None:
    """Print what is refused of what was not fitted on, and with --write put the model in the shipped file."""
    rows, source = _material()
    unseen = confidences_unseen(rows, source, lambda known: _fit(rows[known], source[known]))
    threshold = safe_line(unseen[source == GOLD_YES], unseen[source == OTHER_YES])
    for kind, name in enumerate(NAMES):
        chosen = unseen[source == kind]
        print(f"{name}: refused {(chosen < threshold).mean():.3f} of {len(chosen)}")
    weights, constant = _fit(rows, source)
    model = {
        "made_by": "python -m eval.bench.refusal --write",
        "features": {name: round(float(weight), 4) for name, weight in zip(PLAIN, weights, strict=True)},
        "constant": round(constant, 4),
        "threshold": round(threshold, 4),
    }
    print(json.dumps(model, indent=2))
    if "--write" in sys.argv:
        content = json.loads(PLACE.read_text(encoding="utf-8")) | {"plain": model}
        replace_file(PLACE, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _material() -> tuple[Rows, NDArray[np.int64]]:
    """The features of every question, `(n, len(PLAIN))`, and which of NAMES it belongs to."""
    settings = load_settings()
    answerer = open_extractive(settings, print)
    if answerer.index.enriched:
        raise InputError("Deze index heeft verrijking. Indexeer hetzelfde document onder een andere naam, zonder.")
    encoder = load_encoder(find_model(settings.model, settings.cache, print), "onnx", settings.thread_count)
    gold = [q for file in gold_for(list(answerer.index.documents.values()), None, "dev") for q in file.questions]
    # Fitted on short questions too, it refused less of what the sample and the report do not answer.
    gold = [question for question in gold if question.style != SHORT and not refused_before(question)]
    asked = [complete(question.question, question.earlier, answerer.closest) for question in gold]
    external = [question.text for question in load_questions()]
    with external_index(encoder, settings.recipe) as index:
        own = _rows(Retriever(index, encoder), external)
    rows = np.vstack([_rows(answerer.retriever, asked), own, _rows(answerer.retriever, external)])
    kinds = [GOLD_YES if question.answerable else GOLD_NO for question in gold]
    return rows, np.asarray(kinds + [OTHER_YES] * len(external) + [OTHER_NO] * len(external))


def safe_line(*answerable: NDArray[np.float64]) -> float:
    """The highest that refuses at most FALSE_REFUSALS of each of these groups."""
    return min(float(np.quantile(group, FALSE_REFUSALS)) for group in answerable)


def _rows(retriever: Retriever, questions: Sequence[str]) -> Rows:
    return np.asarray([look_at(retriever, question, PLAIN)[0] for question in questions])


def _fit(rows: Rows, source: NDArray[np.int64]) -> Fitted:
    sizes: Any = np.bincount(source, minlength=len(NAMES))
    return fit_logistic(rows, np.isin(source, (GOLD_YES, OTHER_YES)), (COUNTS * sizes.max() / sizes)[source])


if __name__ == "__main__":
    main()
