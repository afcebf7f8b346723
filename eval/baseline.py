"""The blessed answers of one gold file: places, hashes and scores, and not one sentence of a report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.model import PageRange
from corpus.offsets import Span
from eval.gold import GoldFile, bundled_gold
from eval.measures import MEASURES, Scores, first_ranks
from eval.outcome import Outcome, Place
from eval.write import replace_file

FORMAT = 1
DIGITS = 4


@dataclass(frozen=True, slots=True)
class PastQuote:
    """Where a quote stood, what was said of its place, and a hash of its words."""

    spans: Place
    page: PageRange
    sections: tuple[str, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a question came to at some time. `gold` is the fingerprint of the question, `rank` that of the first right
    passage (0 for none), `passages` the outer ends of those found.
    """

    gold: str
    status: str
    reason: str
    confidence: float
    quotes: tuple[PastQuote, ...]
    passages: tuple[Span, ...]
    rank: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class Baseline:
    """Blessed answers by question id, why they were blessed, and what made them."""

    reason: str
    made_by: Mapping[str, Any]
    questions: Mapping[str, Past]


def past_of(outcome: Outcome, scores: Scores) -> Past:
    """What is kept of an outcome."""
    return Past(
        gold=outcome.gold.fingerprint,
        status=outcome.status,
        reason=outcome.reason,
        confidence=round(outcome.confidence, DIGITS),
        quotes=tuple(PastQuote(q.spans, q.page, q.sections, q.hash) for q in outcome.quotes),
        passages=tuple((place[0][0], place[-1][1]) for place in outcome.passages if place),
        rank=min((rank for rank in first_ranks(outcome) if rank), default=0),
        scores={name: int(value) if value in (0, 1) else round(value, DIGITS) for name, value in scores.items()},
    )


def baseline_path(gold: Path, folder: Path | None) -> Path:
    """Where the baseline of a gold file is: in the folder given, in the package, or beside the gold file."""
    name = f"{gold.name.removesuffix('.jsonl')}.json"
    if folder is not None:
        return folder / name
    if gold.resolve() in [path.resolve() for path in bundled_gold()]:
        return Path(__file__).parent / "baseline" / name
    return gold.with_name(f"{gold.name.removesuffix('.jsonl')}.baseline.json")


def read_baseline(path: Path) -> Baseline | None:
    """The baseline, or None when there is none yet. Raises InputError when it is damaged."""
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"indeling {content['format']}, verwacht {FORMAT}")
        past = {name: _past_from(item, content["scores"]) for name, item in content["questions"].items()}
        return Baseline(content["reason"], content["made_by"], past)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: dit ijkpunt kan niet worden gelezen ({error}). Haal het terug uit git, of verwijder het en "
            f'leg het opnieuw vast met: bronvast eval --bless "reden"'
        ) from error


def write_baseline(path: Path, file: GoldFile, baseline: Baseline) -> None:
    """Write a baseline, one question a line in the order of the gold, so that a difference in git can be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"format": FORMAT, "reason": baseline.reason, "made_by": baseline.made_by, "scores": list(MEASURES)}
    lines = [f"    {_compact(q.id)}: {_compact(_past_json(baseline.questions[q.id]))}" for q in file.questions]
    opening = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    replace_file(path, opening + ',\n  "questions": {\n' + ",\n".join(lines) + "\n  }\n}\n")


def _past_json(past: Past) -> dict[str, Any]:
    return {
        "gold": past.gold,
        "status": past.status,
        "reason": past.reason,
        "confidence": past.confidence,
        "rank": past.rank,
        "quotes": [[q.spans, q.page, q.sections, q.hash] for q in past.quotes],
        "passages": past.passages,
        "scores": [past.scores.get(name) for name in MEASURES],
    }


def _past_from(item: Mapping[str, Any], measures: Sequence[str]) -> Past:
    quotes = [
        PastQuote(_spans(spans), (page[0], page[1]), tuple(sections), name)
        for spans, page, sections, name in item["quotes"]
    ]
    simple = {name: item[name] for name in ("gold", "status", "reason", "confidence", "rank")}
    scores = {name: score for name, score in zip(measures, item["scores"], strict=True) if score is not None}
    return Past(**simple, quotes=tuple(quotes), passages=_spans(item["passages"]), scores=scores)


def _spans(values: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in values)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
