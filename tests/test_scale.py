"""The benchmark of size: made-up collections that are the same every time, and figures that are what they say."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from corpus.passages import chunk
from eval.bench.collection import SECTIONS, SENTENCES, made_document, templates_of
from eval.bench.scale_build import EXACT, make
from eval.bench.scale_page import BEGIN, END, plot, table, write_page
from eval.bench.synthetic import Distribution, context_vectors, draw_sentences, exact_top, sentence_vectors, unit
from fakes import FakeEncoder
from index.manifest import read_manifest
from index.store import open_index

TEMPLATES = templates_of(["De gemeente Lauwerdam betaalt de helft van alles.", "Daarna beslist de raad opnieuw."])


def test_a_made_up_document_is_whole_and_the_same_every_time() -> None:
    document = made_document(3, TEMPLATES)
    assert document == made_document(3, TEMPLATES)
    assert document.text != made_document(4, TEMPLATES).text
    assert len(document.sections) == SECTIONS
    assert len(chunk(document, 1, 1)) == SECTIONS * SENTENCES
    for unit_, following in pairwise(document.units):
        assert unit_.end <= following.start
        section = document.sections[unit_.section]
        assert section.start <= unit_.start < unit_.end <= section.end
        assert document.text[unit_.end - 1] == "."
    assert all(document.text[s.start :].startswith(f"{s.number} {s.title}\n") for s in document.sections)


def distribution() -> Distribution:
    random = np.random.default_rng(0)
    kernels = random.standard_normal((400, 8)).astype(np.float32) * 0.1
    spread = np.eye(8, dtype=np.float32) * 0.1
    return Distribution(np.full(8, 0.3, np.float32), kernels - kernels.mean(axis=0), spread, 0.7, kernels[:3])


def test_drawn_vectors_have_the_mean_and_spread_of_the_real_ones_and_contexts_lie_near_their_sentences() -> None:
    fitted = distribution()
    drawn = draw_sentences(fitted, 1, 60_000)
    deviations = fitted.kept * fitted.kernels[drawn.topics] + drawn.own
    assert np.cov(deviations.T) == pytest.approx(np.cov(fitted.kernels.T), abs=2e-3)
    sentences = sentence_vectors(fitted, drawn)
    assert np.linalg.norm(sentences, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(sentences, sentence_vectors(fitted, draw_sentences(fitted, 1, 60_000)))
    firsts = np.arange(0, 50_000, 7)
    contexts = context_vectors(fitted, drawn, firsts)
    own = (contexts * sentences[firsts]).sum(axis=1).mean()
    assert own > (contexts * sentences[firsts[::-1]]).sum(axis=1).mean() + 0.02


def test_the_exact_nearest_are_found_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.bench.synthetic.BLOCK", 37)
    random = np.random.default_rng(2)
    vectors, questions = (unit(random.standard_normal((n, 8)).astype(np.float32)) for n in (300, 5))
    expected = np.argsort(-(questions @ vectors.T), axis=1)[:, :10]
    assert np.array_equal(exact_top(vectors, questions), expected)


def figures(passages: int) -> dict:
    times = {"clock": [2.0 * passages / 1000] * 20, "spent": [float(passages / 1000)] * 20}
    memory = {"all": 2048.0, "own": 1024.0, "mapped": 1024.0}
    names = ("search", "sentences", "contexts", "words", "answer", "embed")
    return {
        "passages": passages,
        "sentences": 2 * passages,
        "contexts": 2 * passages,
        "real": False,
        "built": {"spent": {"words": 1.5, "vectors": 2.0}, "size": {"vectors": 2**30, "words": 2**29, "texts": 0}},
        "start": {"open": 1.25, "process": 3.0},
        "memory opened": memory,
        "memory asked": memory,
        "recall": {"sentences": 0.991, "contexts": 1.0},
        "both ways": {"exact": [4.0, 5.0, 6.0], "near": [1.0, 1.0, 7.0]},
        "a second": 12.0,
        "stages": dict.fromkeys(names, times),
    }


def test_table_and_plot_stand_between_the_marks_and_hold_the_figures(tmp_path: Path) -> None:
    page = tmp_path / "groot.md"
    (tmp_path / "beeld").mkdir()
    page.write_text(f"# Groot\n\nervoor\n\n{BEGIN}\noud\n{END}\n\nerna\n", encoding="utf-8")
    measured = [figures(1000), figures(100_000)]
    for _ in range(2):
        write_page(page, measured)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Groot\n\nervoor\n\n")
    assert text.endswith("\n\nerna\n")
    assert "oud" not in text
    assert "| zoeken in totaal, klok: p50 / p95 / p99 | 2,0 / 2,0 / 2,0 ms | 200,0 / 200,0 / 200,0 ms |" in text
    assert "| recall@10, zinnen / vensters | 0,991 / 1,000 | 0,991 / 1,000 |" in text
    assert "| zinnen: elke vector / in delen, rekentijd p50 | 5,0 / 1,0 ms | 5,0 / 1,0 ms |" in text
    assert "| indexeren, rekentijd (zonder inbedden) | 3,5 s | 3,5 s |" in text
    assert len({line.count("|") for line in table(measured)}) == 1
    drawing = ElementTree.fromstring(plot(measured))
    assert len(drawing.findall("{http://www.w3.org/2000/svg}polyline")) == 5
    with pytest.raises(ValueError, match="marks"):
        write_page(tmp_path / "beeld" / "schaal.svg", measured)


def test_a_made_up_collection_is_an_index_like_any_other(tmp_path: Path) -> None:
    made = make(tmp_path / "root", 300, FakeEncoder(), None)
    opened = open_index(tmp_path / "root", read_manifest(tmp_path / "root") or {})
    assert len(opened.passages) >= 300
    assert len(opened.contexts) == len(opened.dense_contexts) == len(opened.words)
    exact = np.load(tmp_path / "root" / EXACT)
    for question, nearest in zip(exact["questions"], exact["sentences"], strict=True):
        assert set(opened.dense_sentences.nearest(question, 10)[0].tolist()) == set(nearest.tolist())
    assert set(made["spent"]) == {"documents", "vectors", "words"}
    paths = [path for path in (tmp_path / "root" / opened.fingerprint).rglob("*") if path.is_file()]
    assert sum(made["size"].values()) == sum(path.stat().st_size for path in paths)
