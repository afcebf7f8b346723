"""The same index searched in files and in Milvus, over its gold: `python -m eval.bench.stores [dev|test]`."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from eval.run import gold_for
from index.milvus import MilvusPlace, in_milvus
from index.milvus_fill import fill
from qa.answer import Answerer
from qa.engine import open_extractive
from qa.settings import load_settings

FIRST = 5
TIMED = 50
# Scores this near are a tie: sums in another order differ in their last bits.
TIE = 1e-3

Ranked = list[tuple[str, float]]


def same(ours: Ranked, theirs: Ranked) -> bool:
    """Whether two rankings hold the same passages in the same order, ties aside.

    Where they differ, the other passage must score here what stands in that place; one that is cut off scores the last.
    """
    if len(ours) != len(theirs):
        return False
    scores = dict(ours)
    places = zip(ours, theirs, strict=True)
    return all(abs(scores.get(name, ours[-1][1]) - score) <= TIE for (_, score), (name, _) in places)


def ranked(answerer: Answerer, questions: Sequence[str]) -> list[Ranked]:
    """The first passages of each question, with their scores."""
    found = (answerer.retriever.retrieve(question, FIRST).hits for question in questions)
    return [[(hit.passage.id, hit.score) for hit in hits] for hits in found]


def times(answerer: Answerer, questions: Sequence[str]) -> tuple[float, float]:
    """Milliseconds of a whole answer: p50 and p95."""
    taken = []
    for question in questions:
        started = perf_counter()
        answerer.answer(question)
        taken.append((perf_counter() - started) * 1000)
    return median(taken), quantiles(taken, n=20)[-1]


def main() -> None:
    """Print the table. Milvus is where the settings say, or milvus-lite in a folder that goes when this ends."""
    settings = load_settings(store="faiss")
    place = load_settings().milvus_place
    local = open_extractive(settings, _say)
    documents = list(local.index.documents.values())
    split = sys.argv[1] if len(sys.argv) > 1 else ""
    questions = [q.question for file in gold_for(documents, None, split) for q in file.questions if not q.earlier]
    with tempfile.TemporaryDirectory() as folder:
        place = place or MilvusPlace(str(Path(folder) / "milvus.db"), "", "meting")
        started = perf_counter()
        fill(local.index, place, _say)
        filling = perf_counter() - started
        index = in_milvus(local.index, place)
        there = Answerer(index, local.retriever.encoder, settings.threshold, settings.max_question, settings.contact)
        pairs = list(zip(ranked(local, questions), ranked(there, questions), strict=True))
        ours, theirs = times(local, questions[:TIMED]), times(there, questions[:TIMED])
    equal = sum(same(one, other) for one, other in pairs)
    which = place.uri if place.is_server else "milvus-lite"
    print(f"{len(questions)} vragen, {settings.thread_count} rekendraden, {which}")
    print("\n| wat | waarde |\n|---|---|")
    print(f"| zelfde eerste {FIRST} passages in dezelfde volgorde, op gelijke scores na | {equal} van {len(pairs)} |")
    print(f"| {sum(map(len, (index.sentences, index.contexts)))} rijen in Milvus zetten | {filling:.1f} s |")
    print(f"| heel antwoord uit bestanden, p50 / p95 | {ours[0]:.1f} / {ours[1]:.1f} ms |")
    print(f"| heel antwoord uit Milvus, p50 / p95 | {theirs[0]:.1f} / {theirs[1]:.1f} ms |")
    print(f"| Milvus gedeeld door bestanden, p50 | {theirs[0] / ours[0]:.2f} |")


def _say(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    main()
