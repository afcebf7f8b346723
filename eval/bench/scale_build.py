"""An index of a made-up collection, written by the parts of the program that write any index, and timed one by one."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain, count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from corpus.model import Document
from corpus.passages import chunk
from eval.bench.collection import Template, base_sentences, made_document, templates_of
from eval.bench.synthetic import Distribution, context_vectors, draw_sentences, exact_top, sentence_vectors, unit
from index.build import CONTEXT
from index.dense import build_dense
from index.documents import save_documents
from index.embedded import embedded_text
from index.encode import Encoder, Matrix
from index.floor import floor_values, measure_floor
from index.manifest import FORMAT, Recipe, publish, recipe_values, settle, write_manifest
from index.sparse import TEXTS_AT_ONCE, Counted, batched, count_words, join_words
from index.store import CONTEXTS, PASSAGES, SENTENCES, WORDS, save_abbreviations, save_named
from index.table import rows_of, save_rows

ASKED = 300
WORDS_ASKED = 6
PROCESSES, AT_ONCE = 4, 16
QUESTIONS, EXACT, TEXTS = "questions.json", "exact.npz", "contexts.txt"
RECIPE = Recipe(window=5, stride=2, reader="bench")
TABLES = {PASSAGES: (RECIPE.window, RECIPE.stride), SENTENCES: (1, 1), CONTEXTS: (CONTEXT, 1)}


def make(root: Path, size: int, encoder: Encoder, distribution: Distribution | None) -> dict[str, Any]:
    """Write an index of at least `size` passages; returns what each step took, in seconds of processor time.

    Vectors are those of the texts without a distribution, else drawn from it.
    """
    build = root / f"bench-{size}"
    build.mkdir(parents=True)
    started = time.perf_counter()
    spent = {"documents": _save_texts(build, root, size)}
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        words = apart.submit(_save_words, build, root)
        spent["vectors"] = _timed(lambda: _save_vectors(build, root, encoder, distribution))
        spent["words"] = words.result()
    (root / TEXTS).unlink()
    dense = [_loaded(build, name) for name in (SENTENCES, CONTEXTS)]
    content = {
        "format": FORMAT,
        "origin": "bench",
        "model": {"name": "bundled", "fingerprint": encoder.fingerprint, "dimension": encoder.dimension},
        "recipe": recipe_values(RECIPE),
        "documents": [],
        "refused": [],
        "floor": floor_values(measure_floor(dense, encoder)),
    }
    manifest = settle(root, build, write_manifest(build, content, datetime.now(UTC).isoformat(timespec="seconds")))
    build = root / str(manifest["build"])
    publish(root, build)
    return {"spent": spent, "wall": time.perf_counter() - started, "size": _bytes(build)}


def _timed(action: Callable[[], None]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document, its rows by table, the texts of its contexts, and the seconds of processor time that this took."""

    document: Document
    rows: dict[str, Any]
    contexts: list[str]
    spent: float


def _cut(number: int, templates: Sequence[Template]) -> _Cut:
    started = time.process_time()
    document = made_document(number, templates)
    rows, contexts = {}, []
    for name, cut in TABLES.items():
        passages = chunk(document, *cut)
        rows[name] = rows_of(passages, number, document)
        if name == CONTEXTS:
            contexts = [embedded_text(document, one).replace("\n", " ") for one in passages]
    return _Cut(document, rows, contexts, time.process_time() - started)


def _save_texts(build: Path, root: Path, size: int) -> float:
    """Documents, columns, and the texts of contexts in a file beside them; the processor time of making them."""
    rows: dict[str, list[Any]] = {name: [] for name in TABLES}
    cut = partial(_cut, templates=templates_of(base_sentences()))
    started, apart = time.process_time(), 0.0

    def written(made: Iterable[_Cut]) -> Iterator[Document]:
        nonlocal apart
        total = 0
        for one in made:
            for name, some in one.rows.items():
                rows[name].append(some)
            texts.writelines(text + "\n" for text in one.contexts)
            apart += one.spent
            yield one.document
            total += len(one.rows[PASSAGES])
            if total >= size:
                return

    with (root / TEXTS).open("w", encoding="utf-8") as texts, get_context("spawn").Pool(PROCESSES) as pool:
        # In rounds: what is asked of a pool ahead of need must be done before it can stop.
        rounds = (pool.imap(cut, range(first, first + AT_ONCE)) for first in count(0, AT_ONCE))
        save_documents(build, written(chain.from_iterable(rounds)))
        pool.close()
        pool.join()
    for name, some in rows.items():
        save_rows(build / f"{name}.npy", some)
    save_abbreviations(build, {})
    save_named(build, [])
    return time.process_time() - started + apart


