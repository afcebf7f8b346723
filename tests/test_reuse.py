"""Vectors kept between indexings: the same vectors, asked for only once."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from index.encode import Matrix
from index.models import ModelFolder
from index.reuse import RememberingEncoder
from qa.engine import prepare_index
from qa.settings import Settings

TEXTS = ["De brug is vernieuwd.", "Het werk kostte geld.", "Een school sluit."]


class CountingEncoder(FakeEncoder):
    """Remembers what it was asked, and breaks off before it would be more than `stop` texts."""

    def __init__(self, stop: int | None = None) -> None:
        self.asked: list[str] = []
        self.blocks: list[list[str]] = []
        self._stop = stop

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        if self._stop is not None and len(self.asked) + len(texts) > self._stop:
            raise KeyboardInterrupt
        self.asked += texts
        self.blocks.append(list(texts))
        return super().encode_queries(texts)


def test_a_second_run_asks_only_for_what_is_new(tmp_path: Path) -> None:
    first = RememberingEncoder(CountingEncoder(), tmp_path / "v")
    before = first.encode_passages([*TEXTS, TEXTS[0]])
    first.finish()
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


def test_a_run_that_is_killed_goes_on_with_the_blocks_that_were_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The encoder is asked the same blocks, in the same order, as in a run that nothing stopped."""
    monkeypatch.setattr("index.reuse.BLOCK", 4)
    texts = [f"Zin {number} gaat over onderwerp {number * number}." for number in range(18)]
    whole = CountingEncoder()
    expected = RememberingEncoder(whole, tmp_path / "whole").encode_passages(texts)
    for stop in range(1, len(texts)):
        first, second = CountingEncoder(stop), CountingEncoder()
        with pytest.raises(KeyboardInterrupt):
            RememberingEncoder(first, tmp_path / str(stop)).learn(texts, [], lambda _ready, _total: None)
        assert np.array_equal(RememberingEncoder(second, tmp_path / str(stop)).encode_passages(texts), expected)
        assert [*first.blocks, *second.blocks] == whole.blocks


def test_progress_counts_only_what_is_work(tmp_path: Path) -> None:
    encoder = RememberingEncoder(FakeEncoder(), tmp_path)
    encoder.encode_passages(TEXTS)
    seen: list[tuple[int, int]] = []
    encoder.learn([*TEXTS, "Nieuw.", "Nieuw."], TEXTS[:1], lambda ready, total: seen.append((ready, total)))
    assert seen == [(0, 2), (1, 2), (2, 2)]
    seen.clear()
    encoder.learn(TEXTS, TEXTS[:1], lambda ready, total: seen.append((ready, total)))
    assert seen == []


def test_two_runs_may_share_a_file(tmp_path: Path) -> None:
    one, other = RememberingEncoder(FakeEncoder(), tmp_path), RememberingEncoder(FakeEncoder(), tmp_path)
    one.encode_passages(TEXTS[:2])
    other.encode_passages(TEXTS[1:])
    one.finish()
    other.finish()
    inner = CountingEncoder()
    RememberingEncoder(inner, tmp_path).encode_passages(TEXTS)
    assert inner.asked == []


def test_what_no_recent_run_used_is_dropped_when_there_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(texts: Sequence[str]) -> None:
        encoder = RememberingEncoder(FakeEncoder(), tmp_path)
        encoder.encode_passages(texts)
        encoder.finish()
        encoder.close()

    def asked_for(texts: Sequence[str]) -> set[str]:
        inner = CountingEncoder()
        encoder = RememberingEncoder(inner, tmp_path)
        new = set(encoder._new("passage", texts).values())
        encoder.close()
        return new

    monkeypatch.setattr("index.kept.LAST_RUNS", 2)
    run(TEXTS)
    for _ in range(4):
        run(TEXTS[:1])
    assert asked_for(TEXTS) == set()  # little enough to keep
    monkeypatch.setattr("index.reuse.MOST_KEPT", 2)
    run(TEXTS[:1])
    assert asked_for(TEXTS) == set(TEXTS[1:])
    run(TEXTS)
    run(TEXTS[:1])
    assert asked_for(TEXTS) == set()  # too much, but used a moment ago


def test_a_damaged_file_counts_as_empty_and_is_replaced(tmp_path: Path) -> None:
    first = RememberingEncoder(FakeEncoder(), tmp_path)
    first.encode_passages(TEXTS)
    first.finish()
    first.close()
    file = next(tmp_path.glob("*.sqlite"))
    whole = file.read_bytes()
    for damaged in (whole[:50], whole[: len(whole) // 2], b"iets anders " * 1000, b""):
        file.write_bytes(damaged)
        inner = CountingEncoder()
        second = RememberingEncoder(inner, tmp_path)
        assert np.array_equal(second.encode_passages(TEXTS), FakeEncoder().encode_passages(TEXTS))
        second.finish()
        second.close()
        assert sorted(inner.asked) == sorted(TEXTS)
        assert RememberingEncoder(inner, tmp_path).encode_passages(TEXTS).shape == (3, 256)
        assert sorted(inner.asked) == sorted(TEXTS)


def test_a_vector_whose_bits_changed_is_embedded_again(tmp_path: Path) -> None:
    first = RememberingEncoder(FakeEncoder(), tmp_path)
    vectors = first.encode_passages(TEXTS)
    first.close()
    file = next(tmp_path.glob("*.sqlite"))
    value = vectors[1].tobytes()
    assert file.read_bytes().count(value) == 1
    file.write_bytes(file.read_bytes().replace(value, value[:-1] + b"x"))
    for asked in (TEXTS[1:2], []):
        inner = CountingEncoder()
        again = RememberingEncoder(inner, tmp_path)
        assert np.array_equal(again.encode_passages(TEXTS), vectors)
        again.close()
        assert inner.asked == asked


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "v").write_text("geen map")
    encoder = RememberingEncoder(FakeEncoder(), tmp_path / "v")
    assert np.array_equal(encoder.encode_passages(TEXTS), FakeEncoder().encode_passages(TEXTS))
    encoder.finish()


def test_a_disk_that_is_full_only_costs_time(tiny_disk: Path) -> None:
    texts = [f"Zin {number} van een lang document." for number in range(1500)]
    encoder = RememberingEncoder(FakeEncoder(), tiny_disk)
    assert np.array_equal(encoder.encode_passages(texts), FakeEncoder().encode_passages(texts))
    encoder.finish()
    encoder.close()


def test_a_document_that_is_gone_needs_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[FakeEncoder] = []

    def load(*_given: object) -> FakeEncoder:
        loaded.append(FakeEncoder())
        return loaded[-1]

    monkeypatch.setattr("qa.engine.load_encoder", load)
    monkeypatch.setattr("qa.engine.find_model", lambda *_: ModelFolder("nep", Path(), FakeEncoder.fingerprint))
    for name, text in zip("abc", TEXTS, strict=True):
        (tmp_path / f"{name}.txt").write_text(f"1 Aanleiding\n\n{text}\n", encoding="utf-8")
    settings = Settings(index=tmp_path / "index", vectors=tmp_path / "vectoren")

    def indexed(names: str) -> list[str]:
        paths = [tmp_path / f"{name}.txt" for name in names]
        made = prepare_index(settings, paths, False, lambda *_: None, lambda *_: None)
        return [document["id"] for document in made.manifest["documents"]]

    assert (indexed("ab"), len(loaded)) == (["a", "b"], 1)
    assert (indexed("a"), len(loaded)) == (["a"], 1)
    assert (indexed("ac"), len(loaded)) == (["a", "c"], 2)
