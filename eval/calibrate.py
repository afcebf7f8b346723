"""Fits when to refuse, on gold questions: a logistic model of the features of a search, and where to draw the line."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from eval.gold import GoldQuestion
from eval.measures import covers
from eval.noise import clopper_pearson
from qa.answer import Answerer
from qa.conversation import complete
from qa.quotes import Quote, select_quotes
from qa.refuse import MODELS, features, model_for
from qa.retrieve import Retriever
from qa.smalltalk import is_small_talk, says_nothing

FEWEST_ANSWERABLE, FEWEST_UNANSWERABLE = 60, 30
# Of the questions that are answered rightly, at most this share may be refused.
FALSE_REFUSALS = 0.05
FOLDS, REPEATS, STRENGTH = 10, 5, 0.3

Rows = NDArray[np.float64]
Fitted = tuple[NDArray[np.float64], float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model, and what it does on questions that it was not fitted on; `right` are those answered."""

    model: dict[str, Any]
    answerable: int
    unanswerable: int
    elsewhere: int
    refused_rightly: float
    refused_wrongly: float
    right: int
    refused_right: float
    auc: float

    def lines(self) -> list[str]:
        """The figures, in Dutch, with their bounds."""
        low, high = clopper_pearson(round(self.refused_wrongly * self.answerable), self.answerable)
        rightly = clopper_pearson(round(self.refused_rightly * self.unanswerable), self.unanswerable)
        return [
            f"Terecht geweigerd: {self.refused_rightly:.3f} van {self.unanswerable} "
            f"({rightly[0]:.2f}-{rightly[1]:.2f})",
            f"Onterecht geweigerd: {self.refused_wrongly:.3f} van {self.answerable} ({low:.2f}-{high:.2f}); "
            f"waar het eerste citaat goed was: {self.refused_right:.3f} van {self.right}",
            f"Scheidend vermogen (AUC): {self.auc:.3f}; alles op vragen die niet bij het ijken waren, "
            f"{REPEATS} maal in {FOLDS} delen",
        ]


def calibrate(answerer: Answerer, questions: Sequence[GoldQuestion], elsewhere: Sequence[str] = ()) -> Calibration:
    """The model for this index. What is refused before any search is left out: it needs no model.

    It learns what an answer looks like from the questions that their first quote answers: another first quote shows
    neither an answer nor a question without one. Of these at most FALSE_REFUSALS may be refused.

    `elsewhere` are questions that are surely about something else. They help to fit, and together count as much as the
    gold without an answer; the threshold and the figures are those of the gold. Raises InputError when there are too
    few questions of either kind.
    """
    kept = [question for question in questions if not refused_before(question)]
    target = np.asarray([question.answerable for question in kept])
    answerable, unanswerable = int(target.sum()), int((~target).sum())
    if answerable < FEWEST_ANSWERABLE or unanswerable < FEWEST_UNANSWERABLE:
        raise InputError(
            f"Te weinig gouden vragen om op te ijken: {answerable} met en {unanswerable} zonder antwoord. Nodig zijn "
            f"er minstens {FEWEST_ANSWERABLE} en {FEWEST_UNANSWERABLE}. Maak er meer met: bronvast gold add"
        )
    retriever = answerer.retriever
    names = MODELS[model_for(retriever)]
    asked = [complete(question.question, question.earlier, answerer.closest) for question in kept]
    looked = [look_at(retriever, text, names) for text in asked]
    rows = np.asarray([row for row, _quotes in looked])
    answers = np.asarray([first_answers(retriever, q, quotes) for q, (_row, quotes) in zip(kept, looked, strict=True)])
    if answers.sum() < FEWEST_ANSWERABLE // 2:
        raise InputError(
            f"Bij maar {answers.sum()} van de {answerable} vragen met een antwoord geeft het eerste citaat dat. "
            f"Nodig zijn er minstens {FEWEST_ANSWERABLE // 2}. Kijk met bronvast eval wat er misgaat."
        )
    foreign = [look_at(retriever, text, names)[0] for text in elsewhere]
    return _fit(rows, target, answers, np.asarray(foreign).reshape(len(foreign), len(names)), names)


