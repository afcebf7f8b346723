"""The last regression run, as the maintainer reads it: from the file that `bronvast eval --json` writes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

# Dutch names of the measures; one that is not here keeps its own name.
LABELS = {
    "right": "goed",
    "answering quote at 1": "eerste citaat antwoordt",
    "answering quote at 3": "een van drie citaten antwoordt",
    "facts found": "feiten in de citaten",
    "section right": "deel klopt",
    "page right": "bladzijde klopt",
    "false refusals": "onterecht geweigerd",
    "refused": "terecht geweigerd",
    "quotes verbatim": "citaten letterlijk",
    "quotes whole": "citaten heel",
    "pages true": "bladzijden echt",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure with its 95% interval, over so many questions; `before` is the baseline's, if there is one."""

    label: str
    value: float
    low: float
    high: float
    count: int
    before: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the page shows; `problem` says in Dutch why there is nothing to show."""

    problem: str = ""
    made: str = ""
    figures: tuple[Figure, ...] = ()
    losses: tuple[str, ...] = ()
    compared: int | None = None
    questions: tuple[Mapping[str, Any], ...] = ()
    documents: tuple[str, ...] = ()
    version: str = ""

    @property
    def wrong(self) -> list[Mapping[str, Any]]:
        """The questions that did not come out as gold says."""
        return [question for question in self.questions if not question["right"]]

    @property
    def changed(self) -> list[Mapping[str, Any]]:
        """The questions whose answer is another than the baseline's."""
        return [question for question in self.questions if question.get("change")]


def read_evaluation(path: Path | None) -> Evaluation:
    """The file as values. A missing or broken file is told, never raised: the page must open."""
    if path is None:
        return Evaluation(problem="Er is nog geen meting. Zet in de instelling evaluation waar zij staat.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        made = datetime.fromtimestamp(path.stat().st_mtime).astimezone().strftime("%d-%m-%Y %H:%M")
        return _evaluation(record, made)
    except FileNotFoundError:
        return Evaluation(problem=f"Er is nog geen meting. Maak er een met: bronvast eval --json {path}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Evaluation(problem=f"Het bestand {path} is geen meting. Maak het opnieuw: bronvast eval --json {path}")


def _evaluation(record: Mapping[str, Any], made: str) -> Evaluation:
    comparison = record["comparison"] or {}
    before = {difference["measure"]: difference["before"] for difference in comparison.get("differences", ())}
    return Evaluation(
        made=made,
        figures=tuple(
            Figure(LABELS.get(n, n), f["value"], f["low"], f["high"], f["count"], before.get(n))
            for n, f in record["figures"].items()
        ),
        losses=tuple(comparison.get("losses", ())),
        compared=comparison.get("compared"),
        questions=tuple(record["questions"]),
        documents=tuple(record["documents"]),
        version=record["version"],
    )
