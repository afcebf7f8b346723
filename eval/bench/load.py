"""The service under load on loopback, with wrk, beside embedding alone in the same run: `python -m eval.bench.load`."""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from statistics import quantiles
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from corpus.errors import InputError
from eval.bench.speed import questions
from qa.engine import open_answerer
from qa.settings import Settings, load_settings

PORT = 8199
ADDRESS = f"http://127.0.0.1:{PORT}"
CONNECTIONS, FACTOR = 64, 4
SECONDS, EMBED_SECONDS = int(os.environ.get("BENCH_SECONDS", "60")), 10
PROBES_A_SECOND = 10
CALM_MS = 200


@dataclass
class Probes:
    """What single questions meet while others press: (when, status, milliseconds)."""

    seen: list[tuple[float, int, float]] = field(default_factory=list)
    stopped: bool = False

    def run(self) -> None:
        """Ask evenly until stopped."""
        while not self.stopped:
            started = time.monotonic()
            self.seen.append((started, *ask("Wat zijn de aanbevelingen?")))
            time.sleep(max(0, 1 / PROBES_A_SECOND - (time.monotonic() - started)))


def ask(question: str) -> tuple[int, float]:
    """Status and milliseconds of one question."""
    content = json.dumps({"question": question}).encode()
    request = Request(f"{ADDRESS}/v1/antwoorden", content, {"Content-Type": "application/json"})  # noqa: S310
    started = time.perf_counter()
    try:
        with urlopen(request, timeout=60) as response:  # noqa: S310
            response.read()
            status = response.status
    except HTTPError as error:
        status = error.code
    return status, (time.perf_counter() - started) * 1000


@contextmanager
def serving() -> Iterator[subprocess.Popen[bytes]]:
    """A service of its own, once all its workers answer."""
    environment = os.environ | {"BRONVAST_RATE": "0"}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(PORT)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        while not _all_ready(load_settings().worker_count):
            if process.poll() is not None:
                raise InputError("De dienst start niet. Probeer eerst: bronvast serve")
            time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _all_ready(workers: int) -> bool:
    try:
        with urlopen(f"{ADDRESS}/readyz", timeout=5) as response:  # noqa: S310
            return bool(json.load(response)["workers"] >= workers)
    except OSError:
        return False


def press(file: Path, connections: int, pause_ms: float = 0) -> dict[str, Any]:
    """Figures of wrk."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--timeout", "30s", "-s"]
    script = str(Path(__file__).with_name("load.lua"))
    command += [script, ADDRESS, "--", str(file), str(round(pause_ms))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    line = next(line for line in done.stdout.splitlines() if line.startswith("FIGURES "))
    figures: dict[str, Any] = json.loads(line.removeprefix("FIGURES "))
    return figures


def embeddings_a_second(settings: Settings) -> float:
    """Questions that as many processes as the service has could embed, doing nothing else."""
    one = settings.model_copy(update={"threads": max(1, settings.thread_count // settings.worker_count)})
    with multiprocessing.get_context("spawn").Pool(settings.worker_count) as pool:
        return sum(pool.map(_embed, [one] * settings.worker_count, chunksize=1))


def _embed(settings: Settings) -> float:
    answerer = open_answerer(settings, lambda _message: None)
    asked, done, started = questions(answerer), 0, time.monotonic()
    while (spent := time.monotonic() - started) < EMBED_SECONDS:
        answerer.retriever.encoder.encode_queries([asked[done % len(asked)]])
        done += 1
    return done / spent


def tree(pid: int) -> list[int]:
    """A process, its children, and theirs."""
    children = [int(one) for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]
    return [pid, *(below for child in children for below in tree(child))]


def megabytes(pid: int) -> float:
    """Memory of a service, what is shared counted once."""
    lines = [line for one in tree(pid) for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def processor_seconds(pid: int) -> float:
    """Processor time of a service so far."""
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in tree(pid)]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return quantiles(values, n=100)[98] if len(values) > 1 else sum(values)


def main() -> None:
    """Print the table."""
    if which("wrk") is None:
        raise InputError("Deze meting gebruikt wrk. Installeer het: apt-get install wrk")
    settings = load_settings()
    embedded = embeddings_a_second(settings)
    with tempfile.TemporaryDirectory() as folder, serving() as process:
        file = Path(folder) / "questions.txt"
        asked = questions(open_answerer(settings, lambda _message: None))
        plain = ["".join(c for c in one if c.isalnum() or c in " ?") for one in asked]
        file.write_text("\n".join(plain), encoding="utf-8")
        before, spent = megabytes(process.pid), processor_seconds(process.pid)
        steady = press(file, CONNECTIONS)
        spent = processor_seconds(process.pid) - spent
        rate = steady["requests"] / steady["seconds"]
        probes = Probes()
        prober = threading.Thread(target=probes.run)
        prober.start()
        # A quarter of the crowd waits in a full line, the rest only pauses: this offers FACTOR times the steady rate.
        crowd = press(file, CONNECTIONS * FACTOR, pause_ms=1000 * CONNECTIONS / rate * (1 - 1 / FACTOR))
        ended = time.monotonic()
        after = megabytes(process.pid)
        time.sleep(8)
        probes.stopped = True
        prober.join()
    refused = [ms for when, status, ms in probes.seen if status == 503 and when < ended]
    slow = [when - ended for when, status, ms in probes.seen if when > ended and (status != 200 or ms > CALM_MS)]
    served = crowd["requests"] - crowd["not_2xx"]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{settings.worker_count} workers, {SECONDS} s each, load average {load}\n\n| what | figure |\n|---|---|")
    print(f"| questions embedded a second, nothing else | {embedded:.0f} |")
    print(f"| {CONNECTIONS} connections: answers a second | {rate:.1f} |")
    print(f"| of embedding alone | {rate / embedded:.0%} |")
    print(f"| latency p50 / p99 | {steady['p50']:.0f} / {steady['p99']:.0f} ms |")
    print(f"| failed | {steady['not_2xx'] + steady['broken']} of {steady['requests']} |")
    print(f"| processor time an answer, all processes | {1000 * spent / steady['requests']:.1f} ms |")
    print(f"| {CONNECTIONS * FACTOR} connections: offered / answered a second | "
          f"{crowd['requests'] / crowd['seconds']:.0f} / {served / crowd['seconds']:.1f} |")  # fmt: skip
    print(f"| refused with 503: p99 of {len(refused)} probes | {p99(refused):.0f} ms |")
    print(f"| broken connections | {crowd['broken']} |")
    print(f"| last probe over {CALM_MS} ms, after the crowd left | {max(slow, default=0):.1f} s |")
    print(f"| memory before / after | {before:.0f} / {after:.0f} MB |")


if __name__ == "__main__":
    main()
