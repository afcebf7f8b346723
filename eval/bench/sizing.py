"""What a larger collection like the one in the index asks, computed: `python -m eval.bench.sizing`.

Measured is only what one passage of this index holds, and the processor time of embedding it; the rest is arithmetic.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time

from index.embedded import embedded_text
from index.encode import Encoder
from index.milvus_fill import GRAPH
from index.store import Index
from qa.engine import open_extractive
from qa.settings import load_settings

MILLIONS = (1, 10, 100)
SAMPLED = 96
FLOAT_BYTES, ENTRY_BYTES, GIB = 4, 8, 2**30
# Links of HNSW's upper layers, on top of the lowest.
UPPER_LAYERS = 1.05
NODE_GIB, FILLED = 64, 0.7
JOBS = 64


@dataclass(frozen=True, slots=True)
class Passage:
    """What one passage stands for: rows with a vector, entries of sparse vectors, core seconds to embed, and bytes.

    `bytes` is what the folder of the index holds of it beside the vectors.
    """

    rows: float
    entries: float
    seconds: float
    dimension: int
    bytes: float

    @property
    def vector_bytes(self) -> float:
        """Of the vectors alone."""
        return self.rows * FLOAT_BYTES * self.dimension

    @property
    def memory_bytes(self) -> float:
        """In the memory of Milvus: vectors, the links of HNSW, the words."""
        links = 2 * GRAPH["M"] * FLOAT_BYTES * UPPER_LAYERS
        return self.vector_bytes + self.rows * links + self.entries * ENTRY_BYTES

    @property
    def disk_bytes(self) -> float:
        """In the object storage of Milvus: vectors and words, once."""
        return self.vector_bytes + self.entries * ENTRY_BYTES


def passage_of(index: Index, encoder: Encoder, folder_bytes: int) -> Passage:
    """The average passage of an index; `folder_bytes` is its folder without vectors."""
    count = len(index.passages)
    chosen = random.Random(1)  # noqa: S311
    seconds = 0.0
    for pieces in (index.sentences, index.contexts):
        some = chosen.sample(list(pieces), min(SAMPLED, len(pieces)))
        texts = [embedded_text(index.documents[piece.document_id], piece) for piece in some]
        started = process_time()
        encoder.encode_passages(texts)
        seconds += (process_time() - started) / len(some) * len(pieces)
    return Passage(
        rows=(len(index.sentences) + len(index.contexts)) / count,
        entries=index.words.by_text().nnz / count,
        seconds=seconds / count,
        dimension=encoder.dimension,
        bytes=folder_bytes / count,
    )


def table(one: Passage) -> Iterator[str]:
    """The table in Markdown, a column for each size."""
    sizes = [million * 1_000_000 for million in MILLIONS]
    yield f"| passages | {' | '.join(f'{million} miljoen' for million in MILLIONS)} |"
    yield "|---|" + "---|" * len(sizes)
    hours = one.seconds / 3600
    rows = {
        "rijen in Milvus": [f"{_number(n * one.rows / 1e6)} miljoen" for n in sizes],
        "geheugen van Milvus": [f"{_number(n * one.memory_bytes / GIB)} GiB" for n in sizes],
        f"machines van {NODE_GIB} GiB": [
            f"{math.ceil(n * one.memory_bytes / GIB / (NODE_GIB * FILLED))}" for n in sizes
        ],
        "opslag van Milvus": [f"{_number(n * one.disk_bytes / GIB)} GiB" for n in sizes],
        "map van de index, zonder vectoren": [f"{_number(n * one.bytes / GIB)} GiB" for n in sizes],
        "vectoren uitrekenen": [f"{_number(n * hours)} kernuren" for n in sizes],
        f"idem, {JOBS} taken met elk 2 kernen": [f"{_number(n * hours / JOBS / 2)} uur" for n in sizes],
    }
    for name, cells in rows.items():
        yield f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Print what was measured, and the table."""
    settings = load_settings(store="faiss", threads=1)
    answerer = open_extractive(settings, print)
    build = settings.index / str(answerer.index.manifest["build"])
    files = [path for path in build.rglob("*") if path.is_file()]
    own = [path for path in files if path.suffix not in (".faiss", ".npz") and "enriched" not in path.parts]
    one = passage_of(answerer.index, answerer.retriever.encoder, sum(path.stat().st_size for path in own))
    print(
        f"Per passage: {_number(one.rows)} rijen van {one.dimension} getallen, {_number(one.entries)} woordscores, "
        f"{_number(one.bytes)} bytes in de map, {_number(one.seconds)} s van een kern om uit te rekenen.\n"
    )
    print("\n".join(table(one)))


def _number(value: float) -> str:
    """Three digits that count, with a decimal comma."""
    digits = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:.{digits}f}".replace(".", ",")


if __name__ == "__main__":
    main()
