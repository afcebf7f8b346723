"""How near a question comes to the text, and to questions with and without an answer: signs of whether to answer it."""

from dataclasses import dataclass

import numpy as np

from index.dense import Mask
from index.encode import Matrix
from index.enriched import EnrichedIndex, Signals, Values
from index.unanswered import NEAREST, NO_CONTRAST, Contrast, Near


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines with the nearest of each: `text` is a sentence or context, `asked` and `restated` were written for a
    place, and are 0 where nothing was, `everyday` is a question about everyday life.

    `contrast` tells how the question lies between those with an answer and those without.
    """

    text: float
    asked: float
    restated: float
    everyday: float
    contrast: Contrast


def likeness(
    vector: Values,
    text: float,
    everyday: Matrix,
    written: EnrichedIndex | None,
    signals: Signals | None,
    spans: Mask | None,
) -> Likeness:
    """The likeness of a question with this vector; `everyday` are the vectors of questions about everyday life, and
    `signals` are those of what was `written` for these `spans`.
    """
    daily = Near(-np.sort(-(everyday @ vector))[:NEAREST], len(everyday))
    best = float(daily.cosines[0])
    if not written or not signals:
        return Likeness(text, 0.0, 0.0, best, NO_CONTRAST)
    return Likeness(text, *signals.nearest, best, written.contrast(vector, signals.answered, daily, spans))
