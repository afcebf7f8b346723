"""Gold questions: a question and the places in the source that answer it, as offsets, never as words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.offsets import Span
from eval.line import errors_in

SPLITS = ("dev", "test")
MOST_RANGES = 50


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One line of a gold file. `spans` are source offsets; `facts` are lists of alternatives, one of each must occur.

    `turns` is the whole conversation; the last turn is asked. With `all_spans` every span must be quoted, else any one
    will do. `line` is where the question stands in its file, 0 when it stands in none.
    """

    id: str
    turns: tuple[str, ...]
    answerable: bool
    document_sha256: str
    spans: tuple[Span, ...] = ()
    all_spans: bool = False
    facts: tuple[tuple[str, ...], ...] = ()
    kind: str = ""
    style: str = ""
    sections: tuple[str, ...] = ()
    notes: str = ""
    line: int = 0

    @property
    def question(self) -> str:
        """The turn that is answered."""
        return self.turns[-1]

    @property
    def earlier(self) -> tuple[str, ...]:
        """The turns before it, oldest first."""
        return self.turns[:-1]

    @property
    def needs(self) -> tuple[tuple[Span, ...], ...]:
        """What must be found: each span by itself with `all_spans`, else one thing that stands in any of the spans."""
        return tuple((span,) for span in self.spans) if self.all_spans else ((self.spans,) if self.spans else ())

    @property
    def fingerprint(self) -> str:
        """Changes when anything that decides right or wrong changes."""
        content = [self.turns, self.answerable, self.document_sha256, self.spans, self.all_spans, self.facts]
        return sha256(json.dumps([*content, self.sections], ensure_ascii=False).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class GoldFile:
    """The questions of one file, in order. `split` is "dev", "test" or "" by the file's name; `sha256` of its bytes."""

    path: Path
    split: str
    sha256: str
    questions: tuple[GoldQuestion, ...]

    @property
    def name(self) -> str:
        """The file's name without ending."""
        return self.path.name.removesuffix(".jsonl")


def bundled_gold() -> list[Path]:
    """The gold files that ship in the package."""
    return sorted((Path(__file__).parent / "gold").glob("*.jsonl"))


def read_gold(path: Path) -> GoldFile:
    """A file and its questions. Raises InputError that names every wrong line, each with all that is wrong in it."""
    try:
        data = path.read_bytes()
        lines = data.decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: kan dit bestand met gouden vragen niet lezen ({error}).") from error
    questions: list[GoldQuestion] = []
    wrong: dict[int, list[str]] = {}
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        item = _decoded(line)
        found = errors_in(item)
        name = item.get("id") if isinstance(item, dict) else None
        if isinstance(name, str) and seen.setdefault(name, number) != number:
            found.append("deze id komt al eerder voor")
        if found:
            wrong[number] = found
        else:
            questions.append(question_from(item, number))
    if wrong:
        raise InputError(f"{path}: {listed(wrong)}")
    if not questions:
        raise InputError(f"{path}: er staat geen vraag in.")
    split = next((name for name in SPLITS if path.name.endswith(f".{name}.jsonl")), "")
    return GoldFile(path, split, sha256(data).hexdigest(), tuple(questions))


def question_from(item: Mapping[str, Any], line: int = 0) -> GoldQuestion:
    """The question in a line without errors."""
    return GoldQuestion(
        id=item["id"],
        turns=tuple(item.get("turns") or [item["question"]]),
        answerable=item["answerable"],
        document_sha256=item["document_sha256"],
        spans=tuple((start, end) for start, end in item.get("spans", ())),
        all_spans=item.get("all_spans", False),
        facts=tuple(tuple(alternatives) for alternatives in item.get("facts", ())),
        kind=item.get("kind", ""),
        style=item.get("style", ""),
        sections=tuple(item.get("sections", ())),
        notes=item.get("notes", ""),
        line=line,
    )


def gold_line(question: GoldQuestion) -> str:
    """The inverse of `question_from`: one line of a gold file, without its end."""
    asked = {"turns": list(question.turns)} if len(question.turns) > 1 else {"question": question.question}
    rest = {
        "kind": question.kind,
        "style": question.style,
        "answerable": question.answerable,
        "spans": [list(span) for span in question.spans],
        "all_spans": question.all_spans,
        "facts": [list(fact) for fact in question.facts],
        "sections": list(question.sections),
        "document_sha256": question.document_sha256,
        "notes": question.notes,
    }
    return json.dumps({"id": question.id} | asked | rest, ensure_ascii=False)


def listed(wrong: Mapping[int, Iterable[str]]) -> str:
    """Every error once, with the lines that have it: "regel 2-40, 51: onbekend veld: kleur".

    Lines after MOST_RANGES runs are counted.
    """
    lines: dict[str, list[int]] = {}
    for number, errors in wrong.items():
        for error in errors:
            lines.setdefault(error, []).append(number)
    return "\n  ".join(["", *(f"regel {_ranges(numbers)}: {error}" for error, numbers in lines.items())])


def _ranges(numbers: list[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs[:MOST_RANGES])
    rest = sum(last - first + 1 for first, last in runs[MOST_RANGES:])
    return f"{shown} en nog {rest} regels" if rest else shown


def _decoded(line: str) -> Any:
    """The line's value, or the error that says why it has none."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return error
