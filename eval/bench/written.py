"""What written answers add in time, and what the support check catches: `python -m eval.bench.written`.

The model is one without faults that answers at once, so that only our own work is measured. The sentences to be caught
are those of the indexed documents with a number changed, a negation taken out, or one put in.
"""

import random
import re
import time
from collections.abc import Iterator
from statistics import median

from corpus.model import Document, UnitKind
from eval.bench.perfect import perfect
from eval.measures import is_right
from eval.run import asker, gold_for
from qa.engine import open_extractive
from qa.settings import load_settings
from qa.written.model import Level
from qa.written.open import wrapped
from qa.written.support import Evidence, support

DENIAL = re.compile(r"\b(niet|geen|nooit|niemand|nauwelijks|zonder)\b ?", re.IGNORECASE)
VERB = re.compile(r"\b(is|zijn|was|waren|heeft|hebben|wordt|worden|werd|werden|kan|kunnen|gaat|komt|blijft|krijgt)\b")


def main() -> None:
    """Print both."""
    settings = load_settings()
    answerer = open_extractive(settings, print)
    documents = list(answerer.index.documents.values())
    questions = [question for file in gold_for(documents, None) for question in file.questions]
    writer = wrapped(answerer, perfect(questions, documents))
    plain, written = asker(answerer), asker(writer)
    added, won, lost = [], 0, 0
    for gold in questions:
        before = time.perf_counter()
        first = plain(gold)
        between = time.perf_counter()
        spent = writer.model.llm.spent
        second = written(gold)
        own = writer.model.llm.spent - spent
        added.append((time.perf_counter() - between - own) - (between - before))
        won += is_right(second) and not is_right(first)
        lost += is_right(first) and not is_right(second)
    added.sort()
    print(
        f"{len(questions)} vragen; erbij: mediaan {median(added) * 1000:.1f} ms, "
        f"p95 {added[-len(added) // 20] * 1000:.1f} ms"
    )
    print(f"goed geworden: {won}, verloren: {lost}")
    for name, found in changed(documents).items():
        caught = sum(support(text, [Evidence(unit, (unit,))]).level is Level.UNSUPPORTED for unit, text in found)
        print(f"{name}: {caught} van {len(found)} gevangen ({caught / len(found):.1%})")


def changed(documents: list[Document]) -> dict[str, list[tuple[str, str]]]:
    """By kind of change, pairs of a sentence and what it was changed into."""
    dice = random.Random(1)  # noqa: S311
    made: dict[str, list[tuple[str, str]]] = {"getal veranderd": [], "ontkenning weg": [], "ontkenning erbij": []}
    for document in documents:
        for unit in document.units:
            text = document.text[unit.start : unit.end]
            if unit.kind is UnitKind.SENTENCE and len(text.split()) > 5:
                for kind, other in _changes(text, dice):
                    made[kind].append((text, other))
    return made


def _changes(text: str, dice: random.Random) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"\d", text):
        other = dice.choice([digit for digit in "123456789" if digit != found.group()])
        yield "getal veranderd", text[: found.start()] + other + text[found.end() :]
        break
    denials = list(DENIAL.finditer(text))
    if len(denials) == 1:
        yield "ontkenning weg", text[: denials[0].start()] + text[denials[0].end() :]
    verb = VERB.search(text)
    if verb and not denials:
        yield "ontkenning erbij", f"{text[: verb.end()]} niet{text[verb.end() :]}"


if __name__ == "__main__":
    main()
