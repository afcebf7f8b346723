"""What typing errors cost: gold questions with one to three slips in their words, `python -m eval.bench.typos`.

The same slips on every run. Each row is measured twice: as typed, and with the words mended (`qa/spelling.py`).
"""

import random
import re
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from statistics import fmean
from unittest.mock import patch

from eval.gold import GoldQuestion
from eval.measures import score
from eval.run import gold_for, run
from qa.answer import Answerer
from qa.engine import open_answerer
from qa.settings import load_settings

SEED, MOST = 1, 3
# What people mistype is mostly a longer word.
LONG = re.compile(r"\b[a-zA-Z]{5,}\b")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
COLUMNS = ("right", "answering quote at 1", "passage hit@1", "passage hit@5", "false refusals")


def mistyped(text: str, slips: int, chance: random.Random) -> str:
    """The text with so many of its longer words mistyped, inside the word: two swapped, one gone, double or other."""
    words = list(LONG.finditer(text))
    for match in sorted(chance.sample(words, min(slips, len(words))), key=lambda found: -found.start()):
        word = match.group()
        at = chance.randrange(1, len(word) - 1)
        left, right = word[:at], word[at:]
        made = (right[1] + right[0] + right[2:], right[1:], right[0] + right, chance.choice(LETTERS) + right[1:])
        text = text[: match.start()] + left + chance.choice(made) + text[match.end() :]
    return text


def rows(answerer: Answerer, questions: Sequence[GoldQuestion]) -> list[str]:
    """The table, a row for each number of slips and each way to take them."""
    chance = random.Random(SEED)  # noqa: S311
    lines = [_row("none", answerer, questions)]
    for slips in range(1, MOST + 1):
        bad = [replace(one, turns=(*one.earlier, mistyped(one.question, slips, chance))) for one in questions]
        for name, how in (("as typed", patch("qa.question.corrected", _as_typed)), ("mended", nullcontext())):
            with how:
                lines.append(_row(f"{slips}, {name}", answerer, bad))
    return lines


def _as_typed(text: str, _vocabulary: object) -> str:
    return text


def _row(name: str, answerer: Answerer, questions: Sequence[GoldQuestion]) -> str:
    found = score(run(answerer, questions))
    return f"| {name} | {' | '.join(f'{fmean(scores[column] for scores in found):.3f}' for column in COLUMNS)} |"


def main() -> None:
    """Print the table for the gold of the current index, dev and test together."""
    answerer = open_answerer(load_settings(), print)
    files = gold_for(list(answerer.index.documents.values()), None)
    questions = [question for file in files for question in file.questions if question.answerable]
    print(f"{len(questions)} questions with an answer\n\n| slips | {' | '.join(COLUMNS)} |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    print("\n".join(rows(answerer, questions)))


if __name__ == "__main__":
    main()
