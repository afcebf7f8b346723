"""How near a question comes to the text, and to questions with and without an answer: signs of whether to answer it."""

from dataclasses import dataclass

from index.dense import Mask
from index.enriched import EnrichedIndex, Signals, Values
from index.unanswered import NO_CONTRAST, Contrast


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines with the nearest of each: `text` is a sentence or context, `asked` and `restated` were written for a
    place, and are 0 where nothing was.

    `contrast` tells how the question lies between those with an answer and those without.
    """

    text: float
    asked: float
    restated: float
    contrast: Contrast


def likeness(
    vector: Values, text: float, written: EnrichedIndex | None, signals: Signals | None, spans: Mask | None
) -> Likeness:
    """The likeness of a question with this vector; `signals` are those of what was `written` for these `spans`."""
    if not written or not signals:
        return Likeness(text, 0.0, 0.0, NO_CONTRAST)
    return Likeness(text, *signals.nearest, written.contrast(vector, signals.answered, spans))
