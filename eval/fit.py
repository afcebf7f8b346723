"""Fits how much each signal counts, on gold questions: a conditional logit over the candidate sentences of a question.

The probability that sentence i of a question's candidates answers is exp(w.x_i) / sum_j exp(w.x_j); what is made as
likely as can be is that any of the sentences in the gold spans does (McFadden, 1974, with more than one right choice).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from corpus.model import Passage
from eval.gold import GoldQuestion
from index.enriched import Values
from index.store import Index
from qa.retrieve import Retriever
from qa.signals import SIGNALS, WRITTEN

# Ridge penalty on each coefficient, with signals of what was written for passages and without: of 0.03 to 30 those that
# do best on dev, by cross-validation, and without them on xquad-nl as well.
PENALTY, PLAIN_PENALTY = 0.3, 10.0
FOLDS = 10
SEED = 0
# The style of a question in a few words, as people ask first.
SHORT = "short"
# A sentence is gold when it shares this part of the shorter of the two with a gold span.
OVERLAP = 0.5

Row = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One question's candidates: `signals` is `(n, len(SIGNALS))`, `right` says which of them stand in the gold."""

    question: GoldQuestion
    signals: Values
    right: NDArray[np.bool_]


def examples(retriever: Retriever, questions: Sequence[GoldQuestion]) -> list[Example]:
    """Questions on their own that have an answer among their candidates; what no list finds cannot be weighed.

    Nor are short ones: they have many right places, of which gold names eight at most. Fitting on those too lowered
    hit@1 on the other dev questions, and did not raise their own hit@5.
    """
    found = []
    for question in questions:
        if not question.answerable or question.earlier or question.style == SHORT:
            continue
        read, vector = retriever.read(question.question)
        candidates = retriever.signaller.candidates(read, vector)
        sentences = [retriever.index.sentences[position] for position in candidates.positions]
        right = np.asarray([stands_in_gold(retriever.index, sentence, question) for sentence in sentences])
        if right.any():
            found.append(Example(question, candidates.signals, right))
    return found


def stands_in_gold(index: Index, sentence: Passage, question: GoldQuestion) -> bool:
    """Whether a sentence shares at least OVERLAP of the shorter one with a gold span."""
    document = index.documents[sentence.document_id]
    if document.sha256 != question.document_sha256:
        return False
    for span in question.spans:
        for start, end in document.offsets.to_text(*span):
            common = min(sentence.end, end) - max(sentence.start, start)
            if common > 0 and common >= OVERLAP * min(sentence.end - sentence.start, end - start):
                return True
    return False


def fit(found: Sequence[Example], signals: Sequence[str]) -> dict[str, float]:
    """Coefficients of these signals; the others count 0. The same on every run."""
    penalty = PENALTY if set(signals) & set(WRITTEN) else PLAIN_PENALTY
    columns = [SIGNALS.index(name) for name in signals]
    tables = [(example.signals[:, columns].astype(np.float64), example.right) for example in found]

    def loss(weights: Row) -> tuple[float, Row]:
        total, slope = 0.0, np.zeros(len(columns))
        for table, right in tables:
            scores = table @ weights
            odds = np.exp(scores - scores.max())
            chance = odds / odds.sum()
            hit = chance[right].sum() + 1e-12
            total -= np.log(hit)
            slope -= table.T @ (np.where(right, chance / hit, 0.0) - chance)
        return total + penalty * float(weights @ weights), slope + 2 * penalty * weights

    best = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {name: round(float(weight), 3) for name, weight in zip(signals, best.x, strict=True)}


def hits(found: Sequence[Example], weights: dict[str, float], k: int) -> list[bool]:
    """Whether a right sentence is among the `k` best of each question."""
    row = np.asarray([weights.get(name, 0.0) for name in SIGNALS])
    orders = [np.argsort(-(example.signals @ row), kind="stable")[:k] for example in found]
    return [bool(example.right[order].any()) for example, order in zip(found, orders, strict=True)]


def cross_validated(found: Sequence[Example], signals: Sequence[str], k: int) -> list[bool]:
    """The same, each question with weights fitted on the other folds; in the order of the folds."""
    order = np.random.RandomState(SEED).permutation(len(found))
    result: list[bool] = []
    for fold in range(FOLDS):
        held = {int(n) for n in order[fold::FOLDS]}
        weights = fit([example for n, example in enumerate(found) if n not in held], signals)
        result += hits([found[n] for n in sorted(held)], weights, k)
    return result
