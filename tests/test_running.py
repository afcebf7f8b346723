"""`bronvast serve` as an operator runs it: processes that die, an index that is replaced, a stop in good order.

BRONVAST_TEST_ROUNDS makes it longer: 50 replacements and 100 kills take about ten minutes.
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from corpus.model import Document
from fakes import QUICK, run_in
from index.manifest import MANIFEST, publish, read_manifest, verify

ROUNDS = int(os.environ.get("BRONVAST_TEST_ROUNDS", "4"))
QUESTION = "Wat kost een rit met de buurtbus?"
PRICES = ("1,50", "2,75")


@dataclass
class Running:
    """A service and where it works."""

    address: str
    process: subprocess.Popen[bytes]
    index: Path

    def workers(self) -> list[int]:
        """The answering processes that live now."""
        splitting = [pid for pid in children_of(self.process.pid) if b"forkserver" in command_of(pid)]
        return [worker for pid in splitting for worker in children_of(pid)]

    def wait(self, workers: int = 1) -> dict:
        for _ in range(600):
            try:
                state = httpx.get(f"{self.address}/readyz").json()
                if state["workers"] >= workers:
                    return state
            except httpx.TransportError:
                assert self.process.poll() is None
            time.sleep(0.1)
        raise AssertionError("de dienst werd niet gereed")


def children_of(pid: int) -> list[int]:
    """The processes that a process started and that live."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in children for child in path.read_text().split()]


def maps_of(pid: int) -> str:
    """The files that a process has in memory."""
    return Path(f"/proc/{pid}/maps").read_text()


def megabytes(pid: int, kind: str) -> float:
    """Memory of a process, of one kind that Linux tells of."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1024


def command_of(pid: int) -> bytes:
    """The command line of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@dataclass
class Load:
    """Asks without pause from some threads, and keeps every response."""

    address: str
    responses: list[httpx.Response] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    stopped: bool = False

    def ask(self) -> None:
        with httpx.Client(timeout=60) as client:
            while not self.stopped:
                try:
                    self.responses.append(client.post(f"{self.address}/v1/antwoorden", json={"question": QUESTION}))
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                time.sleep(0.03)

    @contextmanager
    def running(self, threads: int = 2) -> Iterator["Load"]:
        started = [threading.Thread(target=self.ask) for _ in range(threads)]
        for thread in started:
            thread.start()
        try:
            yield self
        finally:
            self.stopped = True
            for thread in started:
                thread.join()


def copy_of(folder: Path, place: Path) -> Path:
    """A working folder with the sample's index, to do with as a test likes."""
    shutil.copytree(folder, place)
    return place


