"""What keeps a large collection affordable gives the same as looking at everything."""

import shutil
from pathlib import Path
from unittest.mock import patch

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.documents
import index.manifest
import qa.signals
from corpus.errors import IndexUnusableError
from corpus.model import Document
from corpus.passages import chunk
from corpus.structure import read_document
from eval.bench.recall import recall
from fakes import MADE_UP, FakeEncoder, answerer_on, as_file, build
from index.cover import Shelf, Spans, holding
from index.dense import build_dense, load_dense
from index.documents import open_documents, save_documents
from index.manifest import read_manifest, verify
from index.near import build_near
from index.scale import measure_scale
from index.sparse import build_words, highest, load_words, stems
from index.store import Index, open_index
from index.table import load_passages, save_passages

VOCABULARY = [f"woord{letter}" for letter in "abcdefghijklmnop"]


def random_texts(count: int, seed: int) -> list[str]:
    """Texts in which some words are everywhere and others nearly nowhere."""
    random = np.random.default_rng(seed)
    shares = 1 / np.arange(1, len(VOCABULARY) + 1) ** 2
    return [" ".join(random.choice(VOCABULARY, random.integers(1, 12), p=shares / shares.sum())) for _ in range(count)]


def test_scores_of_words_are_those_of_bm25s_to_the_last_bit(tmp_path: Path) -> None:
    texts = [*random_texts(400, 1), "", "de het een"]
    theirs = bm25s.BM25(method="lucene", backend="numpy")
    theirs.index(stems(texts), show_progress=False)
    build_words(iter(texts)).save(tmp_path / "words")
    ours = load_words(tmp_path / "words")
    for question in ("woorda woordd woordd woordp", "woordc", "woordo woordn woorda"):
        expected = theirs.get_scores([word for word in stems([question])[0] if word in theirs.vocab_dict])
        assert np.array_equal(ours.scores(question), expected)
        some = np.asarray([401, 3, 77, 3])
        assert np.array_equal(ours.scores_at(question, some), expected[some])


@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6), st.integers(1, 450))
@settings(max_examples=60, deadline=None)
def test_the_best_texts_by_words_are_those_of_a_full_sort(words: list[str], k: int) -> None:
    question = " ".join(words)
    scores = WORDS.scores(question)
    expected = sorted(range(len(scores)), key=lambda n: (-scores[n], n))[:k]
    for most in (0, len(scores)):
        with patch("index.sparse.ALL_UP_TO", most):
            assert WORDS.best(question, k).tolist() == expected
            assert WORDS.scores_at(question, expected).tolist() == scores[expected].tolist()


WORDS = build_words(random_texts(400, 2))


@patch("index.sparse.ALL_UP_TO", 0)
def test_frequent_words_are_not_read_to_the_end_when_rare_ones_decide() -> None:
    texts = ["bekend " * 3] * 3000 + ["bekend zeldzaam"] * 40
    words = build_words(texts)
    assert len(words._touched("bekend zeldzaam", 10)) == 40
    assert words.best("bekend zeldzaam", 10).tolist() == list(range(3000, 3010))


@patch("index.sparse.ALL_UP_TO", 0)
def test_of_frequent_words_alone_only_texts_that_reach_the_best_are_left() -> None:
    words = build_words(random_texts(3000, 3))
    question = "woorda woordb woordc"
    assert len(words.holding("woorda")) > 2000
    assert len(words._touched(question, 10)) < 100
    assert words.best(question, 10).tolist() == highest(words.scores(question), 10).tolist()


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(0, 40))
def test_the_highest_values_come_in_order_with_ties_by_position(values: list[int], k: int) -> None:
    expected = sorted(range(len(values)), key=lambda n: (-values[n], n))[:k]
    assert highest(np.asarray(values, np.float32), k).tolist() == expected


