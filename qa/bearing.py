"""Whether a sentence answers a question, or only is about the same: each word of the question looks for its like in it.

Decomposable attention (Parikh et al., 2016) over the token vectors of the bundled model. Its weights are made by
`python -m eval.adapt.bearing`; docs/zoekmodel.md says from what, and what they bring.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from corpus.model import Kind
from index.embedded import embedded_text
from index.encode import TokenEncoder
from index.tokens import rounded
from qa.quotes import Quote
from qa.retrieve import Retrieval, Retriever

FILE = "bearing.npz"
# What it says counts within these bounds, in log-odds: it has read a single sentence. Wider ones told nothing more, and
# have it read where that changes nothing.
LEAST_SAID, MOST_SAID = -2.5, 1.0
# Unit vectors are small for a network: they are multiplied by this.
SCALE = 8.0

Matrix = NDArray[np.float32]


class Bearing:
    """Reads question and text together. `weights` are those of the network in `eval/adapt/network.py`, by name."""

    def __init__(self, weights: Mapping[str, Matrix], model: str) -> None:
        self.model = model
        self._weights = weights

    def log_odds(self, question: Matrix, text: Matrix) -> float:
        """How much the text answers the question, of token vectors `(n, hidden)` and `(m, hidden)`."""
        mean = float(_unit(question.sum(0, keepdims=True))[0] @ _unit(text.sum(0, keepdims=True))[0])
        asked, said = _unit(question), _unit(text)
        cosines = asked @ said.T
        nearest = cosines.max(1, keepdims=True)
        attention = np.exp(self._weights["sharp"] * (cosines - nearest))
        attention /= attention.sum(1, keepdims=True)
        spread = -(attention * np.log(attention + 1e-9)).sum(1)
        own, other = self._dense("reduce", SCALE * asked), attention @ self._dense("reduce", SCALE * said)
        beside = np.concatenate([own, other, own * other, nearest, spread[:, None]], 1)
        met = np.maximum(self._dense("meet2", np.maximum(self._dense("meet1", beside), 0)), 0)
        weight = self._dense("weigh", own)[:, 0]
        weight = np.exp(weight - weight.max())
        whole = np.concatenate([weight @ met / weight.sum(), met.max(0), [SCALE * mean]])
        return float(self._dense("decide2", np.maximum(self._dense("decide1", whole), 0))[0])

    def _dense(self, name: str, values: Matrix) -> Matrix:
        return np.asarray(values @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"], np.float32)


@cache
def shipped_bearing() -> Bearing:
    """The network in the package."""
    return parse_bearing(files("qa").joinpath("data", FILE).read_bytes())


def parse_bearing(data: bytes) -> Bearing:
    """The inverse of `bearing_bytes`."""
    with np.load(BytesIO(data), allow_pickle=False) as kept:
        weights = {name: kept[name].astype(np.float32) for name in kept.files if name != "model"}
        return Bearing(weights, str(kept["model"]))


def bearing_bytes(weights: Mapping[str, Matrix], model: str) -> bytes:
    """A file of the weights in half precision, for token vectors of the model with this fingerprint."""
    out = BytesIO()
    halves = {name: weights[name].astype(np.float16) for name in sorted(weights)}
    np.savez_compressed(out, allow_pickle=False, model=np.asarray(model), **halves)
    return out.getvalue()


def reads(fingerprint: str) -> bool:
    """Whether it reads the token vectors of the model with this fingerprint: the one that it learned on."""
    return fingerprint == shipped_bearing().model


def bears(retriever: Retriever, retrieval: Retrieval, quotes: Sequence[Quote]) -> float:
    """The log-odds that the best sentence of the first quote answers the question, from LEAST_SAID to MOST_SAID.

    0 without a quote, for a row of a table, which is no sentence, and with another model than was learned on.
    Takes as long as embedding that sentence where its token vectors were not kept.
    """
    encoder = retriever.encoder
    if not quotes or not reads(encoder.fingerprint) or not isinstance(encoder, TokenEncoder):
        return 0.0
    sentence, index = quotes[0].sentence, retriever.index
    if sentence.section.kind is Kind.TABLE:
        return 0.0
    text = embedded_text(index.documents[sentence.document_id], sentence)
    said = index.tokens.get(text, encoder.dimension) if index.tokens else None
    if said is None:
        said = rounded(encoder.encode_tokens(text, "passage"))
    odds = shipped_bearing().log_odds(encoder.encode_tokens(retrieval.question.spelled, "query"), said)
    return min(MOST_SAID, max(LEAST_SAID, odds))


def _unit(vectors: Matrix) -> Matrix:
    """Rows of length 1."""
    return np.asarray(vectors / np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None], np.float32)
