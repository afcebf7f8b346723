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
from statistics import median

from eval.bench.archive import write_archive
from index.manifest import read_manifest

DOCUMENTS = int(os.environ.get("BENCH_DOCUMENTS", "1000"))
SENTENCES = int(os.environ.get("BENCH_SENTENCES", "12"))
ROUNDS = 3


def index(place: Path, *options: str) -> float:
    """Seconds that `bronvast index` takes."""
    environment = os.environ | {
        "BRONVAST_INDEX": str(place / "index"),
        "BRONVAST_VECTORS": str(place / "vectors"),
        "BRONVAST_ENGINE": "onnx",
    }
    command = [sys.executable, "-m", "api.cli", "index", str(place / "archief"), *options]
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - started


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
            "| what | seconds | of building it all |\n|---|---|---|"
        )
        print(f"| build it all | {whole:.1f} | 100 % |")
        for what, action in rows.items():
            times = []
            for turn in range(ROUNDS):
                action(turn)
                times.append(index(place))
            print(f"| {what}, median of {ROUNDS} | {median(times):.1f} | {median(times) / whole:.2%} |", flush=True)
        forced = index(place, "--force")
        print(f"| read it all again (`--force`), nothing to embed | {forced:.1f} | {forced / whole:.2%} |")
        kept = sum(path.stat().st_size for path in (place / "vectors").iterdir()) / 2**20
        size = sum(path.stat().st_size for path in (place / "index").rglob("*") if path.is_file()) / 2**20
        print(f"\nindex with the one before {size:.0f} MB, kept vectors and documents {kept:.0f} MB")


if __name__ == "__main__":
    main()
