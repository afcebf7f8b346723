"""Decides whether what was found answers the question, and says how sure it is."""

import math

from qa.retrieve import Retrieval

# A logistic model of two signals, fitted by `python -m eval.bench.refusal` on questions and paragraphs of
# xquad-nl against questions of other subjects; no question about the report was used.
HEIGHT, KNOWN, CONSTANT = 1.05, 6.0, -6.7


def confidence(retrieval: Retrieval) -> float:
    """Probability between 0 and 1 that the collection speaks of what is asked.

    It looks at how far the best cosine rises above what unrelated questions reach, and at how much of the question's
    words the collection knows.
    """
    return 1 / (1 + math.exp(-(HEIGHT * retrieval.height + KNOWN * retrieval.known + CONSTANT)))
