"""Gold questions: a question and the places in the source that answer it, as offsets, never as words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.offsets import Span

KEYS = {
    "id",
    "question",
    "turns",
    "kind",
    "style",
    "answerable",
    "spans",
    "all_spans",
    "facts",
    "sections",
    "document_sha256",
    "notes",
}
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One line of a gold file. `spans` are source offsets; `facts` are lists of alternatives, one of each must occur.

    With `all_spans` every span must be quoted, else any one will do.
    """

    id: str
    question: str
    answerable: bool
    document_sha256: str
    spans: tuple[Span, ...] = ()
    all_spans: bool = False
    facts: tuple[tuple[str, ...], ...] = ()
    kind: str = ""
    style: str = ""
    sections: tuple[str, ...] = field(default=())


def bundled_gold() -> list[Path]:
    """The gold files that ship in the package."""
    return sorted(Path(str(files("eval") / "gold")).glob("*.jsonl"))


def load_gold(path: Path) -> list[GoldQuestion]:
    """The questions of a file. Raises InputError that names every wrong line (the first MOST_SHOWN)."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: kan dit bestand met gouden vragen niet lezen ({error}).") from error
    questions: list[GoldQuestion] = []
    wrong: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = _parse(json.loads(line))
            if question.id in seen:
                raise ValueError(f'id "{question.id}" komt al eerder voor')
            seen.add(question.id)
            questions.append(question)
        except (ValueError, KeyError, TypeError) as error:
            wrong.append(f"regel {number}: {error}")
    if wrong or not questions:
        more = f" (en nog {len(wrong) - MOST_SHOWN})" if len(wrong) > MOST_SHOWN else ""
        raise InputError(f"{path}: {'; '.join(wrong[:MOST_SHOWN]) or 'er staat geen vraag in'}{more}.")
    return questions


def _parse(item: Any) -> GoldQuestion:
    if not isinstance(item, dict):
        raise TypeError("geen JSON-object")
    if unknown := set(item) - KEYS:
        raise ValueError(f"onbekend veld: {', '.join(sorted(unknown))}")
    if missing := {"id", "answerable", "document_sha256"} - set(item):
        raise ValueError(f"ontbrekend veld: {', '.join(sorted(missing))}")
    turns: Sequence[str] = item.get("turns") or [item["question"]]
    spans = tuple((int(start), int(end)) for start, end in item.get("spans", ()))
    if any(start < 0 or end <= start for start, end in spans):
        raise ValueError("een span moet vooruit lopen en niet negatief zijn")
    if bool(spans) != bool(item["answerable"]):
        raise ValueError("een vraag met antwoord heeft spans, een vraag zonder antwoord heeft er geen")
    return GoldQuestion(
        id=str(item["id"]),
        question=str(turns[-1]),
        answerable=bool(item["answerable"]),
        document_sha256=str(item["document_sha256"]),
        spans=spans,
        all_spans=bool(item.get("all_spans", False)),
        facts=tuple(tuple(map(str, alternatives)) for alternatives in item.get("facts", ())),
        kind=str(item.get("kind", "")),
        style=str(item.get("style", "")),
        sections=tuple(map(str, item.get("sections", ()))),
    )
