"""Puts an index in Milvus: new collections beside the old, whole before any name points to them."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from corpus.errors import BronvastError
from corpus.model import Passage
from index.dense import DenseIndex
from index.milvus import POSITION, VECTOR, WORDS, MilvusPlace, connect, holds
from index.sparse import WordIndex

if TYPE_CHECKING:
    from index.store import Index

# Up to here every vector is compared, as in a file; above, HNSW looks in a graph.
EXACT_UP_TO = 50_000
GRAPH = {"M": 32, "efConstruction": 256}
INSERTED_AT_ONCE = 500
PASSAGE, DOCUMENT = "passage", "document"
LONGEST_NAME = 2048
KINDS = ("sentences", "contexts")


def fill(index: "Index", place: MilvusPlace, notify: Callable[[str], None], exact_up_to: int = EXACT_UP_TO) -> None:
    """Make Milvus hold this build, let the aliases point to it, keep the build before it and drop older ones.

    What is there whole already is left alone. Raises BronvastError; the aliases then mean what they meant.
    """
    client = connect(place)
    from pymilvus.exceptions import MilvusException

    parts = (
        ("sentences", index.sentences, index.dense_sentences, None),
        ("contexts", index.contexts, index.dense_contexts, index.words),
    )
    try:
        for kind, passages, dense, words in parts:
            name = place.collection(index.fingerprint, kind)
            if not holds(client, name, len(dense)):
                notify(f"Naar Milvus: {len(dense)} {'zinnen' if kind == 'sentences' else 'stukjes tekst'} ({name})")
                _write(client, name, passages, dense, words, len(dense) <= exact_up_to)
        _switch(client, place, index.fingerprint)
    except MilvusException as error:
        raise BronvastError(
            f"{place.uri}: de index kan niet in Milvus worden gezet ({error.message}). De oude index is niet veranderd."
        ) from error


def _write(
    client: Any, name: str, passages: Sequence[Passage], dense: DenseIndex, words: WordIndex | None, exact: bool
) -> None:
    from pymilvus import DataType, MilvusClient

    if client.has_collection(name):  # of a run that was killed
        client.drop_collection(name)
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(POSITION, DataType.INT64, is_primary=True)
    schema.add_field(PASSAGE, DataType.VARCHAR, max_length=LONGEST_NAME)
    schema.add_field(DOCUMENT, DataType.VARCHAR, max_length=LONGEST_NAME)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=dense.dimension)
    ways = client.prepare_index_params()
    ways.add_index(VECTOR, index_type="FLAT" if exact else "HNSW", metric_type="IP", params={} if exact else GRAPH)
    if words:
        schema.add_field(WORDS, DataType.SPARSE_FLOAT_VECTOR)
        ways.add_index(WORDS, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    client.create_collection(name, schema=schema, index_params=ways, consistency_level="Strong")
    table = words.by_text() if words else None
    for start in range(0, len(passages), INSERTED_AT_ONCE):
        client.insert(name, _rows(passages, dense, table, start))
    client.flush(name)
    client.load_collection(name)
    if not holds(client, name, len(dense)):
        raise BronvastError(f"{name}: Milvus heeft niet alle {len(dense)} rijen. Probeer opnieuw: bronvast index")


def _rows(passages: Sequence[Passage], dense: DenseIndex, table: Any, start: int) -> list[dict[str, Any]]:
    """What Milvus gets of INSERTED_AT_ONCE passages; `table` holds the scores of their stems, None for no words."""
    some = passages[start : start + INSERTED_AT_ONCE]
    vectors = dense.vectors(list(range(start, start + len(some))))
    rows = []
    for number, passage in enumerate(some):
        row = {POSITION: start + number, PASSAGE: passage.id, DOCUMENT: passage.document_id}
        row[VECTOR] = vectors[number].tolist()
        rows.append(row if table is None else row | {WORDS: _sparse(table, start + number)})
    return rows


def _sparse(table: Any, position: int) -> dict[int, float]:
    """What each stem brings to the score of a text, by the stem's number.

    A text without stems gets a stem that no question has: Milvus takes no empty vector.
    """
    one = slice(table.indptr[position], table.indptr[position + 1])
    scores = dict(zip(table.indices[one].tolist(), table.data[one].tolist(), strict=True))
    return scores or {table.shape[1]: 1.0}


def _switch(client: Any, place: MilvusPlace, build: str) -> None:
    """Move each alias in one step; drop what it meant before the last time."""
    ours = re.compile(rf"{re.escape(place.name)}__\w+?__({'|'.join(KINDS)})")
    collections = [name for name in client.list_collections() if ours.fullmatch(name)]
    for kind in KINDS:
        alias, target = place.alias(kind), place.collection(build, kind)
        same = [name for name in collections if name.endswith(f"__{kind}")]
        before = [name for name in same if alias in client.list_aliases(collection_name=name)["aliases"]]
        if before == [target]:
            continue
        if before:
            client.alter_alias(target, alias)
        else:
            client.create_alias(target, alias)
        for name in same:
            if name not in (target, *before):
                client.drop_collection(name)
