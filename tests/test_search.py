"""The searching parts against plain formulas: vectors and spans against brute force, BM25 against its definition."""

import math
import subprocess
import sys
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.vector_stores import VectorStoreQuery

from corpus.abbreviations import find_abbreviations, spell_out
from corpus.model import Document
from corpus.passages import chunk
from corpus.structure import read_document
from fakes import MADE_UP
from index.cover import Shelf, Spans, about, inside, lay_out, overlapping, spans_of
from index.dense import FlatVectors, build_dense, load_dense
from index.floor import Floor
from index.scale import measure_scale
from index.sparse import ASKING, build_words, load_words, stems


def unit_rows(count: int, dimension: int = 16) -> np.ndarray:
    rows = np.random.default_rng(3).standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_dense_search_equals_brute_force(tmp_path: Path) -> None:
    vectors = unit_rows(50)
    build_dense(vectors).save(tmp_path / "x.faiss")
    index = load_dense(tmp_path / "x.faiss")
    query = unit_rows(51)[50]
    expected = sorted(enumerate(vectors @ query), key=lambda pair: -pair[1])[:7]
    found = index.search(query, 7)
    assert [position for position, _ in found] == [position for position, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-6)
    assert index.vectors([3, 1]) @ query == pytest.approx([vectors[3] @ query, vectors[1] @ query], abs=1e-6)
    assert len(index.search(query, 1000)) == 50


def test_rounded_vectors_are_nearly_the_same_and_a_quarter_as_large(tmp_path: Path) -> None:
    vectors, query = unit_rows(400), unit_rows(401)[400]
    build_dense(vectors).save(tmp_path / "exact.faiss")
    build_dense(vectors, rounded=True).save(tmp_path / "rounded.faiss")
    index = load_dense(tmp_path / "rounded.faiss")
    cosines = vectors @ query
    positions, found = index.nearest(query, 400)
    assert sorted(positions.tolist()) == list(range(400))
    assert found == pytest.approx(cosines[positions], abs=float(0.04 * cosines.std()))
    assert np.all(np.diff(found) <= 0)
    assert index.vectors(positions) == pytest.approx(vectors[positions], abs=float(np.abs(vectors).max() / 254 + 1e-6))
    chosen = np.arange(400) % 3 == 0
    some, _ = index.nearest(query, 20, chosen)
    assert chosen[some].all()
    assert some.tolist() == [position for position in positions.tolist() if chosen[position]][:20]
    sizes = [(tmp_path / f"{name}.faiss").stat().st_size for name in ("rounded", "exact")]
    assert sizes[0] < 0.3 * sizes[1]


def test_llama_index_searches_the_same_vectors() -> None:
    vectors = unit_rows(50)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    kept = FlatVectors(flat)
    query = unit_rows(51)[50]
    found = kept.store.query(VectorStoreQuery(query_embedding=query.tolist(), similarity_top_k=7))
    positions, cosines = kept.nearest(query, 7)
    assert found.ids == [str(position) for position in positions]
    assert found.similarities == pytest.approx(cosines.tolist(), abs=1e-6)


