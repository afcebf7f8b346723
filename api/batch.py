"""A file of questions in, a file of answers out: one JSON object a line, same order, all or nothing."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import BronvastError, InputError
from qa.answer import Answerer

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of the input; of a conversation the last turn is the question, and the turns before it are `earlier`."""

    id: str
    question: str
    earlier: tuple[str, ...] = ()


def answer_batch(source: Path, destination: Path, open_answerer: Callable[[], Answerer]) -> None:
    """Answer every question. The input is checked whole before anything is answered.

    Raises InputError with every line that is wrong, BronvastError when the result cannot be written; the destination
    is then as it was.
    """
    questions = read_batch(source)
    if not destination.parent.is_dir():
        raise InputError(f"{destination}: de map {destination.parent} bestaat niet. Maak hem eerst.")
    answerer = open_answerer()
    draft = destination.with_name(f".{destination.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            for item in questions:
                file.write(json.dumps(_record(answerer, item), ensure_ascii=False) + "\n")
        draft.replace(destination)
    except OSError as error:
        raise BronvastError(f"{destination}: kan de antwoorden niet schrijven ({error.strerror}).") from error
    finally:
        draft.unlink(missing_ok=True)


def read_batch(source: Path) -> list[BatchQuestion]:
    """The questions of a file. Raises InputError that names every wrong line (the first MOST_SHOWN)."""
    try:
        text = source.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{source}: kan dit bestand niet lezen als UTF-8-tekst ({error}).") from error
    questions: list[BatchQuestion] = []
    wrong: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            questions.append(_parse(json.loads(line)))
        except ValueError as error:
            wrong.append(f"regel {number}: {error}")
    if wrong:
        more = f" (en nog {len(wrong) - MOST_SHOWN})" if len(wrong) > MOST_SHOWN else ""
        raise InputError(f"{source}: {'; '.join(wrong[:MOST_SHOWN])}{more}. Er is niets geschreven.")
    if not questions:
        raise InputError(f'{source}: er staat geen vraag in. Verwacht per regel: {{"id": "1", "question": "..."}}')
    return questions


def _parse(item: Any) -> BatchQuestion:
    if not isinstance(item, dict):
        raise ValueError("geen JSON-object")
    name, question, turns = item.get("id"), item.get("question"), item.get("turns")
    earlier: tuple[str, ...] = ()
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise ValueError('"id" ontbreekt of is geen tekst')
    if isinstance(turns, list) and turns and all(isinstance(turn, str) for turn in turns):
        *before, question = turns
        earlier = tuple(before)
    if not isinstance(question, str):
        raise ValueError('"question" (tekst) of "turns" (lijst van teksten) ontbreekt')
    return BatchQuestion(str(name), question, earlier)


def _record(answerer: Answerer, item: BatchQuestion) -> dict[str, Any]:
    started = time.perf_counter()
    answer = answerer.answer(item.question, item.earlier)
    return answer.to_record(item.id, (time.perf_counter() - started) * 1000)