def read_texts(path: Path) -> list[str]:
    """The `text` of each line of a JSON lines file, as BEIR keeps its questions. Raises InputError."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        texts = [json.loads(line)["text"] for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: hier staan geen vragen in ({error}). Geef een bestand met op elke regel een JSON-object met text."
        ) from error
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise InputError(f"{path}: elke regel moet een text hebben die niet leeg is.")
    return texts


def refused_before(question: GoldQuestion) -> bool:
    """Whether a question is refused before any search."""
    return is_small_talk(question.question) or says_nothing(question.question)


def look_at(retriever: Retriever, question: str, names: Sequence[str]) -> tuple[list[float], list[Quote]]:
    """The features with these names, for a question that stands on its own, and what would be quoted."""
    retrieval = retriever.retrieve(" ".join(question.split()), 10)
    quotes = select_quotes(retriever, retrieval)
    found = features(retriever, retrieval, quotes)
    return [found[name] for name in names], quotes


def first_answers(retriever: Retriever, question: GoldQuestion, quotes: Sequence[Quote]) -> bool:
    """Whether the first quote answers a gold question whole."""
    if not quotes or not question.answerable:
        return False
    document = retriever.index.documents[quotes[0].sentence.document_id]
    place = document.source_spans(quotes[0].start, quotes[0].end)
    return document.sha256 == question.document_sha256 and covers([place], question)


def _fit(
    rows: Rows, target: NDArray[np.bool_], answers: NDArray[np.bool_], foreign: Rows, names: Sequence[str]
) -> Calibration:
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

    tells = answers | ~target

    def fit(known: NDArray[np.int64]) -> Fitted:
        told = known[tells[known]]
        return _with_foreign(rows[told], target[told], foreign)

    unseen = confidences_unseen(rows, target.astype(np.int64), fit)
    threshold = float(np.quantile(unseen[answers], FALSE_REFUSALS))
    weights, constant = fit(np.arange(len(rows)))
    model = {
        "features": {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)},
        "constant": round(constant, 4),
        "threshold": round(threshold, 4),
    }
    return Calibration(
        model=model,
        answerable=int(target.sum()),
        unanswerable=int((~target).sum()),
        elsewhere=len(foreign),
        refused_rightly=fmean(float(value < threshold) for value in unseen[~target]),
        refused_wrongly=fmean(float(value < threshold) for value in unseen[target]),
        right=int(answers.sum()),
        refused_right=fmean(float(value < threshold) for value in unseen[answers]),
        auc=float(roc_auc_score(target, unseen)),
    )


def confidences_unseen(
    rows: Rows, kinds: NDArray[np.int64], fit: Callable[[NDArray[np.int64]], Fitted]
) -> NDArray[np.float64]:
    """How sure models are of questions that they were not fitted on, the mean of REPEATS divisions in FOLDS; `(n,)`.

    Each part has as many of every kind. `fit` gets the positions of the others. One division alone says little: where
    the line falls depends on a handful of questions.
    """
    from sklearn.model_selection import RepeatedStratifiedKFold  # type: ignore[import-untyped]

    unseen = np.zeros(len(rows))
    for known, held in RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=0).split(rows, kinds):
        weights, constant = fit(known)
        unseen[held] += 1 / (1 + np.exp(-(rows[held] @ weights + constant))) / REPEATS
    return unseen


def _with_foreign(rows: Rows, target: NDArray[np.bool_], foreign: Rows) -> Fitted:
    counts = np.r_[np.ones(len(rows)), np.full(len(foreign), (~target).sum() / max(len(foreign), 1))]
    return fit_logistic(np.vstack([rows, foreign]), np.r_[target, np.zeros(len(foreign), bool)], counts, rows)


def fit_logistic(
    rows: Rows, target: NDArray[np.bool_], counts: NDArray[np.float64], scale: Rows | None = None
) -> Fitted:
    """Coefficients of the features as they are, `(n,)`, and the constant.

    `counts` says how much each row counts. Strength is meant for features of like spread: that of `scale`, or of all.
    """
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

    scaler = StandardScaler().fit(rows if scale is None else scale)
    logistic = LogisticRegression(C=STRENGTH, max_iter=1000)
    logistic.fit(scaler.transform(rows), target, counts)
    weights = logistic.coef_[0] / scaler.scale_
    return weights, float(logistic.intercept_[0] - weights @ scaler.mean_)
