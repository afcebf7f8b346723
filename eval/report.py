"""A measurement for programs: as JSON, and as JUnit for whatever shows test results."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree

from eval.change import Change
from eval.compare import Comparison, losses
from eval.line import printable
from eval.measurement import Measurement
from eval.measures import Scores
from eval.outcome import Outcome, Quoted
from eval.wording import now_quote

DIGITS = 6


def as_record(measurement: Measurement) -> dict[str, Any]:
    """Everything another program needs; the same on every run."""
    summary, comparison = measurement.summary, measurement.comparison
    changes = {change.gold.id: change for change in comparison.changes} if comparison else {}
    record = {
        **measurement.made_by,
        "measures": {name: figure.value for name, figure in summary.figures.items()},
        "figures": {name: asdict(figure) for name, figure in summary.figures.items()},
        "refusal precision": asdict(summary.precision),
        "wrong among answered": asdict(summary.wrong),
        "risk coverage": {"area": summary.area, "points": [asdict(point) for point in summary.curve]},
        "groups": [asdict(group) for group in summary.groups],
        "comparison": comparison and _comparison_record(comparison, measurement.reasons),
        "questions": [
            _question_record(outcome, scores, changes.get(outcome.gold.id))
            for outcome, scores in zip(measurement.outcomes, measurement.scores, strict=True)
        ],
    }
    rounded: dict[str, Any] = _rounded(record)
    return rounded


def as_json(record: Mapping[str, Any]) -> str:
    """The record as text."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def as_junit(measurement: Measurement) -> str:
    """One test case a question; one that came out wrong is a failure that says what was given."""
    outcomes, total = measurement.outcomes, len(measurement.outcomes)
    sets = [file.name for file in measurement.files for _ in file.questions]
    failures = str(total - measurement.right)
    suites = ElementTree.Element("testsuites", tests=str(total), failures=failures)
    suite = ElementTree.SubElement(suites, "testsuite", name="bronvast", tests=str(total), failures=failures)
    worse = {c.gold.id: c for c in measurement.comparison.changes} if measurement.comparison else {}
    for outcome, scores, name in zip(outcomes, measurement.scores, sets, strict=True):
        case = ElementTree.SubElement(suite, "testcase", classname=f"gold.{name}", name=outcome.gold.id)
        if not scores["right"]:
            change = worse.get(outcome.gold.id)
            kind = str(change.verdict) if change else "niet veranderd"
            failure = ElementTree.SubElement(case, "failure", message=printable(outcome.gold.question), type=kind)
            failure.text = printable(now_quote(outcome))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _comparison_record(comparison: Comparison, reasons: Mapping[str, str]) -> dict[str, Any]:
    return {
        "baselines": dict(reasons),
        "compared": comparison.compared,
        "losses": losses(comparison),
        "differences": [asdict(difference) for difference in comparison.differences],
        "unknown": comparison.unknown,
        "gone": comparison.gone,
    }


def _question_record(outcome: Outcome, scores: Scores, change: Change | None) -> dict[str, Any]:
    gold = outcome.gold
    return {
        "id": gold.id,
        "question": gold.question,
        "kind": gold.kind,
        "style": gold.style,
        "answerable": gold.answerable,
        "status": outcome.status,
        "reason": outcome.reason,
        "confidence": outcome.confidence,
        "right": bool(scores["right"]),
        "scores": scores,
        "change": change and {"sorts": change.sorts, "verdict": change.verdict, "broken": change.broken},
        "citations": [_citation_record(quote) for quote in outcome.quotes],
        "passages": list(outcome.passage_ids),
    }


def _citation_record(quote: Quoted) -> dict[str, Any]:
    first, last = quote.page
    return {
        "quote": quote.text,
        "sections": quote.sections,
        "heading": quote.heading,
        "page": first if first == last else [first, last],
        "start": quote.start,
        "end": quote.end,
        "source_spans": quote.spans,
        "sha256": quote.sha256,
    }


def _rounded(value: Any) -> Any:
    """The same value with fewer digits: the last ones of a sum differ between machines."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value
