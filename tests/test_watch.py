"""`bronvast index --watch` as an operator runs it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import MADE_UP, QUICK, run_in


class Watching:
    """A running `bronvast index --watch`, and what it said so far."""

    def __init__(self, folder: Path, *paths: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "index", "--watch", *paths],
            cwd=folder, env=os.environ | QUICK, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(iter(self.process.stderr.readline, ""))

    def wait_for(self, words: str, after: int = 0) -> int:
        """How much was said when these words were."""
        for _ in range(900):
            for position, line in enumerate(self.said[after:], after):
                if words in line:
                    return position + 1
            time.sleep(0.1)
        raise AssertionError(f"{words!r} niet gezegd, wel: {self.said}")

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._reader.join(10)
        return code


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "brug.txt").write_text(MADE_UP, encoding="utf-8")
    watching = Watching(tmp_path)
    yield watching
    watching.process.kill()
    watching.process.wait()


def current(folder: Path) -> str:
    return (folder / "var" / "index" / "CURRENT").read_text(encoding="utf-8")


def test_the_index_follows_the_folder_and_a_bad_file_costs_no_document(watching: Watching) -> None:
    documents = watching.folder / "documents"
    said = watching.wait_for("De index gemaakt")
    (documents / "school.txt").write_text(MADE_UP.replace("brug", "school"), encoding="utf-8")
    said = watching.wait_for("De index gemaakt", said)
    assert any("School" in line for line in watching.said)
    before = current(watching.folder)
    (documents / "school.txt").write_bytes(b"\x89PNG\x00\x00")
    said = watching.wait_for("De index is niet veranderd", said)
    assert any("geen tekstbestand" in line and "school.txt" in line for line in watching.said)
    assert current(watching.folder) == before
    (documents / "school.txt").unlink()
    said = watching.wait_for("De index gemaakt", said)
    assert current(watching.folder) != before
    (documents / "aantekening.log").write_text("niets voor de index", encoding="utf-8")
    time.sleep(3)
    assert len(watching.said) == said
    assert watching.stop(signal.SIGINT) == 0
    assert "volgt de documenten niet meer" in watching.said[-1]
    assert "Traceback" not in "".join(watching.said)
    assert "12 miljoen" in run_in(watching.folder, "ask", "Wat kostte de brug?").stdout


def test_ctrl_c_while_it_indexes_is_a_break_off(watching: Watching) -> None:
    said = watching.wait_for("De index gemaakt")
    before = current(watching.folder)
    (watching.folder / "documents" / "lang.txt").write_text(
        "\n\n".join(MADE_UP.replace("2019", str(year)) for year in range(1900, 2000)), encoding="utf-8"
    )
    watching.wait_for("verwerkt:", said)
    assert watching.stop(signal.SIGINT) == 130
    assert "Afgebroken. De oude index is niet veranderd." in watching.said[-1]
    assert current(watching.folder) == before


def test_a_stop_by_the_system_is_a_stop(watching: Watching) -> None:
    watching.wait_for("De index gemaakt")
    assert watching.stop(signal.SIGTERM) == 0
    assert "volgt de documenten niet meer" in watching.said[-1]


def test_a_folder_that_is_not_there_is_refused_with_the_cure(tmp_path: Path) -> None:
    done = run_in(tmp_path, "index", "--watch", "nergens")
    assert done.returncode == 2
    assert "nergens: bestaat niet" in done.stderr
    assert "bronvast index --watch rapporten/" in done.stderr
