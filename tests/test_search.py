"""The searching parts against plain formulas: FAISS against brute force, BM25 against its definition, fusion's laws."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.abbreviations import find_abbreviations, spell_out
from index.dense import build_dense, load_dense
from index.floor import Floor
from index.fuse import fuse
from index.sparse import build_words, load_words, stems

RANKING = st.dictionaries(st.integers(0, 20), st.floats(-5, 5, allow_nan=False), max_size=12).map(
    lambda scores: sorted(scores.items(), key=lambda pair: -pair[1])
)


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
    assert index.scores(query, [3, 1]) == pytest.approx([vectors[3] @ query, vectors[1] @ query], abs=1e-6)
    assert len(index.search(query, 1000)) == 50


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


def test_stems_join_word_forms() -> None:
    assert stems(["bruggen"]) == stems(["brug"])
    assert stems(["de regio's"]) == stems(["regio"])
    assert "5" in stems(["5 fte"])[0]


@given(st.lists(RANKING, min_size=1, max_size=3))
def test_fusion_is_ordered_complete_and_blind_to_scale(rankings: list[list[tuple[int, float]]]) -> None:
    fused = fuse([(1.0, ranking) for ranking in rankings])
    assert {position for position, _ in fused} == {position for ranking in rankings for position, _ in ranking}
    assert fused == sorted(fused, key=lambda pair: (-pair[1], pair[0]))
    moved = fuse([(1.0, [(position, score + 100) for position, score in ranking]) for ranking in rankings])
    assert dict(moved) == pytest.approx(dict(fused), abs=1e-3)


def test_fusion_by_hand() -> None:
    fused = dict(fuse([(1.0, [(1, 3.0), (2, 1.0)]), (0.5, [(2, 10.0)])]))
    assert fused == pytest.approx({1: 1.0, 2: -1.0})  # one candidate alone tells nothing, the two of the first do


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
