"""Deciding when to refuse: what is looked at around a quote, and fitting it on gold questions."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import InputError
from corpus.model import Document
from eval import calibrate as calibration
from eval.bench.refusal import safe_line
from eval.calibrate import FALSE_REFUSALS, FOLDS, REPEATS, calibrate, confidences_unseen, read_texts
from eval.gold import bundled_gold, read_gold
from index.sparse import stems
from qa.answer import Answerer
from qa.around import PART, covered, missing_numbers, surroundings
from qa.quotes import Quote, select_quotes
from qa.refuse import PLAIN

SAMPLE_GOLD = next(path for path in bundled_gold() if path.name == "sample.jsonl")
ELSEWHERE = ["Hoe bak ik een appeltaart?", "Welke maan draait om Jupiter?", "Wie won de Tour van 1968?"]


def quotes_for(answerer: Answerer, question: str) -> list[Quote]:
    return select_quotes(answerer.retriever, answerer.retriever.retrieve(question, 10))


def test_what_stands_around_a_quote_covers_a_question_by_the_weight_of_its_stems(fake_answerer: Answerer) -> None:
    quotes = quotes_for(fake_answerer, "Hoeveel kostte het werk aan de brug?")[:1]
    there = stems([surroundings(fake_answerer.retriever, quotes[0])])[0]
    known = next(stem for stem in there if len(stem) > 4)
    assert covered(fake_answerer.retriever, quotes, {known: 3.0, "zwembad": 1.0}) == 0.75
    assert covered(fake_answerer.retriever, quotes, {known + "zwembad": 1.0}) == pytest.approx(PART)
    assert covered(fake_answerer.retriever, quotes, {}) == covered(fake_answerer.retriever, [], {known: 1.0}) == 0.0


def test_a_number_that_stands_at_no_quote_is_missing(fake_answerer: Answerer) -> None:
    retriever, quotes = fake_answerer.retriever, quotes_for(fake_answerer, "Hoeveel kostte het werk aan de brug?")
    assert missing_numbers(retriever, quotes, "Kostte het werk 12 miljoen?") == 0
    assert missing_numbers(retriever, quotes, "Kostte het werk 13 miljoen, of 7,5?") == 2
    assert missing_numbers(retriever, [], "Kostte het werk 12 miljoen?") == 1


def test_too_few_questions_are_told_with_what_is_needed(fake_sample_answerer: Answerer) -> None:
    with pytest.raises(InputError, match=r"46 met en \d+ zonder .* 60 en 30.*bronvast gold add"):
        calibrate(fake_sample_answerer, read_gold(SAMPLE_GOLD).questions)


def test_questions_about_something_else_teach_to_refuse_them(
    fake_sample_answerer: Answerer, sample: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "FEWEST_ANSWERABLE", 10)
    monkeypatch.setattr(calibration, "FEWEST_UNANSWERABLE", 10)
    gold = read_gold(SAMPLE_GOLD).questions
    assert {question.document_sha256 for question in gold} == {sample.sha256}
    alone, taught = calibrate(fake_sample_answerer, gold), calibrate(fake_sample_answerer, gold, ELSEWHERE)
    assert set(alone.model["features"]) == set(taught.model["features"]) == set(PLAIN)
    assert (alone.elsewhere, taught.elsewhere) == (0, 3)
    assert alone.refused_right <= 0.1
    assert 5 <= alone.right < alone.answerable
    for question in ELSEWHERE:
        row, _quotes = calibration.look_at(fake_sample_answerer.retriever, question, PLAIN)
        assert odds(taught.model, row) < odds(alone.model, row)


def test_where_first_quotes_hardly_answer_nothing_is_fitted(
    fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "FEWEST_ANSWERABLE", 10)
    monkeypatch.setattr(calibration, "FEWEST_UNANSWERABLE", 10)
    elsewhere = [
        replace(question, spans=((0, 1),)) if question.answerable else question
        for question in read_gold(SAMPLE_GOLD).questions
    ]
    with pytest.raises(InputError, match=r"Bij maar 0 van de 46 vragen.*minstens 5\. Kijk met bronvast eval"):
        calibrate(fake_sample_answerer, elsewhere)


def odds(model: dict[str, Any], row: list[float]) -> float:
    return float(model["constant"] + sum(w * v for w, v in zip(model["features"].values(), row, strict=True)))


@pytest.mark.parametrize("content", ["", "geen json", '{"vraag": "Waar?"}', '{"text": " "}', '{"text": 3}', "[1]"])
def test_a_file_without_texts_is_told(content: str, tmp_path: Path) -> None:
    path = tmp_path / "elders.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="text") as told:
        read_texts(path)
    assert str(path) in str(told.value)


def test_texts_are_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "elders.jsonl"
    path.write_text("\n\n".join(json.dumps({"_id": n, "text": text}) for n, text in enumerate(ELSEWHERE)), "utf-8")
    assert read_texts(path) == ELSEWHERE


def test_the_line_refuses_no_more_than_allowed_in_either_of_two_worlds() -> None:
    easy, hard = np.linspace(0.5, 1, 1000), np.linspace(0, 1, 100)
    line = safe_line(easy, hard)
    assert (hard < line).mean() == pytest.approx(FALSE_REFUSALS, abs=0.01)
    assert (easy < line).mean() == 0
    assert safe_line(hard, easy) == line


def test_each_confidence_is_of_models_that_did_not_see_the_question() -> None:
    rows = np.arange(40.0).reshape(40, 1)
    kinds = np.asarray([0, 1] * 20)
    seen: list[set[int]] = []

    def fit(known: Any) -> Any:
        seen.append(set(known.tolist()))
        return np.asarray([0.0]), 50.0

    unseen = confidences_unseen(rows, kinds, fit)
    assert len(seen) == FOLDS * REPEATS
    assert all(sum(n not in known for known in seen) == REPEATS for n in range(40))
    assert unseen == pytest.approx(np.ones(40))