@pytest.fixture(scope="module")
def running(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    place = copy_of(folder, tmp_path_factory.mktemp("running") / "work")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (place / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--workers", "2"],
        cwd=place,
        env=os.environ | QUICK | {"BRONVAST_RATE": "0", "BRONVAST_ANSWER_SECONDS": "60"},
        stdout=log,
        stderr=log,
    )
    service = Running(f"http://127.0.0.1:{port}", process, place / "var" / "index")
    try:
        service.wait(2)
        yield service
    finally:
        process.kill()
        process.wait()


def test_command_line_batch_and_http_give_the_same_bytes(running: Running, tmp_path: Path) -> None:
    questions = [QUESTION, "Hoe bak ik pannenkoeken?", "Hoeveel banen verdwenen er?"]
    place = running.index.parent.parent
    source, target = tmp_path / "in.jsonl", tmp_path / "uit.jsonl"
    source.write_text("\n".join(json.dumps({"id": "x", "question": q}) for q in questions), encoding="utf-8")
    assert run_in(place, "ask", "--batch", str(source), "--out", str(target)).returncode == 0
    asked = run_in(place, "ask", "--json", QUESTION).stdout

    def same(record: dict) -> str:
        record.pop("id")
        record.pop("took_ms", None)
        record.pop("tookMs", None)
        return json.dumps(record, ensure_ascii=False)

    batch = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert same(json.loads(asked)) == same(dict(batch[0]))
    for question, record in zip(questions, batch, strict=True):
        from api.schema import AnswerOut, in_camel_case

        response = httpx.post(f"{running.address}/v1/antwoorden", json={"question": question}).json()
        assert AnswerOut.model_validate(response).status == record["status"]
        assert same(response) == same(in_camel_case(record))


def test_a_new_index_takes_over_under_load_without_a_failed_or_mixed_answer(
    running: Running, sample: Document, tmp_path: Path
) -> None:
    """Two editions of the sample take turns: the price of a ticket tells which one an answer came from."""
    file = tmp_path / "evaluatie-regioplan-veenkamp.txt"
    file.write_text(sample.source.replace(*PRICES), encoding="utf-8")
    done = run_in(tmp_path, "index", str(file), BRONVAST_INDEX=str(tmp_path / "index"))
    assert done.returncode == 0, done.stderr
    builds = [tmp_path / "sample", tmp_path / "other"]
    for root, build in zip((running.index, tmp_path / "index"), builds, strict=True):
        manifest = read_manifest(root)
        assert manifest is not None
        shutil.copytree(root / manifest["build"], build)
    hashes = [json.loads((build / MANIFEST).read_text())["documents"][0]["sha256"] for build in builds]
    with Load(running.address).running() as load:
        for turn in range(ROUNDS):
            replace_index(running.index, builds[(turn + 1) % 2], f"editie-{turn:04}")
            os.kill(running.process.pid, signal.SIGHUP)
            time.sleep(random.uniform(0.3, 1.5))
        wait_for_index(running, f"editie-{ROUNDS - 1:04}")
    assert load.failures == []
    assert {response.status_code for response in load.responses} == {200}
    print(f"{len(load.responses)} vragen, {ROUNDS} vervangingen")  # noqa: T201 - a figure, shown by pytest -s
    seen = {edition_of(response.json(), hashes) for response in load.responses}
    assert seen == {0, 1}


def edition_of(answer: dict, hashes: list[str]) -> int:
    """Which edition an answer is of. Fails when it is of more than one."""
    sources = {citation["sha256"] for citation in answer["citations"]}
    assert len(sources) == 1
    edition = hashes.index(sources.pop())
    text = " ".join([answer["answer"], *(passage["text"] for passage in answer["passages"])])
    assert PRICES[edition] in text
    assert PRICES[1 - edition] not in text
    return edition


def replace_index(root: Path, build: Path, name: str) -> None:
    """Publish a copy of a build under a new name, as the indexer does."""
    shutil.copytree(build, root / name)
    manifest = json.loads((root / name / MANIFEST).read_text(encoding="utf-8"))
    manifest["build"] = name
    (root / name / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    publish(root, root / name)


def wait_for_index(running: Running, name: str) -> None:
    for _ in range(100):
        if running.wait()["index"] == name:
            return
        time.sleep(0.1)
    raise AssertionError("de nieuwe index werd niet gebruikt")


def test_workers_that_are_killed_lose_no_question(running: Running) -> None:
    kills = ROUNDS * 2 if ROUNDS > 10 else 3
    with Load(running.address).running() as load:
        for _ in range(kills):
            running.wait(2)
            time.sleep(random.uniform(0, 1))
            os.kill(random.choice(running.workers()), signal.SIGKILL)
        running.wait(2)
    assert load.failures == []
    assert {response.status_code for response in load.responses} == {200}
    print(f"{len(load.responses)} vragen, {kills} maal kill -9")  # noqa: T201 - a figure, shown by pytest -s
    for _ in range(100):  # what is killed last may still count as ready for a moment
        if len(running.workers()) == 2:
            break
        time.sleep(0.1)
    assert len(running.workers()) == 2


def test_a_worker_that_dies_while_nobody_asks_is_started_again(running: Running) -> None:
    running.wait(2)
    before = set(running.workers())
    killed = before.pop()
    os.kill(killed, signal.SIGKILL)
    for _ in range(300):
        after = set(running.workers())
        if len(after) == 2 and killed not in after:
            break
        time.sleep(0.1)
    assert len(after) == 2
    assert killed not in after
    assert before < after
    running.wait(2)


def test_only_who_answers_holds_a_model_and_its_tokenizer_is_there_once(running: Running) -> None:
    running.wait(2)
    assert httpx.post(f"{running.address}/v1/antwoorden", json={"question": QUESTION}, timeout=60).status_code == 200
    workers = running.workers()
    assert "onnxruntime" not in maps_of(running.process.pid)
    assert all("onnxruntime" in maps_of(worker) for worker in workers)
    splitting = [pid for pid in children_of(running.process.pid) if b"forkserver" in command_of(pid)]
    assert megabytes(splitting[0], "Rss") > 250  # the tokenizer
    assert all(megabytes(worker, "Rss") - megabytes(worker, "Private_Dirty") > 200 for worker in workers)


def test_an_indexer_that_is_killed_leaves_a_whole_index(running: Running) -> None:
    place = running.index.parent.parent
    for _ in range(ROUNDS * 2 if ROUNDS > 10 else 2):
        indexer = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "index", "--force"],
            cwd=place, env=os.environ | QUICK, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(random.uniform(0.5, 8))
        indexer.kill()
        indexer.wait()
        manifest = read_manifest(running.index)
        assert manifest is not None
        verify(running.index, manifest)
        answer = httpx.post(f"{running.address}/v1/antwoorden", json={"question": QUESTION}, timeout=60)
        assert answer.json()["status"] == "answered"


def test_a_stop_waits_for_the_answers_that_are_being_made(running: Running) -> None:
    running.wait(1)
    with Load(running.address).running(1) as load:
        time.sleep(0.5)
        load.stopped = True
        running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(30) == 0
    assert load.failures == []
    assert {response.status_code for response in load.responses} == {200}
    log = (running.index.parent.parent / "log").read_text(encoding="utf-8")
    assert "Bronvast is gestopt." in log
    assert "Traceback" not in log
    assert "buurtbus" not in log
