"""How long things take, next to embedding alone in the same run: `python -m eval.bench.speed`."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from corpus.errors import InputError
from corpus.load import load_documents
from eval.calibrate import refused_before
from eval.run import gold_for
from index.build import build_index
from index.encode import load_encoder
from index.models import find_model
from qa.answer import Answerer
from qa.bearing import reads
from qa.engine import engine_for, open_extractive
from qa.settings import load_settings

ROUNDS = 200
COLD_STARTS = 3


def milliseconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def questions(answerer: Answerer) -> list[str]:
    """Distinct questions of ordinary length, made from the index's own passages."""
    texts = [answerer.index.text(sentence) for sentence in answerer.index.sentences]
    return [f"Wat staat er over {' '.join(text.split()[:8])}?" for text in texts][:ROUNDS]


def gold_questions(answerer: Answerer) -> list[str]:
    """Distinct gold questions about the documents in the index that need a search; none where there is no gold."""
    try:
        files = gold_for(list(answerer.index.documents.values()), None)
    except InputError:
        return []
    asked = [question for file in files for question in file.questions if not refused_before(question)]
    return list(dict.fromkeys(question.question for question in asked))


def main() -> None:
    """Print the table."""
    settings = load_settings()
    model = find_model(settings.model, settings.cache, print)
    answerer = open_extractive(settings, print)
    sets = {"from its own words": questions(answerer), "gold": gold_questions(answerer)}
    encoder = answerer.retriever.encoder
    rows = []
    for name, asked in sets.items():
        if asked:
            embed: list[float] = []
            whole: list[float] = []
            for question in asked:  # in turn: a machine that slows down halfway slows both
                embed.append(milliseconds(partial(encoder.encode_queries, [question])))
                whole.append(milliseconds(partial(answerer.answer, question)))
            rows += _rows(f"{len(asked)} questions {name}", embed, whole)
    files = [Path(document["file"]) for document in answerer.index.manifest["documents"]]
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        fresh = load_encoder(model, engine_for(settings, model), settings.thread_count)
        started = time.perf_counter()
        read = load_documents(files)
        reading = time.perf_counter() - started
        aside = reads(model.fingerprint)
        build_index(root, read, "bench", fresh, model.name, settings.recipe, lambda _ready, _total: None, read=aside)
        indexing = time.perf_counter() - started
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    command = [sys.executable, "-m", "api.cli", "ask", "Wat zijn de aanbevelingen?"]
    cold = [milliseconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(COLD_STARTS)]  # noqa: S603
    pages = sum(document["pages"] for document in answerer.index.manifest["documents"])
    print(f"{pages} pages, {settings.thread_count} threads\n\n| what | figure |\n|---|---|")
    print("\n".join(rows))
    print(f"| `bronvast ask` from a cold start, median of {COLD_STARTS} | {median(cold) / 1000:.1f} s |")
    print(f"| read the documents | {reading:.1f} s |")
    print(f"| read and index (model loaded) | {indexing:.1f} s |")
    print(f"| index on disk | {size / 2**20:.1f} MB |")


def _rows(name: str, embed: list[float], whole: list[float]) -> list[str]:
    """The rows of one set of questions, of how long each of them took, in milliseconds."""
    return [
        f"| {name}: embed one, p50 | {median(embed):.1f} ms |",
        f"| {name}: whole answer, warm, p50 / p95 | {median(whole):.1f} / {quantiles(whole, n=20)[-1]:.1f} ms |",
        f"| {name}: whole answer over embedding, p50 | {median(whole) / median(embed):.2f} |",
    ]


if __name__ == "__main__":
    main()
