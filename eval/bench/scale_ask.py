"""One process that opens a made-up collection and asks it questions: `python -m eval.bench.scale_ask FOLDER`."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

BEGUN = time.perf_counter()
WARM_UP = 20
ASKED = 150
TOP = 10
# Questions by which each stage is timed on its own.
APART = 60
# Fewer vectors are too few to learn parts from; more take too much memory to compare one by one.
BOTH_WAYS_FROM, BOTH_WAYS_UP_TO = 10_000, 300_000


def main() -> None:
    """Print what start, questions and memory cost, as JSON."""
    import numpy as np

    from eval.bench.scale_build import EXACT, QUESTIONS
    from index.encode import load_encoder
    from index.manifest import read_manifest
    from index.models import find_model
    from index.store import open_index
    from index.threads import sum_alone
    from qa.answer import Answerer
    from qa.settings import load_settings

    root = Path(sys.argv[1])
    asked: list[str] = json.loads((root / QUESTIONS).read_text(encoding="utf-8"))
    exact = np.load(root / EXACT)
    settings = load_settings()
    model = find_model(settings.model, settings.cache, lambda _told: None)
    encoder = Prepared(load_encoder(model, "onnx", 1))
    opening = time.perf_counter()
    index = open_index(root, read_manifest(root) or {})
    answerer = Answerer(index, encoder, None, 1000, "")
    opened = time.perf_counter()
    answerer.answer(asked[0])
    first = time.perf_counter()
    sum_alone()
    for question, vector in zip(asked, exact["questions"], strict=True):
        encoder.known[answerer.retriever.question(question).spelled] = vector
    found: dict[str, Any] = {
        "passages": len(index.passages),
        "sentences": len(index.sentences),
        "contexts": len(index.contexts),
        "documents": len(index.documents),
        "start": {"open": opened - opening, "process": first - BEGUN, "first": first - opened},
        "memory opened": _memory(),
    }
    found["recall"] = {
        name: _recall(getattr(index, f"dense_{name}"), exact, name) for name in ("sentences", "contexts")
    }
    for question in asked[:WARM_UP]:
        answerer.answer(question)
    rest = asked[WARM_UP : WARM_UP + ASKED]
    some = rest[:APART]
    retriever, signaller = answerer.retriever, answerer.retriever.signaller
    read = {question: retriever.read(question) for question in some}
    found["stages"] = {
        "embed": _times(some, lambda q: encoder.real.encode_queries([q])),
        "search": _times(rest, lambda q: retriever.retrieve(q, TOP)),
        "answer": _times(some, answerer.answer),
        "sentences": _times(some, lambda q: index.dense_sentences.nearest(read[q][1], 200)),
        "contexts": _times(some, lambda q: index.dense_contexts.nearest(read[q][1], 200)),
        "words": _times(some, lambda q: index.words.best(read[q][0].spelled, 200)),
        "signals": _times(some, lambda q: signaller.candidates(*read[q])),
    }
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda q: retriever.retrieve(q, TOP), some))
    found["a second"] = len(some) / (time.perf_counter() - started)
    found["memory asked"] = _memory()
    found["both ways"] = _both_ways(index.dense_sentences, exact["questions"][:APART])
    print(json.dumps(found))


class Prepared:
    """Gives the questions of the collection, as they are embedded, the vectors they were made with; embeds others."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.fingerprint, self.dimension = real.fingerprint, real.dimension
        self.known: dict[str, Any] = {}

    def encode_queries(self, texts: Sequence[str]) -> Any:
        """Vectors of questions."""
        import numpy as np

        if not all(text in self.known for text in texts):
            return self.real.encode_queries(texts)
        return np.stack([self.known[text] for text in texts])

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Any:
        """Vectors of passages."""
        return self.real.encode_passages(texts, done)


def _recall(dense: Any, exact: Any, name: str) -> float:
    """The part of the ten nearest of all that are found, on average over the questions."""
    shares = [
        len({*dense.nearest(vector, 200)[0][:TOP].tolist()} & {*top.tolist()}) / len(top)
        for vector, top in zip(exact["questions"], exact[name], strict=True)
    ]
    return sum(shares) / len(shares)


def _both_ways(dense: Any, questions: Any) -> dict[str, list[float]]:
    """Milliseconds of processor time for the same vectors compared one by one and searched in parts, where both can."""
    import numpy as np

    from index.dense import build_dense

    if not BOTH_WAYS_FROM <= len(dense) <= BOTH_WAYS_UP_TO:
        return {}
    vectors = dense.vectors(np.arange(len(dense)))
    made = {"exact": build_dense(vectors, len(vectors)), "near": build_dense(vectors, 0)}
    for index in made.values():
        index.nearest(questions[0], 200)
    places = [str(place) for place in range(len(questions))]
    return {
        name: _times(places, lambda place: index.nearest(questions[int(place)], 200))["spent"]  # noqa: B023
        for name, index in made.items()
    }


def _times(asked: Sequence[str], action: Callable[[str], object]) -> dict[str, list[float]]:
    """Milliseconds of each question, by the clock and of this processor."""
    clock, spent = [], []
    for question in asked:
        begun, worked = time.perf_counter(), time.thread_time()
        action(question)
        clock.append((time.perf_counter() - begun) * 1000)
        spent.append((time.thread_time() - worked) * 1000)
    return {"clock": clock, "spent": spent}


def _memory() -> dict[str, float]:
    """Resident megabytes: all, what is this process's own, and pages of files that are mapped."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    fields = {name: int(value.split()[0]) / 1024 for name, value in (line.split(":") for line in lines if "kB" in line)}
    return {"all": fields["VmRSS"], "own": fields["RssAnon"], "mapped": fields["RssFile"]}


if __name__ == "__main__":
    main()
