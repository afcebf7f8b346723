"""Decides whether what was found answers the question, and says how sure it is."""

import math

from qa.retrieve import Retrieval

# A logistic model of two signals, fitted by `python -m eval.bench.refusal` on questions and paragraphs of
# xquad-nl against questions of other subjects. How the threshold in the settings was chosen is in docs/metingen.md.
HEIGHT, KNOWN, CONSTANT = 1.05, 6.0, -6.7


def confidence(retrieval: Retrieval) -> float:
    """Between 0 and 1, higher when the collection more likely speaks of what is asked; not a calibrated probability.

    It looks at how far the best cosine rises above what unrelated questions reach, and at how much of the question's
    words the collection knows.
    """
    return 1 / (1 + math.exp(-(HEIGHT * retrieval.height + KNOWN * retrieval.known + CONSTANT)))
