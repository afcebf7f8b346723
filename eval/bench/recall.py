"""What a question misses that looks in some parts of a large collection only: `python -m eval.bench.recall`.

The vectors of the current index, cut in parts whatever their number, and its gold questions: real texts and real
questions, where the collections of eval.bench.scale have drawn ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from eval.bench.speed import gold_questions
from index.dense import DenseIndex
from index.near import build_near, parts_for
from qa.engine import open_extractive
from qa.settings import load_settings
from qa.signals import DEPTH

SHARES = (0.1, 0.25, 0.5, 1.0)
TOP = 10


def main() -> None:
    """Print the table."""
    answerer = open_extractive(load_settings(), print)
    index, asked = answerer.index, gold_questions(answerer)
    if not asked:
        raise InputError("Over de documenten in deze index zijn er geen gouden vragen.")
    parts = [index.dense_sentences, index.dense_contexts, *(index.enriched.dense if index.enriched else ())]
    vectors = np.vstack([_all(part) for part in parts])
    near, questions = build_near(vectors), answerer.retriever.encoder.encode_queries(asked)
    exact = np.argsort(-(questions @ vectors.T), axis=1, kind="stable")[:, :DEPTH]
    print(f"{len(vectors)} vectors in {parts_for(len(vectors))} parts, {len(asked)} questions\n")
    print(f"| parts looked in | recall@{TOP} | recall@{DEPTH} |\n|---|---|---|")
    for share in SHARES:
        near.look_in(share)
        found = [near.nearest(question, DEPTH)[0] for question in questions]
        print(f"| {share:.0%} | {recall(found, exact, TOP):.3f} | {recall(found, exact, DEPTH):.3f} |", flush=True)


def recall(found: Sequence[NDArray[np.int64]], exact: NDArray[np.int64], k: int) -> float:
    """The part of the `k` nearest that is among the first `k` found, on average."""
    return float(np.mean([np.isin(best[:k], some[:k]).mean() for some, best in zip(found, exact, strict=True)]))


def _all(dense: DenseIndex) -> NDArray[np.float32]:
    return dense.vectors(np.arange(len(dense)))


if __name__ == "__main__":
    main()
