"""The small model that reads a question and a quote together: what it computes, when it is asked, and its file."""

from copy import copy
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest
import torch

from api.stages import Stopwatch
from corpus.model import Kind
from eval.adapt.bearing import LONGEST, beneath, read_material
from eval.adapt.material import NEAR, OWN, lines
from eval.adapt.measure import HELD_OUT
from eval.adapt.network import Network
from eval.run import gold_for
from index.encode import Encoder, OnnxEncoder, Role, TokenEncoder, TorchEncoder
from index.models import ModelFolder
from qa.answer import Answerer
from qa.bearing import Bearing, bearing_bytes, bears, parse_bearing, shipped_bearing
from qa.conversation import complete
from qa.quotes import select_quotes
from qa.smalltalk import is_small_talk, says_nothing

HIDDEN = 24
ANSWERED = "Wat kost een rit met de buurtbus?"


def tokens(count: int, seed: int) -> np.ndarray:  # type: ignore[type-arg]
    return np.random.default_rng(seed).normal(size=(count, HIDDEN)).astype(np.float32)


def test_what_answers_computes_what_learned() -> None:
    torch.manual_seed(1)
    network = Network(HIDDEN).eval()
    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    bearing = Bearing(weights, "proef")
    questions, texts = [tokens(5, 1), tokens(9, 2)], [tokens(30, 3), tokens(12, 4)]
    with torch.no_grad():
        learned = network([one.astype(np.float16) for one in questions], [one.astype(np.float16) for one in texts])
    for question, text, odds in zip(questions, texts, learned.tolist(), strict=True):
        assert bearing.log_odds(question, text) == pytest.approx(odds, abs=1e-2)


def test_a_file_gives_back_what_went_in() -> None:
    weights = {"a": np.asarray([1.5, 2.0], np.float32)}
    kept = parse_bearing(bearing_bytes(weights, "model:1"))
    assert kept.model == "model:1"
    assert bearing_bytes(weights, "model:1") == bearing_bytes(weights, "model:1")


def test_a_long_text_that_is_learned_from_is_cut_between_words() -> None:
    cut = beneath("Kop", "woord " * 100)
    assert cut.startswith("Kop\nwoord")
    assert len(cut) <= LONGEST + len("Kop\n")
    assert cut.endswith("woord")
    assert beneath("", "kort  en\nbondig") == "\nkort en bondig"


def test_with_another_model_it_says_nothing(fake_sample_answerer: Answerer) -> None:
    retriever = fake_sample_answerer.retriever
    retrieval = retriever.retrieve(ANSWERED, 10)
    assert bears(retriever, retrieval, select_quotes(retriever, retrieval)) == 0.0


@pytest.mark.model
def test_it_tells_most_that_is_answered_from_most_that_is_not(sample_answerer: Answerer) -> None:
    """On the gold of the sample document, which it did not learn from."""
    retriever = sample_answerer.retriever
    odds: dict[bool, list[float]] = {True: [], False: []}
    for file in gold_for(list(sample_answerer.index.documents.values()), None, ""):
        for gold in file.questions:
            asked = complete(gold.question, gold.earlier, sample_answerer.closest)
            if says_nothing(asked) or is_small_talk(asked):
                continue
            retrieval = retriever.retrieve(asked, 10)
            odds[gold.answerable].append(bears(retriever, retrieval, select_quotes(retriever, retrieval)))
    assert len(odds[True]) > 40
    assert median(odds[True]) > 0 > median(odds[False]) + 1
    assert bears(retriever, retriever.retrieve(ANSWERED, 10), []) == 0.0


@pytest.mark.model
def test_a_sentence_is_read_without_the_model_and_the_same_as_with_it(sample_answerer: Answerer) -> None:
    """What was kept when it was indexed, and what the model reads when it was not."""

    class Deaf:
        """Reads no text, only questions."""

        def __init__(self, encoder: Encoder) -> None:
            self.fingerprint, self.dimension, self.encoder = encoder.fingerprint, encoder.dimension, encoder
            self.encode_queries, self.encode_passages = encoder.encode_queries, encoder.encode_passages

        def encode_tokens(self, text: str, role: Role) -> np.ndarray:  # type: ignore[type-arg]
            assert role == "query"
            assert isinstance(self.encoder, TokenEncoder)
            return self.encoder.encode_tokens(text, role)

    kept, without = copy(sample_answerer.retriever), copy(sample_answerer.retriever)
    kept.encoder = Deaf(kept.encoder)
    without.index = replace(without.index, tokens=None)
    retrieval = kept.retrieve(ANSWERED, 10)
    quotes = select_quotes(kept, retrieval)
    assert bears(kept, retrieval, quotes) == pytest.approx(bears(without, retrieval, quotes), abs=0.01)