def test_an_opened_index_sums_with_one_thread(folder: Path) -> None:
    """In a process of its own: it holds for the whole process, and the others measure what several threads do."""
    program = """
from threadpoolctl import threadpool_info
from qa.engine import open_extractive
from qa.settings import load_settings
import numpy
def threads():
    return {one["num_threads"] for one in threadpool_info() if one["internal_api"] == "openblas"}
from threadpoolctl import threadpool_limits
threadpool_limits(2, "blas")
before = threads()
open_extractive(load_settings(), print)
print(before, threads())
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert done.stdout.strip() == "{2} {1}", done.stderr


TEXTS = ["De brug is vernieuwd.", "De bruggen kosten geld, veel geld.", "Een school sluit.", "Geld voor de school."]


def test_words_score_as_bm25_is_defined(tmp_path: Path) -> None:
    build_words(TEXTS).save(tmp_path / "words")
    index = load_words(tmp_path / "words")
    tokens = stems(TEXTS)
    k1, b, average = 1.5, 0.75, sum(map(len, tokens)) / len(tokens)
    expected = {}
    for position, words in enumerate(tokens):
        total = 0.0
        for word in stems(["geld brug"])[0]:
            df = sum(word in other for other in tokens)
            idf = math.log(1 + (len(tokens) - df + 0.5) / (df + 0.5))
            tf = words.count(word)
            total += idf * tf / (tf + k1 * (1 - b + b * len(words) / average))
        if total:
            expected[position] = total
    assert dict(index.search("geld brug", 10)) == pytest.approx(expected, abs=1e-5)


def test_a_question_of_unknown_words_finds_nothing() -> None:
    index = build_words(TEXTS)
    assert index.search("xyzzy", 5) == []
    assert index.known_share("xyzzy") == 0
    assert index.known_share("brug") == 1
    assert 0 < index.known_share("brug xyzzy") < 0.5  # the unknown word is the rarer one
    assert index.known_share("de van het") == 0


@given(st.lists(st.text("abcdefgeinë'’-. 012\n", max_size=40), min_size=1, max_size=4))
def test_stems_are_those_of_bm25s(texts: list[str]) -> None:
    import bm25s
    import Stemmer
    from bm25s.stopwords import STOPWORDS_DUTCH

    tokens = bm25s.tokenize(
        [*texts, "De bruggen van de gemeente"],
        token_pattern=r"(?u)\b(?:\w{2,}|\d)\b",
        stopwords=[*STOPWORDS_DUTCH, *ASKING],
        stemmer=Stemmer.Stemmer("dutch"),
        return_ids=False,
        show_progress=False,
    )
    assert stems([*texts, "De bruggen van de gemeente"]) == [list(words) for words in tokens]


def test_stems_join_word_forms() -> None:
    assert stems(["bruggen"]) == stems(["brug"])
    assert stems(["de regio's"]) == stems(["regio"])
    assert "5" in stems(["5 fte"])[0]


def test_a_scale_knows_mean_and_spread_without_looking(tmp_path: Path) -> None:
    vectors = unit_rows(200)
    query = unit_rows(201)[200]
    mean, spread = measure_scale(vectors).of(query)
    cosines = vectors @ query
    assert mean == pytest.approx(cosines.mean(), abs=1e-5)
    assert spread == pytest.approx(cosines.std(), abs=1e-4)
    index = build_dense(vectors)
    positions, heights = index.highest(query, 7)
    assert positions.tolist() == [position for position, _ in index.search(query, 7)]
    assert heights == pytest.approx((cosines[positions] - cosines.mean()) / cosines.std(), abs=1e-3)
    assert index.heights(query, positions) == pytest.approx(heights, abs=1e-4)
    assert measure_scale(np.tile(vectors[:1], (3, 1))).of(query)[1] > 0


INTERVALS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=15)


@given(INTERVALS, INTERVALS)
def test_pairs_of_spans_are_those_of_brute_force(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    spans = [
        Spans(*np.asarray([(start, start + length) for start, length in some], np.int64).reshape(-1, 2).T)
        for some in (one, other)
    ]

    def common(a: tuple[int, int], b: tuple[int, int]) -> int:
        return min(sum(a), sum(b)) - max(a[0], b[0])

    def expected(good) -> list[tuple[int, int]]:  # type: ignore[no-untyped-def]
        return [(i, j) for i, a in enumerate(one) for j, b in enumerate(other) if common(a, b) > 0 and good(a, b)]

    for found, good in (
        (overlapping(*spans), lambda a, b: True),
        (inside(spans[0], Shelf(spans[1])), lambda a, b: common(a, b) == a[1]),
        (about(*spans, 0.5), lambda a, b: common(a, b) >= 0.5 * min(a[1], b[1])),
    ):
        assert sorted(zip(found.ones.tolist(), found.others.tolist(), strict=True)) == expected(good)
        assert np.all(np.diff(found.ones) >= 0)
        for position in range(len(one)):
            mine = sorted(j for i, j in expected(good) if i == position)
            assert sorted(found.others_of(position).tolist()) == mine
        some = range(0, len(other), 2)
        turned = found.turned()
        held = turned.others[turned.places(np.asarray(some, np.int64))].tolist()
        assert held == [i for j in some for i, _ in sorted(pair for pair in expected(good) if pair[1] == j)]


def test_spans_of_two_documents_never_touch(made_up: Document) -> None:
    twin = read_document("ander", "Ander", MADE_UP)
    own, other = (chunk(document, 1, 1) for document in (made_up, twin))
    origins = lay_out({made_up.id: len(made_up.text), twin.id: len(twin.text)})
    pairs = overlapping(spans_of(own, origins), spans_of(other, origins))
    assert not len(pairs.ones)


def test_height_counts_spreads_above_the_floor() -> None:
    assert Floor(median=0.8, spread=0.01).height(0.85) == pytest.approx(5)


def test_abbreviations_come_from_the_document_itself() -> None:
    texts = [
        "Het Ministerie van Volk, Zorg en Sport (VZS) betaalt.",
        "De NOS meldt dit. Het VZS zwijgt. Jan de Vries ook.",
    ]
    found = find_abbreviations(texts)
    assert found == {"VZS": "Volk, Zorg en Sport"}
    assert spell_out("Wat zei vzs?", found) == "Wat zei vzs (Volk, Zorg en Sport)?"
    assert spell_out("Wat zei iemand?", found) == "Wat zei iemand?"
