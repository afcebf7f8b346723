"""An indexing in parts: every document in one part, and nothing embedded twice."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import qa.engine
import qa.spread
from corpus.errors import BronvastError, InputError
from fakes import FakeEncoder
from index.encode import Matrix
from index.join import PARTS, join_parts, part_folder
from index.models import ModelFolder
from index.store import open_index
from qa.engine import prepare_index
from qa.settings import Settings
from qa.spread import encode_part, part_of, read_part

NAMES = [f"rapport-{n}" for n in range(8)]
COUNT = 3


class CountingEncoder(FakeEncoder):
    """Remembers what it was asked to embed."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        self.asked += texts
        return super().encode_passages(texts, done)


def quiet(*_anything: object) -> None:
    """Hears nothing."""


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> CountingEncoder:
    counting = CountingEncoder()
    for module in (qa.engine, qa.spread):
        monkeypatch.setattr(module, "load_encoder", lambda *_: counting)
        monkeypatch.setattr(module, "find_model", lambda *_: ModelFolder("nep", Path(), counting.fingerprint))
    return counting


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "rapporten"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        text = f"1 Aanleiding\n\nDe brug nummer {number} is te smal. Brug {number} wordt vernieuwd.\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_parts_made_apart_give_the_index_that_one_indexing_gives(
    encoder: CountingEncoder, documents: Path, tmp_path: Path
) -> None:
    whole = Settings(index=tmp_path / "heel", vectors=tmp_path / "heel-vectoren")
    spread = Settings(index=tmp_path / "deel", vectors=tmp_path / "deel-vectoren")
    prepare_index(whole, [documents], False, quiet, quiet)
    once = sorted(encoder.asked)
    encoder.asked.clear()
    read = [encode_part(spread, [documents], f"{n}/{COUNT}", quiet, quiet, quiet) for n in range(1, COUNT + 1)]
    assert sum(read) == len(NAMES)
    assert sorted(encoder.asked) == once
    encoder.asked.clear()
    made = prepare_index(spread, [documents], False, quiet, quiet).manifest
    assert encoder.asked == []
    assert not (tmp_path / "deel-vectoren" / PARTS).exists()
    ours = open_index(whole.index, prepare_index(whole, [documents], False, quiet, quiet).manifest)
    theirs = open_index(spread.index, made)
    every = range(len(ours.sentences))
    assert np.array_equal(ours.dense_sentences.vectors(every), theirs.dense_sentences.vectors(every))


def test_every_document_is_in_one_part_and_stays_there() -> None:
    assert {part_of(name, COUNT) for name in NAMES} <= set(range(1, COUNT + 1))
    assert part_of("rapport-1", COUNT) == part_of("rapport-1", COUNT)
    spread = [part_of(f"document-{n}", 16) for n in range(1600)]
    assert min(map(spread.count, range(1, 17))) > 50


def test_a_part_without_documents_is_done_at_once(encoder: CountingEncoder, documents: Path, tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", vectors=tmp_path / "vectoren")
    one = documents / f"{NAMES[0]}.txt"
    other = part_of(NAMES[0], COUNT) % COUNT + 1
    assert encode_part(settings, [one], f"{other}/{COUNT}", quiet, quiet, quiet) == 0
    assert not settings.index.exists()


@pytest.mark.parametrize("wrong", ["0/4", "5/4", "x", "1-4", "1/0"])
def test_a_part_that_is_none_says_what_was_expected(wrong: str) -> None:
    with pytest.raises(InputError, match="zoals 3/16"):
        read_part(wrong)


def test_a_damaged_part_is_named_and_the_parts_are_kept(tmp_path: Path) -> None:
    folder = part_folder(tmp_path, 2, 4)
    folder.mkdir(parents=True)
    (folder / "model.sqlite").write_bytes(b"geen vectoren")
    with pytest.raises(BronvastError, match="bronvast index --part 2/4"):
        join_parts(tmp_path)
    assert folder.is_dir()


def test_without_parts_nothing_is_joined(tmp_path: Path) -> None:
    assert join_parts(tmp_path) == 0