def _save_words(build: Path, root: Path) -> float:
    started = time.process_time()
    with (root / TEXTS).open(encoding="utf-8") as texts, get_context("spawn").Pool(PROCESSES) as pool:
        counted = list(pool.imap(_counted, batched(texts, TEXTS_AT_ONCE)))
    join_words(part for part, _ in counted).save(build / WORDS)
    return time.process_time() - started + sum(spent for _, spent in counted)


def _counted(texts: list[str]) -> tuple[Counted, float]:
    started = time.process_time()
    return count_words(texts), time.process_time() - started


def _save_vectors(build: Path, root: Path, encoder: Encoder, distribution: Distribution | None) -> None:
    from index.documents import open_documents
    from index.table import load_passages

    opened = open_documents(build)
    sentences = load_passages(build / f"{SENTENCES}.npy", opened)
    total = len(sentences)
    targets = np.sort(np.random.default_rng(1).permutation(total)[:ASKED])
    asked = [f"Wat staat er over {' '.join(text.split()[:WORDS_ASKED])}?" for text in sentences.texts(targets)]
    vectors: list[Matrix] = []
    if distribution is None:
        with (root / TEXTS).open(encoding="utf-8") as texts:
            contexts = texts.read().splitlines()
        questions = encoder.encode_queries(asked)
        every = np.arange(total)
        vectors = [encoder.encode_passages(sentences.texts(every)), encoder.encode_passages(contexts)]
        exact = [_kept(build, name, some, questions) for name, some in zip((SENTENCES, CONTEXTS), vectors, strict=True)]
    else:
        drawn = draw_sentences(distribution, 2, total)
        random = np.random.default_rng(3)
        differences = distribution.differences[random.integers(0, len(distribution.differences), len(targets))]
        questions = unit(distribution.placed(drawn.topics[targets], drawn.own[targets]) + differences)
        exact = [_kept(build, SENTENCES, sentence_vectors(distribution, drawn), questions)]
        firsts = _first_sentences(build)
        exact.append(_kept(build, CONTEXTS, context_vectors(distribution, drawn, firsts), questions))
    np.savez(root / EXACT, questions=questions, sentences=exact[0], contexts=exact[1])
    (root / QUESTIONS).write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")


def _kept(build: Path, name: str, vectors: Matrix, questions: Matrix) -> Any:
    build_dense(vectors).save(build / f"{name}.faiss")
    return exact_top(vectors, questions)


def _first_sentences(build: Path) -> Any:
    """The position of the sentence that each context begins with."""
    tables = [np.load(build / f"{name}.npy", mmap_mode="r") for name in (SENTENCES, CONTEXTS)]
    sentences, contexts = (table["document"].astype(np.int64) << 32 | table["start"] for table in tables)
    return np.searchsorted(sentences, contexts)


def _loaded(build: Path, name: str) -> Any:
    from index.dense import load_dense

    return load_dense(build / f"{name}.faiss")


def _bytes(build: Path) -> dict[str, int]:
    """Bytes on disk by kind of file."""
    kinds = {"vectors": 0, "words": 0, "texts": 0}
    for path in build.rglob("*"):
        if path.is_file():
            dense = path.name.startswith((SENTENCES, CONTEXTS)) and path.name != f"{path.name.split('.')[0]}.npy"
            kinds["vectors" if dense else "words" if path.parent.name == WORDS else "texts"] += path.stat().st_size
    return kinds
