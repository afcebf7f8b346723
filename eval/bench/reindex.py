"""What indexing costs the service beside it, calm and indexing in turns: `python -m eval.bench.reindex`.

A service answers over a made-up archive while documents are added and `bronvast index` runs, until its new index is
taken over. BENCH_SECONDS is how long each calm part lasts, BENCH_TURNS how many there are.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles

from eval.bench.archive import write_archive
from eval.bench.load import ask, serving

SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
DOCUMENTS, MORE, SENTENCES = 40, 40, 12
TURNS, ASKERS, PAUSE = int(os.environ.get("BENCH_TURNS", "3")), 2, 0.1


def indexing() -> subprocess.Popen[bytes]:
    """`bronvast index`, started."""
    command = [sys.executable, "-m", "api.cli", "index"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def asked_while(going_on: Callable[[], bool], questions: Sequence[str]) -> tuple[list[float], int]:
    """Milliseconds of each answer that ASKERS get meanwhile, and how many questions failed."""
    took: list[float] = []
    failed: list[int] = []

    def asker(first: int) -> None:
        number = first
        while going_on():
            status, milliseconds = ask(questions[number % len(questions)])
            if status == 200:
                took.append(milliseconds)
            else:
                failed.append(status)
            number += ASKERS
            time.sleep(PAUSE)

    threads = [threading.Thread(target=asker, args=(first,)) for first in range(ASKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, len(failed)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent stay under."""
    return quantiles(values, n=100)[percent - 1]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        archive = place / "archief"
        os.environ |= {
            "BRONVAST_INDEX": str(place / "index"),
            "BRONVAST_VECTORS": str(place / "vectors"),
            "BRONVAST_DOCUMENTS": f'["{archive}"]',
            "BRONVAST_ENGINE": "onnx",
        }
        texts = [path.read_text(encoding="utf-8") for path in write_archive(archive, DOCUMENTS, SENTENCES)]
        questions = [f"Wat staat er over {' '.join(text.split()[-9:-1])}?" for text in texts]
        if indexing().wait():
            raise SystemExit("De eerste index mislukte. Probeer: bronvast index")
        calm: list[float] = []
        busy: list[float] = []
        failures, finished, spent = 0, 0, 0.0
        with serving():
            asked_while(_for_seconds(5), questions)
            for turn in range(TURNS):
                took, failed = asked_while(_for_seconds(SECONDS), questions)
                calm += took
                failures += failed
                for path in write_archive(place / str(turn), MORE, SENTENCES, seed=turn + 1):
                    path.rename(archive / f"{turn}-{path.name}")
                process, started = indexing(), time.monotonic()
                took, failed = asked_while(lambda process=process: process.poll() is None, questions)  # type: ignore[misc]
                busy += took
                failures += failed
                spent += time.monotonic() - started
                finished += process.returncode == 0
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{ASKERS} askers, {TURNS} turns, {len(calm)} and {len(busy)} answers, load average {load}\n")
    print("| what | calm | while indexing | ratio |\n|---|---|---|---|")
    for percent in (50, 95):
        one, other = percentile(calm, percent), percentile(busy, percent)
        print(f"| p{percent} of an answer | {one:.0f} ms | {other:.0f} ms | {other / one:.2f} |")
    print(f"\n{failures} questions failed; {finished} of {TURNS} times {MORE} documents added, {spent:.0f} s in all")


def _for_seconds(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() < until


if __name__ == "__main__":
    main()
