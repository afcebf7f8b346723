"""A cross-encoder beside the signals: what it adds exactly, that a real one loads, and that none is loaded unasked."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ModelUnusableError
from fakes import FakeEncoder
from index.enriched import Values
from index.models import ModelFolder
from index.store import Index
from qa.answer import Answerer
from qa.engine import reranker_for
from qa.quotes import select_quotes
from qa.rerank import CrossEncoderScore, standing, weighed
from qa.retrieve import RERANKED, Retriever
from qa.settings import Settings

QUESTION = "Wat kostte het werk aan de brug?"


@given(st.lists(st.floats(-50, 50, width=32), max_size=30), st.floats(0, 10))
def test_what_is_added_has_mean_0_and_the_weight_as_deviation(values: list[float], weight: float) -> None:
    scores = np.asarray(values, np.float32)
    added = weighed(lambda _question, _texts: scores, weight)("", [])
    assert added.shape == scores.shape
    assert np.isfinite(added).all()
    if len(values) and scores.std() > 1e-2:
        assert added.mean() == pytest.approx(0, abs=1e-3)
        assert added.std() == pytest.approx(weight, abs=1e-3)
        assert (np.diff(added[np.argsort(scores, kind="stable")]) >= -1e-5).all()


def test_equal_scores_add_nothing() -> None:
    assert standing(np.asarray([2.5, 2.5, 2.5], np.float32)).tolist() == [0, 0, 0]


def test_the_best_sentences_are_read_and_nothing_else_changes(fake_sample_answerer: Answerer) -> None:
    index = fake_sample_answerer.index
    read: list[str] = []

    def score(_question: str, texts: Sequence[str]) -> Values:
        read.extend(texts)
        return np.arange(len(texts), dtype=np.float32)

    question = "Hoeveel reizigers had de buurtbus?"
    plain = Retriever(index, FakeEncoder()).retrieve(question, 10)
    ranked = Retriever(index, FakeEncoder(), rerank=weighed(score, 2.0)).retrieve(question, 10)
    best = [position for position, _ in plain.ranked()[:RERANKED]]
    assert read == [index.text(index.sentences[position]) for position in best]
    assert len(plain.scores) > RERANKED
    places = {int(position): n for n, position in enumerate(plain.candidates.positions)}
    z = (np.arange(RERANKED) - (RERANKED - 1) / 2) / np.arange(RERANKED).std()
    expected = plain.scores.copy()
    expected[[places[position] for position in best]] += (2.0 * z).astype(np.float32)
    assert ranked.scores == pytest.approx(expected, abs=1e-5)
    assert ranked.added["reranker"] == pytest.approx(expected - plain.scores, abs=1e-5)


def test_what_it_prefers_is_found_and_quoted_first(fake_index: Index) -> None:
    wanted = "De oude brug was te smal"

    def score(_question: str, texts: Sequence[str]) -> Values:
        return np.asarray([wanted in text for text in texts], np.float32)

    plain = Retriever(fake_index, FakeEncoder())
    sure = Retriever(fake_index, FakeEncoder(), rerank=weighed(score, 5.0))
    before, after = plain.retrieve(QUESTION, 10), sure.retrieve(QUESTION, 10)
    assert wanted not in fake_index.text(select_quotes(plain, before)[0].sentence)
    assert wanted in fake_index.text(select_quotes(sure, after)[0].sentence)
    assert wanted in fake_index.text(after.hits[0].passage)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder with random weights, saved as sentence-transformers saves one."""
    return saved(tmp_path_factory.mktemp("tiny"), labels=1)


def saved(folder: Path, labels: int) -> Path:
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = "wat kostte het werk aan de brug euro miljoen oude was te smal"
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words.split()]), encoding="utf-8")
    base = folder / "base"
    BertTokenizerFast(str(vocabulary)).save_pretrained(base)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=labels, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(base)
    model = CrossEncoder(str(base), local_files_only=True, device="cpu")
    model.save_pretrained(str(folder / "model"))
    return folder / "model"


def test_a_saved_cross_encoder_gives_its_own_logits(tiny: Path) -> None:
    from sentence_transformers import CrossEncoder

    texts = ["Het werk kostte 12 miljoen euro.", "De oude brug was te smal.", ""]
    scores = CrossEncoderScore(tiny, 1)(QUESTION, texts)
    chances = CrossEncoder(str(tiny), local_files_only=True, device="cpu").predict([(QUESTION, t) for t in texts])
    assert len(set(scores.tolist())) == len(texts)
    assert 1 / (1 + np.exp(-scores)) == pytest.approx(chances, abs=1e-5)


def test_by_its_setting_it_takes_part_in_answers(tiny: Path, fake_index: Index) -> None:
    rerank = reranker_for(Settings(reranker=str(tiny), reranker_weight=3.0, threads=1))
    answerer = Answerer(fake_index, FakeEncoder(), 0.0, 1000, "", rerank=rerank)
    added = answerer.retriever.retrieve(QUESTION, 10).added["reranker"]
    assert 1 < np.count_nonzero(added) <= RERANKED
    assert added[added != 0].std() == pytest.approx(3.0, abs=0.01)
    assert answerer.answer(QUESTION).citations == answerer.answer(QUESTION).citations != ()
    assert reranker_for(Settings()) is None


def test_a_folder_that_is_no_cross_encoder_is_told_in_dutch(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(ModelUnusableError, match=r"reranker.*config\.json.*laat de instelling reranker leeg"):
        CrossEncoderScore(tmp_path / "weg", 1)
    (tmp_path / "config.json").write_text((tiny / "config.json").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ModelUnusableError, match="kan niet worden geladen"):
        CrossEncoderScore(tmp_path, 1)


def test_another_kind_of_model_is_refused_and_not_used_with_chance_numbers(
    bundled: ModelFolder, tmp_path: Path
) -> None:
    with pytest.raises(ModelUnusableError, match="een ander soort model"):
        CrossEncoderScore(bundled.path, 1)
    (tmp_path / "config.json").write_text("[kapot", encoding="utf-8")
    with pytest.raises(ModelUnusableError, match="een ander soort model"):
        CrossEncoderScore(tmp_path, 1)


def test_a_model_with_several_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusableError, match="niet één getal per zin"):
        CrossEncoderScore(saved(tmp_path, labels=3), 1)


def test_without_the_setting_nothing_heavy_is_imported() -> None:
    heavy = "[m for m in ('torch', 'sentence_transformers') if m in sys.modules]"
    code = f"import sys, qa.engine, qa.rerank; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
