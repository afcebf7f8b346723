"""Vectors for made-up collections, drawn from the distribution of real ones, with the exact answers beside them.

A vector is a real one (a kernel) with a deviation: the mean and the covariance of the whole are those of real text, and
two vectors of one kernel lie as far apart as a real vector and its nearest. A question's vector is that of a sentence
plus a real difference between a question and the text that lies nearest to it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.bench.collection import base_sentences
from eval.bench.external import FOLDER, load_questions
from index.encode import Encoder, Matrix

QUESTIONS_FOR_DIFFERENCES = 200
BLOCK = 50_000
# A context reads as its sentences together do.
SENTENCES_A_CONTEXT = 3
TOGETHER = 8
TOP = 10


@dataclass(frozen=True, slots=True)
class Distribution:
    """`kernels` are real vectors less their `mean`; a draw keeps the part `kept` of one, and deviates by `spread`.

    `differences` lead from a text to a question that it answers; all `(n, dimension)`.
    """

    mean: NDArray[np.float32]
    kernels: Matrix
    spread: Matrix
    kept: float
    differences: Matrix

    def placed(self, topics: NDArray[np.int64], own: Matrix) -> Matrix:
        """Unit vectors of these kernels with these deviations."""
        return unit(self.mean + self.kept * self.kernels[topics] + own)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Sentences before they are placed: the kernel of each, `(n,)`, and its own deviation, `(n, dimension)`.

    As in a report, some sentences after each other share a subject: TOGETHER of them have one kernel.
    """

    topics: NDArray[np.int64]
    own: Matrix


def fit_distribution(encoder: Encoder) -> Distribution:
    """The distribution of the vectors of real sentences, and of real questions around them."""
    vectors = encoder.encode_passages(base_sentences())
    asked = load_questions()[:QUESTIONS_FOR_DIFFERENCES] if (FOLDER / "queries.jsonl").is_file() else []
    questions = encoder.encode_queries([question.text for question in asked] or _sample_questions())
    mean = vectors.mean(axis=0)
    covariance = np.cov((vectors - mean).T)
    values, axes = np.linalg.eigh(covariance)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    # Two draws from one kernel lie apart by twice the share of the variance that is their own.
    own = float(np.mean(2 - 2 * cosines.max(axis=1)) / (2 * np.trace(covariance)))
    differences = questions - vectors[(questions @ vectors.T).argmax(axis=1)]
    spread = (axes * np.sqrt(values.clip(min=0))).astype(np.float32)
    return Distribution(mean, vectors - mean, spread, max(0.0, 1 - own) ** 0.5, differences)


def draw_sentences(distribution: Distribution, seed: int, count: int) -> Drawn:
    """So many sentences; the same seed gives the same."""
    random = np.random.default_rng([seed, 0])
    topics = np.repeat(random.integers(0, len(distribution.kernels), count // TOGETHER + 1), TOGETHER)[:count]
    own = np.empty((count, len(distribution.mean)), np.float32)
    spread = (1 - distribution.kept**2) ** 0.5 * distribution.spread.T
    for first in range(0, count, BLOCK):
        some = own[first : first + BLOCK]
        some[:] = random.standard_normal(some.shape, np.float32) @ spread.astype(np.float32)
    return Drawn(topics, own)


def sentence_vectors(distribution: Distribution, drawn: Drawn) -> Matrix:
    """The vectors of all sentences."""
    out = np.empty_like(drawn.own)
    for first in range(0, len(out), BLOCK):
        here = slice(first, first + BLOCK)
        out[here] = distribution.placed(drawn.topics[here], drawn.own[here])
    return out


def context_vectors(distribution: Distribution, drawn: Drawn, firsts: NDArray[np.int64]) -> Matrix:
    """The vectors of contexts that begin at these sentences: as spread as the sentences are, and near to them."""
    out = np.empty((len(firsts), drawn.own.shape[1]), np.float32)
    for first in range(0, len(firsts), BLOCK):
        starts = firsts[first : first + BLOCK]
        held = [drawn.own[np.minimum(starts + n, len(drawn.own) - 1)] for n in range(SENTENCES_A_CONTEXT)]
        own = np.asarray(sum(held) / SENTENCES_A_CONTEXT**0.5, np.float32)
        out[first : first + BLOCK] = distribution.placed(drawn.topics[starts], own)
    return out


def exact_top(vectors: Matrix, questions: Matrix) -> NDArray[np.int64]:
    """Positions of the TOP nearest vectors to each question, `(questions, TOP)`, all compared."""
    best = np.full((len(questions), TOP), -np.inf, np.float32)
    places = np.zeros((len(questions), TOP), np.int64)
    for first, block in blocks(vectors):
        cosines = questions @ block.T
        here = np.argpartition(-cosines, TOP - 1, axis=1)[:, :TOP] if len(block) > TOP else _every(cosines)
        both = np.concatenate([best, np.take_along_axis(cosines, here, 1)], axis=1)
        owners = np.concatenate([places, here + first], axis=1)
        order = np.argsort(-both, axis=1)[:, :TOP]
        best, places = np.take_along_axis(both, order, 1), np.take_along_axis(owners, order, 1)
    return places


def blocks(vectors: Matrix) -> Iterator[tuple[int, Matrix]]:
    """Where each block begins, and its rows."""
    for first in range(0, len(vectors), BLOCK):
        yield first, vectors[first : first + BLOCK]


def _every(table: Matrix) -> NDArray[np.int64]:
    return np.broadcast_to(np.arange(table.shape[1]), table.shape)


def unit(rows: Matrix) -> Matrix:
    """The rows, each of length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _sample_questions() -> list[str]:
    lines = Path("eval/gold/sample.jsonl").read_text(encoding="utf-8").splitlines()
    return [found["question"] for found in map(json.loads, lines) if "question" in found]
