"""Vectors kept between indexings: the same vectors, asked for only once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from index.encode import Matrix
from index.reuse import RememberingEncoder

TEXTS = ["De brug is vernieuwd.", "Het werk kostte geld.", "Een school sluit."]


class CountingEncoder(FakeEncoder):
    """Remembers what it was asked: passages are encoded as questions are."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        self.asked += texts
        return super().encode_queries(texts)


def test_a_second_run_asks_only_for_what_is_new(tmp_path: Path) -> None:
    first = RememberingEncoder(CountingEncoder(), tmp_path / "v")
    before = first.encode_passages([*TEXTS, TEXTS[0]])
    first.save()
    inner = CountingEncoder()
    second = RememberingEncoder(inner, tmp_path / "v")
    seen: list[int] = []
    again = second.encode_passages([TEXTS[2], "Nieuw.", TEXTS[0]], seen.append)
    assert inner.asked == ["Nieuw."]
    assert sum(seen) == 3
    assert np.array_equal(again[[0, 2]], before[[2, 0]])
    assert np.array_equal(before[0], before[3])
    assert np.array_equal(again, FakeEncoder().encode_passages([TEXTS[2], "Nieuw.", TEXTS[0]]))


def test_questions_and_passages_of_the_same_words_are_kept_apart(tmp_path: Path) -> None:
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner, tmp_path)
    encoder.encode_passages(TEXTS[:1])
    encoder.encode_queries(TEXTS[:1])
    assert inner.asked == [TEXTS[0], TEXTS[0]]
    assert encoder.encode_queries([]).shape == (0, 256)


def test_only_what_was_used_last_stays_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for texts, most in ((TEXTS, 10), (TEXTS[:1], 2)):
        monkeypatch.setattr("index.reuse.MOST_KEPT", most)
        encoder = RememberingEncoder(FakeEncoder(), tmp_path)
        encoder.encode_passages(texts)
        encoder.save()
    inner = CountingEncoder()
    RememberingEncoder(inner, tmp_path).encode_passages(TEXTS)
    assert inner.asked == TEXTS[1:]


def test_a_damaged_file_counts_as_empty_and_is_replaced(tmp_path: Path) -> None:
    first = RememberingEncoder(FakeEncoder(), tmp_path)
    first.encode_passages(TEXTS)
    first.save()
    file = next(tmp_path.glob("*.npz"))
    file.write_bytes(file.read_bytes()[:50])
    inner = CountingEncoder()
    second = RememberingEncoder(inner, tmp_path)
    second.encode_passages(TEXTS)
    second.save()
    assert inner.asked == TEXTS
    assert RememberingEncoder(inner, tmp_path).encode_passages(TEXTS).shape == (3, 256)
    assert inner.asked == TEXTS
