"""Outcomes to a report: for people on a terminal and in a browser, for programs as JSON and JUnit."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from jinja2 import Environment, PackageLoader
from rich.table import Table

from eval.measures import Outcome, is_right
from qa.answer import Answerer
from qa.phrase import place_phrase


def summary_table(figures: Mapping[str, float], count: int) -> Table:
    """The figures, for a terminal."""
    table = Table(title=f"{count} gouden vragen", title_justify="left")
    table.add_column("maat")
    table.add_column("waarde", justify="right")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3f}")
    return table


def as_record(answerer: Answerer, figures: Mapping[str, float], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Everything another program needs; the same on every run."""
    manifest = answerer.index.manifest
    return {
        "model": manifest["model"],
        "recipe": manifest["recipe"],
        "documents": {document["id"]: document["sha256"] for document in manifest["documents"]},
        "measures": {name: round(value, 6) for name, value in figures.items()},
        "questions": [_question_record(outcome) for outcome in outcomes],
    }


def _question_record(outcome: Outcome) -> dict[str, Any]:
    record = outcome.answer.to_record(outcome.gold.id, 0.0)
    kept = {name: record[name] for name in ("id", "status", "reason", "confidence", "citations")}
    return kept | {"question": outcome.gold.question, "right": is_right(outcome)}


def as_json(record: Mapping[str, Any]) -> str:
    """The record as text."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def as_junit(outcomes: Sequence[Outcome]) -> str:
    """One test case a question; a question that came out wrong is a failure that says what was given."""
    wrong = [outcome for outcome in outcomes if not is_right(outcome)]
    suite = ElementTree.Element("testsuite", name="bronvast", tests=str(len(outcomes)), failures=str(len(wrong)))
    for outcome in outcomes:
        case = ElementTree.SubElement(suite, "testcase", classname="gold", name=outcome.gold.id)
        if outcome in wrong:
            failure = ElementTree.SubElement(case, "failure", message=outcome.gold.question)
            failure.text = outcome.answer.text
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def as_html(figures: Mapping[str, float], outcomes: Sequence[Outcome]) -> str:
    """One page that needs nothing from outside."""
    templates = Environment(loader=PackageLoader("eval", "static"), autoescape=True, trim_blocks=True)
    templates.globals.update(place_phrase=place_phrase, is_right=is_right)
    return templates.get_template("report.html").render(figures=figures, outcomes=outcomes) + "\n"
