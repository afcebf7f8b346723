"""Written answers beside the extractive ones on the same gold: support, citations, refusals, and what they take."""

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from corpus.model import Document
from eval.facts import has_fact
from eval.gold import GoldQuestion
from eval.measures import overlaps
from qa.model import Answer, Citation, Status
from qa.steps import Finished, Quoted
from qa.written.answer import WrittenAnswerer
from qa.written.model import Level, Usage
from qa.written.prompts import prompt_hashes

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold question with both answers. `extra` is how long the model kept the reader after the quotes, in seconds."""

    gold: GoldQuestion
    extractive: Answer
    written: Answer
    extra: float


def measure_pairs(answerer: WrittenAnswerer, questions: Sequence[GoldQuestion], progress: Progress) -> list[Pair]:
    """Ask every question once: the quotes that come first are the extractive answer."""
    pairs = []
    for number, gold in enumerate(questions, 1):
        quoted = finished = None
        started = time.perf_counter()
        for event in answerer.stream(gold.question, gold.earlier):
            if isinstance(event, Quoted):
                quoted, started = event.answer, time.perf_counter()
            elif isinstance(event, Finished):
                finished = event.answer
        assert quoted is not None
        assert finished is not None
        pairs.append(Pair(gold, quoted, finished, time.perf_counter() - started))
        progress(number, len(questions))
    return pairs


def figures(pairs: Sequence[Pair]) -> dict[str, Any]:
    """The figures of both answers, and of the model alone. A share over nothing is None."""
    said = [sentence for pair in pairs if pair.written.written for sentence in pair.written.written.sentences]
    asked = [pair.written.written for pair in pairs if pair.written.written]
    phrased = [pair for pair in pairs if is_written(pair.written)]
    usage = sum((written.usage for written in asked), Usage())
    return {
        "questions": len(pairs),
        "asked": len(asked),
        "written": len(phrased),
        "fallbacks": dict(Counter(written.fallback for written in asked if written.fallback)),
        "levels": {str(level): sum(sentence.level is level for sentence in said) for level in Level},
        "dropped": dict(Counter(sentence.why for sentence in said if sentence.why)),
        "numbers without quote": sum(len(loose_numbers(pair.written)) for pair in phrased),
        "extractive": side([(pair.gold, pair.extractive, pair.extractive.citations) for pair in pairs]),
        "with model": side([(pair.gold, pair.written, used_citations(pair.written)) for pair in pairs]),
        "usage": usage.to_record(),
        "seconds": {"median": median(pair.extra for pair in pairs), "most": max(pair.extra for pair in pairs)},
        "prompts": prompt_hashes(),
    }


def side(answers: Sequence[tuple[GoldQuestion, Answer, Sequence[Citation]]]) -> dict[str, float | None]:
    """Citation precision and recall against the gold spans, facts, and refusals on either side."""
    answerable = [(gold, answer, used) for gold, answer, used in answers if gold.answerable]
    given = [(gold, answer, used) for gold, answer, used in answerable if used]
    facts = [share for gold, answer, used in given for share in _facts(gold, answer, used)]
    refused = [answer.status is Status.REFUSED for gold, answer, _ in answers if not gold.answerable]
    return {
        "citation precision": _mean([_precise(gold, used) for gold, _, used in given]),
        "citation recall": _mean([_recalled(gold, used) for gold, _, used in answerable if gold.needs]),
        "facts": _mean(facts),
        "refused": _mean(refused),
        "false refusals": _mean([answer.status is Status.REFUSED for _, answer, _ in answerable]),
    }


def is_written(answer: Answer) -> bool:
    """Whether sentences of a model are shown."""
    return answer.written is not None and not answer.written.fallback


def used_citations(answer: Answer) -> list[Citation]:
    """The citations that the written sentences stand on; all of them where there are none."""
    if not is_written(answer) or answer.written is None:
        return list(answer.citations)
    numbers = {number for sentence in answer.written.sentences for number in sentence.citations}
    return [answer.citations[number - 1] for number in sorted(numbers)]


def loose_numbers(answer: Answer) -> list[str]:
    """Numbers in written sentences that their own quotes do not show; looks with other eyes than the support check."""
    loose = []
    for sentence in answer.written.sentences if answer.written else ():
        quotes = "\n".join(answer.citations[number - 1].quote for number in sentence.citations)
        loose += [number for number in NUMBER.findall(sentence.text) if not has_fact(quotes, [number])]
    return loose


def supported_by_source(answer: Answer, documents: Mapping[str, Document]) -> bool:
    """Whether every quote that is cited stands in its document, letter for letter."""
    return all(documents[c.place.document].text[c.start : c.end] == c.quote for c in answer.citations)


def _facts(gold: GoldQuestion, answer: Answer, used: Sequence[Citation]) -> list[float]:
    text = "\n".join(citation.quote for citation in used)
    if is_written(answer) and answer.written is not None:
        text = " ".join(sentence.text for sentence in answer.written.sentences)
    return [fmean(has_fact(text, fact) for fact in gold.facts)] if gold.facts else []


def _precise(gold: GoldQuestion, used: Sequence[Citation]) -> float:
    return fmean(any(overlaps(one.source_spans, span) for span in gold.spans) for one in used)


def _recalled(gold: GoldQuestion, used: Sequence[Citation]) -> float:
    places = [one.source_spans for one in used]
    return fmean(any(overlaps(place, span) for place in places for span in need) for need in gold.needs)


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
