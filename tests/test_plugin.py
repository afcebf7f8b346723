"""Gold as tests of pytest, in a folder of someone else: in process, and against a service over HTTP."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.app import create_app
from api.service import local_service
from corpus.model import Document
from eval.find import Finder
from eval.service import snake_case
from fakes import QUICK
from qa.answer import Answerer


@pytest.fixture
def gold(tmp_path: Path, sample: Document) -> Path:
    """A right question, one whose gold is elsewhere, and two without answer of which one is refused."""
    (price,) = Finder(sample).find("Een rit kost 1,50 euro")
    (school,) = Finder(sample).find("Het aantal basisscholen daalde van 23 naar 17.")
    asked = [
        ("goed", "Wat kost een rit met de buurtbus?", [price]),
        ("elders", "Wat kost een rit met de buurtbus?", [school]),
        ("geweigerd", "Hoe bak ik pannenkoeken?", []),
        ("toch", "Wat kost een rit met de buurtbus?", []),
    ]
    lines = [
        {"id": name, "question": question, "answerable": bool(spans), "spans": spans, "document_sha256": sample.sha256}
        for name, question, spans in asked
    ]
    path = tmp_path / "vragen.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def service(sample_answerer: Answerer) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(create_app(local_service(sample_answerer)), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def pytest_in(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    environment = os.environ | QUICK | variables
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def check(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 failed, 2 passed" in done.stdout
    for name in ("elders", "toch"):
        assert f"FAILED vragen.jsonl::{name}" in done.stdout
    assert "Verwacht: geen antwoord" in done.stdout
    assert "deel 2 (p. 2): " in done.stdout
    assert "Een rit kost 1,50 euro" in done.stdout
    assert "Traceback" not in done.stdout


def test_each_question_is_a_test_in_process(gold: Path, folder: Path) -> None:
    check(pytest_in(gold.parent, "--bronvast-gold", "vragen.jsonl", BRONVAST_INDEX=str(folder / "var" / "index")))


def test_each_question_is_a_test_against_a_service(gold: Path, service: str) -> None:
    check(pytest_in(gold.parent, "--bronvast-gold", "vragen.jsonl", "--bronvast-url", service))
    one = pytest_in(gold.parent, "--bronvast-gold", "vragen.jsonl", "--bronvast-url", service, "-k", "goed")
    assert "1 passed, 3 deselected" in one.stdout


def test_what_cannot_be_tested_is_told(gold: Path) -> None:
    down = pytest_in(gold.parent, "--bronvast-gold", "vragen.jsonl", "--bronvast-url", "http://127.0.0.1:9", "-x")
    assert "de dienst geeft geen antwoord" in down.stdout
    assert (
        "geen adres" in pytest_in(gold.parent, "--bronvast-gold", gold.name, "--bronvast-url", "ftp://x", "-x").stdout
    )
    missing = pytest_in(gold.parent, "--bronvast-gold", "weg.jsonl")
    assert missing.returncode == 4
    assert "weg.jsonl bestaat niet" in missing.stderr
    gold.write_text("kapot\n", encoding="utf-8")
    assert "regel 1: geen geldige JSON" in pytest_in(gold.parent, "--bronvast-gold", "vragen.jsonl").stdout


def test_a_gold_file_that_was_not_given_is_left_alone(gold: Path) -> None:
    assert "no tests ran" in pytest_in(gold.parent).stdout


def test_names_come_back_as_in_the_batch_contract() -> None:
    assert snake_case({"sourceSpans": [{"tookMs": 1}], "id": "aB"}) == {"source_spans": [{"took_ms": 1}], "id": "aB"}
