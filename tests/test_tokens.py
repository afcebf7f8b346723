"""Token vectors kept at indexing: what comes back, and that nobody waits for them or stumbles over them."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.structure import read_document
from fakes import MADE_UP, FakeEncoder, as_file
from index.build import build_index
from index.embedded import embedded_text
from index.encode import DeferredEncoder, Matrix, Read, Role
from index.encode import ReadingEncoder as Reading
from index.manifest import Recipe
from index.reuse import RememberingEncoder
from index.store import open_index
from index.tokens import KeptTokens, TokenShelf, pack, rounded

TEXTS = ["De brug is vernieuwd.", "Het werk kostte geld.", "Een school sluit."]
MODEL = "proef"


def token_vectors(count: int, dimension: int = 12) -> Matrix:
    return np.random.default_rng(count).normal(size=(count, dimension)).astype(np.float32)


class ReadingEncoder(FakeEncoder):
    """Also gives token vectors, one for each letter, and remembers of which texts."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode_tokens(self, text: str, role: Role) -> Matrix:
        return token_vectors(len(text), self.dimension)

    def read_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Read:
        self.read += texts
        return self.encode_passages(texts, done), [self.encode_tokens(text, "passage") for text in texts]


@pytest.mark.parametrize("count", [0, 1, 7])
def test_rounding_moves_a_value_by_half_a_unit_at_most(count: int) -> None:
    tokens = token_vectors(count)
    near = rounded(tokens)
    assert near.shape == tokens.shape
    assert np.all(np.abs(near - tokens) <= np.abs(tokens).max(1, initial=0.0, keepdims=True) / 254 + 1e-6)
    assert np.array_equal(rounded(near), near)
    assert len(pack(tokens)) == count * (12 + 4)


def test_a_token_of_noughts_stays_that() -> None:
    assert not rounded(np.zeros((2, 12), np.float32)).any()


def test_what_was_kept_comes_back_rounded(tmp_path: Path) -> None:
    kept = KeptTokens(tmp_path, MODEL)
    kept.add([(TEXTS[0], token_vectors(3)), (TEXTS[1], token_vectors(5))])
    kept.finish(TEXTS)
    kept.close()
    shelf = TokenShelf(tmp_path, MODEL)
    found = shelf.get(TEXTS[1], 12)
    assert found is not None
    assert np.array_equal(found, rounded(token_vectors(5)))
    assert shelf.get(TEXTS[2], 12) is None
    assert shelf.get(TEXTS[1], 500) is None  # of another model, it would seem
    assert TokenShelf(tmp_path, "ander").get(TEXTS[1], 12) is None


def test_what_cannot_be_read_at_once_counts_as_not_kept(tmp_path: Path) -> None:
    assert TokenShelf(tmp_path / "nergens", MODEL).get(TEXTS[0], 12) is None
    kept = KeptTokens(tmp_path, MODEL)
    kept.add([(TEXTS[0], token_vectors(3))])
    kept.close()
    (file,) = tmp_path.glob("*.sqlite")
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    shelf = TokenShelf(tmp_path, MODEL)
    assert shelf.get(TEXTS[0], 12) is None
    writer.execute("COMMIT")
    assert shelf.get(TEXTS[0], 12) is not None
    writer.execute("UPDATE content SET value = x'00'")
    writer.close()
    assert shelf.get(TEXTS[0], 12) is None
    file.write_bytes(b"dit is geen databestand" * 500)
    assert TokenShelf(tmp_path, MODEL).get(TEXTS[0], 12) is None


def test_a_process_that_splits_off_opens_the_file_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptTokens(tmp_path, MODEL)
    kept.add([(TEXTS[0], token_vectors(3))])
    kept.close()
    shelf = TokenShelf(tmp_path, MODEL)
    opened: list[str] = []
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *some, **named: opened.append(some[0]) or connect(*some, **named))
    for process in (1, 1, 2):
        monkeypatch.setattr(os, "getpid", lambda process=process: process)
        assert shelf.get(TEXTS[0], 12) is not None
    assert len(opened) == 2


def test_of_sentences_that_are_embedded_the_tokens_are_kept_and_of_no_other(tmp_path: Path) -> None:
    inner = ReadingEncoder()
    encoder = RememberingEncoder(inner, tmp_path, TEXTS[:2])
    encoder.learn([*TEXTS, "Iets langers."], ["Wat kost het?"], lambda _ready, _total: None)
    encoder.finish()
    encoder.close()
    shelf = TokenShelf(tmp_path, inner.fingerprint)
    assert [shelf.get(text, inner.dimension) is not None for text in [*TEXTS, "Iets langers."]] == [1, 1, 0, 0]
    again = ReadingEncoder()
    second = RememberingEncoder(again, tmp_path, TEXTS[:2])
    assert np.array_equal(second.encode_passages(TEXTS), FakeEncoder().encode_passages(TEXTS))
    second.finish()
    assert not again.read
    third = RememberingEncoder(again, tmp_path, TEXTS)
    third.learn(TEXTS, [], lambda _ready, _total: None)
    assert again.read == [TEXTS[2]]  # its vector was kept, what was read of it was not


def test_a_model_without_token_vectors_keeps_none(tmp_path: Path) -> None:
    encoder = RememberingEncoder(FakeEncoder(), tmp_path, TEXTS)
    encoder.encode_passages(TEXTS)
    encoder.finish()
    encoder.close()
    assert len(list(tmp_path.glob("*.sqlite"))) == 1
    inner = ReadingEncoder()
    late: Reading = DeferredEncoder(inner.fingerprint, inner.dimension, lambda: inner)
    assert np.array_equal(late.read_passages(TEXTS)[1][0], inner.encode_tokens(TEXTS[0], "passage"))
    assert np.array_equal(late.encode_tokens(TEXTS[0], "query"), inner.encode_tokens(TEXTS[0], "query"))


@pytest.mark.parametrize("most", [1, 10_000])
def test_an_index_opens_what_its_building_kept_unless_it_is_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("index.build.MOST_READ", most)
    encoder = ReadingEncoder()
    recipe = Recipe(3, 2, "lezer")
    file = as_file(read_document("verzonnen", "Verzonnen", MADE_UP))
    manifest = build_index(tmp_path, [file], "proef", encoder, "proef", recipe, lambda _ready, _total: None, read=True)
    index = open_index(tmp_path, manifest)
    assert index.tokens is not None
    texts = [embedded_text(file.document, sentence) for sentence in index.sentences]
    kept = [index.tokens.get(text, encoder.dimension) is not None for text in texts]
    assert kept == [most > 1] * len(texts)
    assert len(texts) > 1
