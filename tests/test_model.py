"""The bundled weights: decoded right, the same through both engines, and refused when damaged."""

import socket
import struct
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelUnusableError
from index.convert import PROMPTS
from index.encode import Encoder, OnnxEncoder, TorchEncoder, clean
from index.models import ModelFolder, find_model
from index.quantized import bundled_file, dequantize, read_model

TEXTS = [
    "De leefbaarheid in de regio blijft achter.",
    "Wie betaalt de buurtbus? 12,5 miljoen euro; zie § 3.",
    "  odd\u200b\u3000 spaces\tand ﬁ ligatures  ",
    "x" * 4000,
    "",
]


def test_a_block_decodes_as_the_format_says() -> None:
    nibbles = bytes((low | high << 4) for low, high in zip(range(16), reversed(range(16)), strict=True))
    raw = np.frombuffer(struct.pack("<e", 0.5) + nibbles, np.uint8)
    expected = [(value - 8) * 0.5 for value in [*range(16), *reversed(range(16))]]
    assert dequantize(raw).tolist() == expected


def test_some_rows_equal_the_whole_table() -> None:
    model = read_model(bundled_file())
    rows = model.rows("emb.word", np.array([5, 100, 249_000]), model.hidden)
    whole = model.tensor("emb.word").reshape(-1, model.hidden)
    assert np.array_equal(rows, whole[[5, 100, 249_000]])


@pytest.mark.parametrize("damage", [lambda data: data[:1000], lambda data: b"NOPE" + data[4:5000], lambda data: b""])
def test_damaged_weights_are_named_with_the_cure(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    with bundled_file().open("rb") as file:
        head = file.read(10_000)
    path = tmp_path / "weights.bin"
    path.write_bytes(damage(head))
    with pytest.raises(ModelUnusableError, match=r"weights.bin.*beschadigd.*pip install"):
        read_model(path)


@pytest.fixture(scope="module")
def torch_encoder(bundled: ModelFolder) -> Encoder:
    return TorchEncoder(bundled, 2)


def test_both_engines_give_the_same_unit_vectors(torch_encoder: Encoder, onnx: Encoder) -> None:
    for one, other in [
        (torch_encoder.encode_passages(TEXTS), onnx.encode_passages(TEXTS)),
        (torch_encoder.encode_queries(TEXTS), onnx.encode_queries(TEXTS)),
    ]:
        assert one.shape == other.shape == (len(TEXTS), onnx.dimension)
        assert one.dtype == other.dtype == np.float32
        assert np.linalg.norm(one, axis=1) == pytest.approx(1, abs=1e-5)
        assert (one * other).sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_questions_and_passages_get_their_own_prefix(torch_encoder: Encoder, onnx: Encoder) -> None:
    assert PROMPTS["query"] == "query: "
    assert PROMPTS["document"] == PROMPTS["passage"] == "passage: "
    for encoder in (torch_encoder, onnx):
        question, passage = encoder.encode_queries(TEXTS[:1])[0], encoder.encode_passages(TEXTS[:1])[0]
        assert question @ passage < 0.99


def test_a_batch_gives_what_single_texts_give(onnx: Encoder) -> None:
    """Bit for bit: an index does not depend on which of its texts were new."""
    texts = [*TEXTS, *(" ".join(TEXTS[:n]) for n in range(2, len(TEXTS))), *(f"{text} Of niet?" for text in TEXTS)]
    together = onnx.encode_passages(texts)
    assert np.array_equal(onnx.encode_passages(texts[::-1])[::-1], together)
    for text, row in zip(texts, together, strict=True):
        assert np.array_equal(onnx.encode_passages([text])[0], row)


def test_nothing_in_nothing_out(onnx: Encoder) -> None:
    assert onnx.encode_queries([]).shape == (0, onnx.dimension)


def test_hostile_characters_are_cleaned_once(onnx: Encoder) -> None:
    assert clean("a\x00b\ud800") == "a b?"
    assert np.isfinite(onnx.encode_queries(["\ud800\x00" * 50 + "\ufdfa" * 50])).all()


def test_meaning_is_found_without_shared_words(onnx: Encoder) -> None:
    question = onnx.encode_queries(["Wat kost een ritje met de dorpsbus?"])[0]
    near, far = onnx.encode_passages(
        ["Voor elke reis betaalt de passagier 1,50 euro.", "De school ging dicht in 2019."]
    )
    assert question @ near > question @ far


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusableError, match=r"modules\.json"):
        find_model(str(tmp_path), None, print)
    with pytest.raises(ModelUnusableError, match="bestaat niet"):
        find_model(str(tmp_path / "weg"), None, print)


def test_a_model_folder_is_known_by_its_content(bundled: ModelFolder, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    first = find_model(str(folder), None, print).fingerprint
    (folder / "config.json").write_text("{}")
    assert find_model(str(folder), None, print).fingerprint != first != bundled.fingerprint


def test_a_hub_name_without_network_fails_fast_with_the_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    said: list[str] = []
    with pytest.raises(ModelUnusableError, match="internetverbinding"):
        find_model("iemand/een-model", None, said.append)
    assert any("opgehaald" in line for line in said)


def test_the_bundled_model_never_asks_the_network(bundled: ModelFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("network used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert find_model("bundled", bundled.path.parent, print) == bundled
    assert OnnxEncoder(bundled, 1).encode_queries(["Werkt dit?"]).shape == (1, 384)


def test_no_room_for_the_model_is_told_with_the_cure_and_leaves_nothing(tiny_disk: Path) -> None:
    with pytest.raises(ModelUnusableError, match=r"600 MB.*cache"):
        find_model("bundled", tiny_disk / "cache", print)
    assert not [path for path in (tiny_disk / "cache").iterdir() if path.is_dir()]


def test_a_damaged_converted_model_is_named_with_the_cure(bundled: ModelFolder, tmp_path: Path) -> None:
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "encoder.onnx").write_bytes(b"half")
    with pytest.raises(ModelUnusableError, match="Verwijder deze map"):
        OnnxEncoder(ModelFolder("bundled", tmp_path, "x", bundled.weights), 1)
