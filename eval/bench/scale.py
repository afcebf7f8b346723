"""What a larger collection costs, from 10^3 to 10^6 passages: `python -m eval.bench.scale`.

Makes a collection of each size, asks it questions in a process of its own, prints a table, and writes table and plot
into docs/groot.md. The folder needs 12 GB for 10^6 passages and is removed again; --figures keeps what was measured.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from eval.bench.scale_build import make
from eval.bench.scale_page import table, write_page
from eval.bench.synthetic import Distribution, fit_distribution
from index.encode import Encoder, load_encoder
from index.models import find_model
from index.reuse import RememberingEncoder
from qa.settings import load_settings

SIZES = (1_000, 10_000, 100_000, 1_000_000)
REAL_UP_TO = 1_000


def main() -> None:
    """Measure every size that is asked for."""
    options = _options()
    known = options.known and json.loads(options.known.read_text(encoding="utf-8"))
    measured = known or measured_anew(options)
    print("\n".join(table(measured)))
    if options.page:
        write_page(options.page, measured)


def measured_anew(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The figures of each size."""
    settings = load_settings()
    model = find_model(settings.model, settings.cache, print)
    encoder = RememberingEncoder(load_encoder(model, "onnx", settings.thread_count), settings.vectors or options.folder)
    distribution = fit_distribution(encoder)
    measured = []
    for size in options.sizes:
        print(f"{size} passages ...", file=sys.stderr, flush=True)
        real = size <= options.real_up_to
        measured.append(measure(options.folder / str(size), size, encoder, None if real else distribution))
        encoder.finish()
        if options.figures:
            options.figures.write_text(json.dumps(measured), encoding="utf-8")
    return measured


def measure(root: Path, size: int, encoder: Encoder, distribution: Distribution | None) -> dict[str, Any]:
    """Build a collection, ask it, and remove it."""
    try:
        built = make(root, size, encoder, distribution)
        command = [sys.executable, "-m", "eval.bench.scale_ask", str(root)]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        asked = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
        if asked.returncode:
            raise RuntimeError(f"asking {root} failed:\n{asked.stderr}")
        return {"real": distribution is None, "built": built, **json.loads(asked.stdout)}
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of passages")
    parser.add_argument("--real-up-to", type=int, default=REAL_UP_TO, help="embed the texts themselves up to this size")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "bronvast-schaal")
    parser.add_argument("--figures", type=Path, help="where the figures are kept as JSON")
    parser.add_argument("--known", type=Path, help="figures that were kept: only print and write these")
    parser.add_argument("--page", type=Path, help="docs/groot.md: the section that is written anew")
    return parser.parse_args()


if __name__ == "__main__":
    main()