@pytest.mark.model
def test_a_service_that_times_its_encoder_reads_as_well(sample_answerer: Answerer) -> None:
    timed = copy(sample_answerer.retriever)
    timed.encoder = Stopwatch(timed.encoder)
    retrieval = timed.retrieve(ANSWERED, 10)
    quotes = select_quotes(timed, retrieval)
    assert bears(timed, retrieval, quotes) == bears(sample_answerer.retriever, retrieval, quotes) != 0.0


@pytest.mark.model
def test_a_row_of_a_table_is_not_read(sample_answerer: Answerer) -> None:
    retriever = sample_answerer.retriever
    retrieval = retriever.retrieve("Wat staat er in tabel 1?", 10)
    quotes = select_quotes(retriever, retrieval)
    assert quotes[0].sentence.section.kind is Kind.TABLE
    assert bears(retriever, retrieval, quotes) == 0.0


@pytest.mark.model
def test_a_vector_is_the_mean_of_its_tokens_and_these_are_at_hand(onnx: Encoder) -> None:
    assert isinstance(onnx, OnnxEncoder)
    assert isinstance(onnx, TokenEncoder)
    (vector,) = onnx.encode_queries([ANSWERED])
    at_hand = onnx.encode_tokens(ANSWERED, "query")
    mean = at_hand.mean(0) / np.linalg.norm(at_hand.mean(0))
    assert np.allclose(mean, vector, atol=1e-5)
    onnx.encode_queries(["Iets anders."])
    assert np.allclose(onnx.encode_tokens(ANSWERED, "query"), at_hand, atol=1e-5)
    assert not np.allclose(onnx.encode_tokens(ANSWERED, "passage")[0], at_hand[0], atol=1e-3)


@pytest.mark.model
@pytest.mark.parametrize("role", ["query", "passage"])
def test_both_engines_give_the_same_tokens(bundled: ModelFolder, onnx: Encoder, role: Role) -> None:
    assert isinstance(onnx, OnnxEncoder)
    theirs = TorchEncoder(bundled, 2).encode_tokens(ANSWERED, role)
    assert np.allclose(theirs, onnx.encode_tokens(ANSWERED, role), atol=1e-4)


@pytest.mark.model
def test_the_shipped_file_was_learned_on_the_shipped_model(onnx: Encoder) -> None:
    assert shipped_bearing().model == onnx.fingerprint


@pytest.mark.model
def test_material_has_every_question_of_a_passage(onnx: Encoder, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(onnx, OnnxEncoder)
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(HELD_OUT.read_text(encoding="utf-8").splitlines()[:3]), encoding="utf-8")
    rows, material = lines(few), read_material([few], onnx)
    assert len(material.asked) == sum(len(row["questions"]) + len(row["near"]) + len(row["wrong"]) for row in rows)
    assert [asked.answered for asked in material.asked[:10]] == [True] * 6 + [False] * 4
    assert all(asked.own not in asked.others for asked in material.asked)


@pytest.mark.parametrize(("path", "near", "wrong"), [(OWN, 3, 1), (HELD_OUT, 3, 1), (NEAR, 4, 3)])
def test_every_passage_has_questions_that_it_nearly_answers(path: Path, near: int, wrong: int) -> None:
    rows = lines(path)
    assert all(len(row["near"]) == near and len(row["wrong"]) == wrong for row in rows)
    assert not any(set(row["near"] + row["wrong"]) & set(row["questions"]) for row in rows)


def test_what_is_measured_on_was_not_learned_from() -> None:
    learned, unseen = (
        {row["document"] for path in paths for row in lines(path)} for paths in ((OWN, NEAR), (HELD_OUT,))
    )
    assert not learned & unseen