def clustered(count: int, dimension: int = 32) -> np.ndarray:
    random = np.random.default_rng(5)
    centres = random.standard_normal((60, dimension))
    rows = centres[random.integers(0, 60, count)] + 0.4 * random.standard_normal((count, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_a_large_collection_finds_nearly_all_that_are_nearest(tmp_path: Path) -> None:
    vectors = clustered(20_000)
    build_dense(vectors, exact_up_to=10_000).save(tmp_path / "x.faiss")
    near = load_dense(tmp_path / "x.faiss")
    assert (tmp_path / "x.vectors.npy").is_file()
    exact = build_dense(vectors)
    shares = []
    for query in clustered(20_050)[20_000:]:
        positions, cosines = near.nearest(query, 10)
        assert cosines == pytest.approx(vectors[positions] @ query, abs=2e-3)
        assert np.all(np.diff(cosines) <= 0)
        shares.append(len({*positions.tolist()} & {*exact.nearest(query, 10)[0].tolist()}) / 10)
        assert near.heights(query, positions) == pytest.approx(exact.heights(query, positions), abs=2e-2)
    assert np.mean(shares) >= 0.98
    assert near.vectors([7, 3]) == pytest.approx(vectors[[7, 3]], abs=1e-3)
    assert len(near) == 20_000


def test_parts_are_left_out_only_where_there_are_too_many_to_look_in(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(5).standard_normal((4_000, 64))  # alike in nothing: the nearest lie in any part
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    exact = np.argsort(-(vectors @ vectors[:50].T), axis=0, kind="stable").T[:, :60]

    def found() -> float:
        near = build_near(vectors)
        return recall([near.nearest(query, 60)[0] for query in vectors[:50]], exact, 60)

    assert found() > 0.95
    monkeypatch.setattr("index.near.CODES_READ", 2_000)
    half = found()
    monkeypatch.setattr("index.near.CODES_READ", 1)
    assert found() < half < 0.95


def test_what_is_found_counts_among_as_many_of_the_nearest() -> None:
    assert recall([np.asarray([4, 2, 9])], np.asarray([[2, 4, 7]]), 2) == 1
    assert recall([np.asarray([4, 2, 9]), np.asarray([7, 4, 2])], np.asarray([[2, 4, 7]] * 2), 1) == 0
    assert recall([np.asarray([4, 2, 9])], np.asarray([[2, 4, 7]]), 3) == pytest.approx(2 / 3)


def test_a_small_collection_is_searched_whole(tmp_path: Path) -> None:
    build_dense(clustered(500)).save(tmp_path / "x.faiss")
    assert not (tmp_path / "x.vectors.npy").exists()
    assert len(load_dense(tmp_path / "x.faiss").search(clustered(1)[0], 500)) == 500


def test_a_scale_measured_in_blocks_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clustered(900)
    whole = measure_scale(vectors)
    monkeypatch.setattr("index.scale.BLOCK", 100)
    assert measure_scale(vectors).covariance == pytest.approx(whole.covariance, abs=1e-7)


@pytest.mark.parametrize("letters", ["gewoon é", "breed – €", "buiten het vlak 𝔸 \U0001f6b2"])
def test_words_are_read_from_the_file_whatever_letters_they_hold(
    letters: str, tmp_path: Path, made_up: Document
) -> None:
    wide = read_document("breed", "Breed", MADE_UP.replace("De oude brug", f"De {letters} brug"))
    save_documents(tmp_path, [made_up, wide])
    opened = open_documents(tmp_path)
    assert dict(opened) == {"brug": made_up, "breed": wide}
    assert opened["breed"].text == wide.text
    for document in (made_up, wide):
        for start, end in ((0, 5), (100, 160), (len(document.text) - 3, len(document.text))):
            assert opened.words(opened.number(document.id), start, end) == document.text[start:end]
    assert opened.years == {"2019", "2040"}


def test_only_so_many_documents_stay_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.documents, "KEPT", 2)
    save_documents(tmp_path, [read_document(f"d{n}", f"Titel {n}", MADE_UP) for n in range(4)])
    opened = open_documents(tmp_path)
    first = opened["d0"]
    assert first.title == "Titel 0"
    assert opened["d0"] is first
    assert [opened[name].id for name in opened] == ["d0", "d1", "d2", "d3"]
    assert opened["d0"] is not first
    assert first.units == opened["d0"].units
    with pytest.raises(KeyError):
        opened["d4"]


def test_columns_hold_the_passages_as_they_were(tmp_path: Path, made_up: Document) -> None:
    twin = read_document("tweeling", "Tweeling", MADE_UP + "\n\n9 Herhaald\n\nHetzelfde. Hetzelfde. Hetzelfde.\n")
    documents = {one.id: one for one in (made_up, twin)}
    save_documents(tmp_path, documents.values())
    cut = [passage for document in documents.values() for passage in chunk(document, 1, 1)]
    save_passages(tmp_path / "x.npy", cut, documents)
    read = load_passages(tmp_path / "x.npy", open_documents(tmp_path))
    assert read == cut
    assert read[-1] == cut[-1]
    assert any(passage.id.endswith("-3") for passage in cut)
    assert read.texts([3, 1]) == [documents[cut[n].document_id].text[cut[n].start : cut[n].end] for n in (3, 1)]
    assert [cut[n].document_id for n in read.of_document("tweeling")] == ["tweeling"] * len(chunk(twin, 1, 1))
    assert read.find(cut[-1].id, "tweeling") == cut[-1]
    assert read.find(cut[-1].id, "brug") is None
    assert read.find(cut[-1].id, "elders") is None


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=15)


@given(SPANS, SPANS)
def test_a_shelf_finds_what_lies_in_a_span(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    outer, inner = (
        Spans(*np.asarray([(a, a + n) for a, n in some], np.int64).reshape(-1, 2).T) for some in (one, other)
    )
    found = holding(outer, Shelf(inner))
    assert sorted(zip(found.ones.tolist(), found.others.tolist(), strict=True)) == [
        (i, j) for i, (a, n) in enumerate(one) for j, (b, m) in enumerate(other) if a <= b and b + m <= a + n
    ]


def test_a_part_that_every_report_has_is_looked_for_in_the_reports_that_were_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [read_document(f"r{n}", f"Rapport {n}", MADE_UP) for n in range(3)]
    opened = build(tmp_path, [as_file(document) for document in documents], FakeEncoder())
    runs = opened.named["voetnoot 1"]
    assert len(runs) == 3
    signaller = answerer_on(opened, FakeEncoder()).retriever.signaller
    found = np.asarray(list(opened.sentences.of_document("r1"))[:1])
    every = {position for start, end in runs for position in range(start, end)}
    assert set(signaller._in_parts(["voetnoot 1"], found).tolist()) == every
    monkeypatch.setattr(qa.signals, "MOST_NAMED", 2)
    kept = signaller._in_parts(["voetnoot 1"], found).tolist()
    assert kept
    assert set(kept) == every & {*opened.sentences.of_document("r1")}


def large_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Index, Path]:
    """An index of which the documents count as a large file."""
    monkeypatch.setattr(index.manifest, "SAMPLED_FROM", 1000)
    monkeypatch.setattr(index.manifest, "SAMPLES", 3)
    monkeypatch.setattr(index.manifest, "SAMPLE", 100)
    made = build(tmp_path, [as_file(read_document("brug", "De brug", MADE_UP))], FakeEncoder())
    return made, tmp_path / made.fingerprint / index.documents.CONTENT


def test_a_large_file_is_checked_by_size_and_samples_at_the_start_and_whole_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, path = large_index(tmp_path, monkeypatch)
    data = path.read_bytes()
    assert set(made.manifest["samples"]) >= {path.name}
    between = bytearray(data)
    between[150] ^= 1
    for damaged, noticed in ((data[:-1], True), (data + b" ", True), (b"?" + data[1:], True), (bytes(between), False)):
        path.write_bytes(damaged)
        manifest = read_manifest(tmp_path) or {}
        if noticed:
            with pytest.raises(IndexUnusableError, match=r"beschadigd of afgekapt.*bronvast index --force"):
                open_index(tmp_path, manifest)
        else:
            assert verify(tmp_path, manifest)
        with pytest.raises(IndexUnusableError, match="beschadigd of afgekapt"):
            verify(tmp_path, manifest, complete=True)
    shutil.rmtree(tmp_path)


@pytest.mark.filterwarnings("error")
def test_texts_without_any_content_word_are_found_by_none(tmp_path: Path) -> None:
    build_words(["de het een", "van de"]).save(tmp_path / "words")
    words = load_words(tmp_path / "words")
    assert len(words) == 2
    assert words.search("de fiets", 5) == []
    assert words.known_share("de fiets") == 0.0
