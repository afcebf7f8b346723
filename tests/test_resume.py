"""An indexer that is killed at any moment and started again gives the very same index as one that nothing stopped.

BRONVAST_TEST_ROUNDS makes it longer: 50 kills take about a quarter of an hour.
"""

import json
import os
import random
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from eval.bench.archive import write_archive
from fakes import QUICK
from index.manifest import MANIFEST, read_manifest

ROUNDS = int(os.environ.get("BRONVAST_TEST_ROUNDS", "3"))
# Small blocks, and small files read side by side, so that a small archive has all that a large one has.
INDEXER = """
import api.cli, corpus.parallel, index.reuse
corpus.parallel.PAYS_FROM_BYTES, index.reuse.BLOCK, api.cli.LOWEST_PRIORITY = 1, 8, 0
api.cli.main()
"""


def indexer(place: Path, archive: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | QUICK | {
        "BRONVAST_INDEX": str(place / "index"),
        "BRONVAST_VECTORS": str(place / "vectors"),
        "BRONVAST_THREADS": "2",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", INDEXER, "index", str(archive)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def content(root: Path) -> dict[str, str]:
    """The name and the hash of every file of the current build; of the manifest without the moment it was made."""
    manifest = read_manifest(root)
    assert manifest is not None
    build = root / manifest["build"]
    hashes = {
        str(path.relative_to(root)): sha256(path.read_bytes()).hexdigest()
        for path in build.rglob("*")
        if path.is_file()
    }
    hashes[f"{build.name}/{MANIFEST}"] = json.dumps({**manifest, "created": ""})
    return hashes


def left_running(place: Path) -> list[int]:
    """Processes that index in this place."""
    mark = f"BRONVAST_INDEX={place / 'index'}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in environment:
            found.append(int(folder.name))
    return found


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    write_archive(folder, 5, 8)
    return folder


@pytest.fixture(scope="module")
def untouched(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], float]:
    """What an index that nothing stopped holds, and how many seconds it took."""
    place = tmp_path_factory.mktemp("untouched")
    started = time.monotonic()
    assert indexer(place, archive).wait(300) == 0
    return content(place / "index"), time.monotonic() - started


def test_killed_at_any_moment_and_resumed_the_index_is_the_same(
    archive: Path, untouched: tuple[dict[str, str], float], tmp_path: Path
) -> None:
    expected, seconds = untouched
    killed = 0
    for turn in range(ROUNDS):
        place = tmp_path / str(turn)
        process = indexer(place, archive)
        time.sleep(random.uniform(0.1, seconds))
        process.kill()
        killed += process.wait() < 0
        for _ in range(100):
            if not left_running(place):
                break
            time.sleep(0.1)
        assert left_running(place) == []
        assert indexer(place, archive).wait(300) == 0
        assert content(place / "index") == expected
    print(f"{ROUNDS} rondes, {killed} maal gestopt voor het einde")  # noqa: T201 - a figure, shown by pytest -s


def test_an_archive_that_changed_gives_the_index_that_it_would_have_given_from_the_start(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    paths = write_archive(archive, 4, 8)
    assert indexer(tmp_path / "one", archive).wait(300) == 0
    paths[0].write_text(paths[0].read_text(encoding="utf-8").replace(".", ", zegt men.", 1), encoding="utf-8")
    paths[1].unlink()
    write_archive(tmp_path / "more", 1, 8, seed=1)[0].rename(archive / "nieuw.txt")
    for place in ("one", "other"):
        assert indexer(tmp_path / place, archive).wait(300) == 0
    assert content(tmp_path / "one" / "index") == content(tmp_path / "other" / "index")
