"""Documents, encoders and indexes, each made once a session."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from browsing import Site, started_browser, started_site
from corpus.find import sample_documents
from corpus.load import load_documents
from corpus.model import Document
from corpus.structure import read_document
from fakes import MADE_UP, FakeEncoder, answerer_on, as_file, build, run_in
from index.encode import Encoder, load_encoder
from index.models import ModelFolder, find_model
from index.store import Index
from qa.answer import Answerer
from qa.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
# What one test has embedded, the next need not: an index of the report takes minutes.
KEPT = tempfile.TemporaryDirectory()
os.environ.setdefault("BRONVAST_VECTORS", KEPT.name)
# Where a shell started the tests in the background Ctrl-C is ignored, also by what they start; they press it.
signal.signal(signal.SIGINT, signal.default_int_handler)
REPORT = ROOT.parent / "shared" / "corpus" / "evaluatie-tweede-actieplan-bevolkingsdaling.txt"


@pytest.fixture(autouse=True, scope="session")
def priority() -> Iterator[None]:
    """Indexing within the process of the tests would leave that process behind all others, for good."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "nice", lambda _increment: 0)
        yield


@pytest.fixture(scope="session")
def made_up() -> Document:
    return read_document("brug", "De brug", MADE_UP)


@pytest.fixture(scope="session")
def sample() -> Document:
    return load_documents(sample_documents())[0].document


@pytest.fixture(scope="session")
def fake_index(made_up: Document, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return build(tmp_path_factory.mktemp("fake") / "index", [as_file(made_up)], FakeEncoder())


@pytest.fixture
def fake_answerer(fake_index: Index) -> Answerer:
    return answerer_on(fake_index, FakeEncoder())


@pytest.fixture(scope="session")
def fake_sample_answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    """On the sample document, whose file exists, without the real model."""
    index = build(tmp_path_factory.mktemp("fake-sample") / "index", load_documents(sample_documents()), FakeEncoder())
    return answerer_on(index, FakeEncoder())


@pytest.fixture(scope="session")
def bundled() -> ModelFolder:
    """The bundled model, in the cache that the settings name, so that it is converted once a machine."""
    return find_model("bundled", Settings().cache, lambda _message: None)


@pytest.fixture(scope="session")
def onnx(bundled: ModelFolder) -> Encoder:
    return load_encoder(bundled, "onnx", 2)


@pytest.fixture(scope="session")
def sample_index(onnx: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return build(tmp_path_factory.mktemp("sample") / "index", load_documents(sample_documents()), onnx)


@pytest.fixture(scope="session")
def sample_answerer(sample_index: Index, onnx: Encoder) -> Answerer:
    return answerer_on(sample_index, onnx)


@pytest.fixture(scope="session")
def report_path() -> Path:
    if not REPORT.is_file():
        pytest.skip(f"het rapport is hier niet: {REPORT}")
    return REPORT


@pytest.fixture(scope="session")
def report(report_path: Path) -> Document:
    return load_documents([report_path])[0].document


@pytest.fixture(scope="session")
def report_answerer(report_path: Path, onnx: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    with FileLock(Path(os.environ["BRONVAST_VECTORS"]).with_suffix(".lock")):  # two that run at once embed it once
        index = build(tmp_path_factory.mktemp("report") / "index", load_documents([report_path]), onnx)
    return answerer_on(index, onnx)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the sample indexed, as by default: through sentence-transformers."""
    folder = tmp_path_factory.mktemp("work")
    done = run_in(folder, "index", BRONVAST_ENGINE="auto")
    assert done.returncode == 0, done.stderr
    assert "voorbeelddocument" in done.stderr
    assert "6 pagina's" in done.stderr
    return folder


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB; only root may mount one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("een kleine schijf aankoppelen kan alleen als root")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"een kleine schijf aankoppelen lukt hier niet: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, once a module: while it runs, no other event loop may run in this thread."""
    with started_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(sample_answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with started_site(sample_answerer, tmp_path_factory.mktemp("site")) as site:
        yield site
