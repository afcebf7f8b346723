"""What a change to an archive costs beside building it: `python -m eval.bench.incremental`.

Made-up documents, read and embedded for real by the command that users give, in a folder of their own. BENCH_DOCUMENTS
and BENCH_SENTENCES make the archive larger.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from eval.bench.archive import write_archive
from index.manifest import read_manifest

DOCUMENTS = int(os.environ.get("BENCH_DOCUMENTS", "1000"))
SENTENCES = int(os.environ.get("BENCH_SENTENCES", "12"))
ROUNDS = 3


def index(place: Path, *options: str) -> tuple[float, float]:
    """Seconds that `bronvast index` takes, by the clock and of the processors; other work stretches the first."""
    environment = os.environ | {
        "BRONVAST_INDEX": str(place / "index"),
        "BRONVAST_VECTORS": str(place / "vectors"),
        "BRONVAST_ENGINE": "onnx",
    }
    command = [sys.executable, "-m", "api.cli", "index", str(place / "archief"), *options]
    started, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603
    after = getrusage(RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, used


def row(what: str, times: tuple[float, float], whole: tuple[float, float]) -> str:
    """A line of the table."""
    figures = (f"{one:.1f} | {one / all_of_it:.2%}" for one, all_of_it in zip(times, whole, strict=True))
    return f"| {what} | {' | '.join(figures)} |"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        paths = write_archive(place / "archief", DOCUMENTS, SENTENCES)
        extra = [path.read_text(encoding="utf-8") for path in write_archive(place / "later", 2 * ROUNDS, SENTENCES, 1)]
        whole = index(place)
        manifest = read_manifest(place / "index")
        assert manifest is not None

        def change(turn: int) -> None:
            paths[turn * 7].write_text(extra[turn], encoding="utf-8")

        def mend(turn: int) -> None:
            text = paths[turn * 7 + 1].read_text(encoding="utf-8")
            paths[turn * 7 + 1].write_text(text.replace(".", f", zegt bewoner {turn}.", 1), encoding="utf-8")

        def add(turn: int) -> None:
            (place / "archief" / f"nieuw-{turn}.txt").write_text(extra[ROUNDS + turn], encoding="utf-8")

        def remove(turn: int) -> None:
            (place / "archief" / f"nieuw-{turn}.txt").unlink()

        def nothing(_turn: int) -> None:
            pass

        rows: dict[str, Callable[[int], None]] = {
            "change one document wholly": change,
            "change one sentence": mend,
            "add one document": add,
            "remove one document": remove,
            "nothing changed": nothing,
        }
        texts = manifest["sentences"]
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        print(
            f"{DOCUMENTS} documents, {texts} sentences, load average {load}\n\n"
            "| what | seconds | of building it all | processor seconds | of building it all |\n|---|---|---|---|---|"
        )
        print(row("build it all", whole, whole))
        for what, action in rows.items():
            times = []
            for turn in range(ROUNDS):
                action(turn)
                times.append(index(place))
            middle = median(wall for wall, _used in times), median(used for _wall, used in times)
            print(row(f"{what}, median of {ROUNDS}", middle, whole), flush=True)
        print(row("read it all again (`--force`), nothing to embed", index(place, "--force"), whole))
        kept = sum(path.stat().st_size for path in (place / "vectors").iterdir()) / 2**20
        size = sum(path.stat().st_size for path in (place / "index").rglob("*") if path.is_file()) / 2**20
        print(f"\nindex with the one before {size:.0f} MB, kept vectors and documents {kept:.0f} MB")


if __name__ == "__main__":
    main()
