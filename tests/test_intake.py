"""Reading documents for an index: only what is new is read, and what comes back is what reading gives."""

import os
import signal
import time
from pathlib import Path

import pytest

from corpus.enrichment import beside
from corpus.errors import BronvastError
from corpus.limits import Limits
from corpus.load import DocumentFile, Refused, file_hashes, load_document
from corpus.parallel import load_each
from fakes import MADE_UP
from index.intake import Intake
from index.kept import LAST_RUNS
from test_enrichment import line

LINGER = 120


def silent(_ready: int, _total: int) -> None:
    pass


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = []
    for number in range(4):
        paths.append(tmp_path / f"brug-{number}.txt")
        paths[-1].write_text(f"{MADE_UP}\nDit is nummer {number}.\n", encoding="utf-8")
    written = line(load_document(paths[0], Limits()).document, "Het werk kostte 12 miljoen euro.")
    beside(paths[0]).write_text(written + "\n", encoding="utf-8")
    paths.append(tmp_path / "kapot.pdf")
    paths[-1].write_bytes(b"%PDF-1.7 niets")
    return paths


def test_what_is_kept_is_what_was_read(files: list[Path], tmp_path: Path) -> None:
    expected = [load_document(path, Limits()) for path in files[:-1]]
    for turn in range(2):
        intake = Intake(tmp_path / "kept", "reader", Limits(), 1)
        seen: list[tuple[int, int]] = []
        loaded, refused = intake.read(
            files, file_hashes(files), False, lambda ready, total, seen=seen: seen.append((ready, total))
        )
        intake.finish()
        intake.close()
        assert loaded == expected
        assert loaded[0].enrichments
        assert [one.path for one in refused] == files[-1:]
        read = sum(path.stat().st_size for path in (files if turn == 0 else files[-1:]))
        assert seen[0] == (0, read)
        assert seen[-1] == (read, read)


def test_the_text_of_a_document_that_is_gone_does_not_stay(
    files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.intake.QUICKLY", 0)  # stored as it is, so that it can be found
    for turn in range(LAST_RUNS + 1):
        paths = files[:2] if turn == 0 else files[:1]
        intake = Intake(tmp_path / "kept", "reader", Limits(), 1)
        intake.read(paths, file_hashes(paths), False, silent)
        intake.finish()
        intake.close()
        stored = next((tmp_path / "kept").iterdir()).read_bytes()
        assert b"Dit is nummer 0." in stored
        assert (b"Dit is nummer 1." in stored) == (turn < LAST_RUNS)


@pytest.mark.parametrize("change", ["file", "name", "reader", "limits", "anew"])
def test_what_changed_is_read_again(
    change: str, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr("corpus.parallel.load_document", lambda path, limits: read.append(path) or load(path, limits))
    load = load_document
    paths = files[:2]
    Intake(tmp_path / "kept", "reader", Limits(), 1).read(paths, file_hashes(paths), False, silent)
    assert read == paths
    read.clear()
    if change == "file":
        paths[1].write_text(MADE_UP, encoding="utf-8")
    if change == "name":
        paths[1] = paths[1].rename(tmp_path / "anders.txt")
    limits = Limits(pages=9) if change == "limits" else Limits()
    reader = "other" if change == "reader" else "reader"
    loaded, _ = Intake(tmp_path / "kept", reader, limits, 1).read(paths, file_hashes(paths), change == "anew", silent)
    assert read == (paths[1:] if change in ("file", "name") else paths)
    assert loaded == [load(path, limits) for path in paths]


def test_reading_side_by_side_gives_the_same(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = {one.path: one for one in load_each(files, Limits(), 1)}
    monkeypatch.setattr("corpus.parallel.PAYS_FROM_BYTES", 1)
    together = {one.path: one for one in load_each(files, Limits(), 2)}
    assert together == alone
    assert isinstance(together[files[-1]], Refused)


def test_reading_that_is_broken_off_stops_the_readers(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.parallel.PAYS_FROM_BYTES", 1)
    monkeypatch.setattr("corpus.parallel._load", _load_or_linger)
    reading = load_each(files, Limits(), 2)
    next(reading)
    started = time.monotonic()
    reading.close()
    assert time.monotonic() - started < LINGER / 2


def test_a_reader_that_is_killed_is_told(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.parallel.PAYS_FROM_BYTES", 1)
    monkeypatch.setattr("corpus.parallel._load", _die)
    with pytest.raises(BronvastError, match=r"te weinig geheugen.*threads = 1.*oude index"):
        list(load_each(files, Limits(), 2))


def _load_or_linger(path: Path, limits: Limits) -> DocumentFile:
    if path.stem != "brug-0":
        time.sleep(LINGER)
    return load_document(path, limits)


def _die(_path: Path, _limits: Limits) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
