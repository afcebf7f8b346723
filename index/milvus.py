"""Vectors and words searched in Milvus instead of in files: for collections that one machine should not hold.

An index keeps its documents, passages and vocabulary in its folder; `index/milvus_fill.py` puts the rest in Milvus.
pymilvus itself, not LlamaIndex's store around it: that one keeps a copy of every text, gives no vector back for a
position, and moves no alias.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import BronvastError, IndexUnusableError
from index.dense import DenseIndex, Found, Mask
from index.encode import Matrix
from index.sparse import WordIndex, highest, stems

if TYPE_CHECKING:
    from index.store import Index

POSITION, VECTOR, WORDS = "position", "vector", "words"
# What Milvus gives at most in one answer.
MOST_FOUND = 16_384
ROWS_AT_ONCE = 1000
# How many neighbours HNSW keeps in view; more is nearer to exact, and slower.
EF = 256
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """Where Milvus is: the address of a server, or the path of a folder for milvus-lite; `name` starts our names."""

    uri: str
    token: str
    name: str

    @property
    def is_server(self) -> bool:
        """Whether this is a server, that several processes can use at once."""
        return "://" in self.uri

    def collection(self, build: str, kind: str) -> str:
        """What holds the sentences or contexts of one build."""
        letters = "".join(letter if letter.isalnum() else "_" for letter in build).strip("_")
        return f"{self.name}__{letters}__{kind}"

    def alias(self, kind: str) -> str:
        """The name that always means the newest whole build, for other programs."""
        return f"{self.name}_{kind}"


def connect(place: MilvusPlace) -> Any:
    """A client. Raises BronvastError when pymilvus is missing, IndexUnusableError when Milvus does not answer."""
    try:
        from pymilvus import MilvusClient
        from pymilvus.exceptions import MilvusException
    except ImportError as error:
        raise BronvastError(
            'store = "milvus": het pakket pymilvus ontbreekt. Installeer het met: pip install "bronvast[milvus]"'
        ) from error
    for name in ("pymilvus", "grpc._server"):  # what they would log, they also raise, or milvus-lite does without
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        if place.is_server:
            return MilvusClient(place.uri, token=place.token, timeout=TIMEOUT_SECONDS)
        path = Path(place.uri).expanduser().absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        return MilvusClient(str(path.with_suffix(".db")))
    except (MilvusException, OSError) as error:
        raise IndexUnusableError(_unreachable(place, error)) from error


def in_milvus(index: "Index", place: MilvusPlace) -> "Index":
    """The same index, searched in Milvus. Raises IndexUnusableError when this build is not there whole."""
    client = connect(place)
    dense = {}
    for kind, local in (("sentences", index.dense_sentences), ("contexts", index.dense_contexts)):
        name = place.collection(index.fingerprint, kind)
        if not holds(client, name, len(local)):
            raise IndexUnusableError(
                f"{place.uri}: deze index ({name}) staat niet of niet heel in Milvus. Zet hem erin met: bronvast index"
            )
        client.load_collection(name)
        dense[kind] = DenseIndex(MilvusVectors(client, name, len(local), local.dimension), local.scale)
    words = MilvusWords(index.words, client, place.collection(index.fingerprint, "contexts"), len(dense["contexts"]))
    return replace(index, dense_sentences=dense["sentences"], dense_contexts=dense["contexts"], words=words)


def holds(client: Any, name: str, count: int) -> bool:
    """Whether a collection is there with this many rows."""
    if not client.has_collection(name):
        return False
    return int(client.get_collection_stats(name)["row_count"]) == count


class MilvusVectors:
    """The vectors of one collection; their positions are its keys."""

    def __init__(self, client: Any, name: str, count: int, dimension: int) -> None:
        self._client = client
        self._name = name
        self.count = count
        self.dimension = dimension

    def nearest(self, vector: NDArray[np.float32], k: int, chosen: Mask | None = None) -> Found:
        """Positions and cosines of the `k` nearest to a unit vector `(dimension,)`, best first; at most MOST_FOUND."""
        k = min(k, self.count, MOST_FOUND)
        return _searched(self._client, self._name, VECTOR, vector.tolist(), k, {"ef": max(EF, k)}, _among(chosen))

    def rows(self, positions: NDArray[np.int64]) -> Matrix:
        """The vectors at these positions, `(n, dimension)`."""
        wanted, places = np.unique(positions, return_inverse=True)
        known: dict[int, Any] = {}
        for start in range(0, len(wanted), ROWS_AT_ONCE):
            keys = wanted[start : start + ROWS_AT_ONCE].tolist()
            rows = self._client.get(self._name, ids=keys, output_fields=[POSITION, VECTOR])
            known |= {row[POSITION]: row[VECTOR] for row in rows}
        return np.asarray([known[key] for key in wanted.tolist()], np.float32)[places]

    def save(self, path: Path) -> None:
        """Never: what stands in Milvus was saved before it was put there."""
        raise NotImplementedError(str(path))


class MilvusWords(WordIndex):
    """BM25 in Milvus: each text is a sparse vector of the scores that its stems bring, a question one of counts.

    Their inner product is the score that files give. What the index knows of a stem comes from its own vocabulary.
    """

    def __init__(self, words: WordIndex, client: Any, name: str, count: int) -> None:
        super().__init__(words._bm25)
        self._client = client
        self._name = name
        self._count = count

    def scores(self, question: str) -> NDArray[np.float32]:
        """The score of every text, `(n,)`; 0 for one that shares no stem, or that MOST_FOUND others are before."""
        scores = np.zeros(self._count, np.float32)
        positions, found = self._found(question, self._count)
        scores[positions] = found
        return scores

    def scores_at(self, question: str, positions: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """The scores of these texts, `(n,)`."""
        wanted, places = np.unique(np.asarray(positions, np.int64), return_inverse=True)
        scores = np.zeros(len(wanted), np.float32)
        for start in range(0, len(wanted), ROWS_AT_ONCE):
            part = wanted[start : start + ROWS_AT_ONCE]
            found, values = self._found(question, len(part), f"{POSITION} in {part.tolist()}")
            scores[start + np.searchsorted(part, found)] = values
        return scores[places]

    def best(self, question: str, k: int, chosen: Mask | None = None) -> NDArray[np.int64]:
        """Positions of the `k` texts with the highest scores, best first, ties by position; some may score 0.

        With `chosen` `(n,)` only the chosen texts.
        """
        k = min(k, self._count if chosen is None else int(chosen.sum()))
        found, scores = self._found(question, k, _among(chosen))
        order = np.argsort(found)
        ranked = found[order][highest(scores[order], k)]
        # Texts without any of the stems come after all others, and are alike.
        others = np.arange(self._count) if chosen is None else np.flatnonzero(chosen)
        return np.concatenate([ranked, np.setdiff1d(others, ranked)[: k - len(ranked)]])

    def _found(self, question: str, k: int, among: str = "") -> Found:
        vocabulary = self._bm25.vocab_dict
        counts = Counter(vocabulary[stem] for stem in stems([question])[0] if stem in vocabulary)
        k = min(k, self._count, MOST_FOUND)
        if not counts or not k:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        query = {int(stem): float(count) for stem, count in counts.items()}
        return _searched(self._client, self._name, WORDS, query, k, {}, among)


def _among(chosen: Mask | None) -> str:
    """The chosen positions as an expression for Milvus: documents lie in runs."""
    if chosen is None:
        return ""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(np.int8), [0]])))
    return " or ".join(
        f"({POSITION} >= {start} and {POSITION} < {end})" for start, end in edges.reshape(-1, 2).tolist()
    )


def _searched(
    client: Any, name: str, field: str, query: Any, k: int, options: dict[str, Any], among: str = ""
) -> Found:
    from pymilvus.exceptions import MilvusException

    how = {"metric_type": "IP", "params": options}
    try:
        [found] = client.search(
            name, [query], filter=among, limit=k, output_fields=[POSITION], search_params=how, anns_field=field
        )
    except MilvusException as error:
        raise IndexUnusableError(f"{name}: zoeken in Milvus lukt niet ({error.message}). Draait Milvus nog?") from error
    return (
        np.asarray([one[POSITION] for one in found], np.int64),
        np.asarray([one["distance"] for one in found], np.float32),
    )


def _unreachable(place: MilvusPlace, error: Exception) -> str:
    if place.is_server:
        return f"{place.uri}: Milvus antwoordt niet ({error}). Start Milvus, of verander milvus in de instellingen."
    return (
        f"{place.uri}: milvus-lite kan deze map niet openen ({error}). Misschien gebruikt een ander proces haar: dat "
        f"kan er maar een zijn. Start dan een server met: milvus-lite server --data-dir {place.uri} --host 127.0.0.1; "
        'en zet milvus = "http://127.0.0.1:19530" in de instellingen.'
    )
