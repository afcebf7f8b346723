"""The measures by hand, gold files that are wrong, and the sample's own gold."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from corpus.errors import InputError
from corpus.model import Document
from eval.gold import GoldQuestion, bundled_gold, load_gold
from eval.measures import Outcome, facts_found, is_right, measure, passage_hit, quote_answers, section_right, verbatim
from eval.report import as_html, as_json, as_junit, as_record
from eval.run import gold_for, run
from qa.answer import Answerer

GOOD = {"id": "1", "question": "Wat?", "answerable": True, "spans": [[0, 5]], "document_sha256": "x"}


@pytest.fixture
def outcome(fake_answerer: Answerer, made_up: Document) -> Outcome:
    start = made_up.source.index("12 miljoen")
    gold = GoldQuestion(
        "1", "Wat kostte het werk aan de brug?", True, made_up.sha256, ((start, start + 15),), False,
        (("12 miljoen", "twaalf miljoen"),), sections=("Samenvatting",),
    )  # fmt: skip
    return Outcome(gold, fake_answerer.answer(gold.question), made_up)


def test_a_right_answer_measures_as_right(outcome: Outcome) -> None:
    assert passage_hit(outcome, 1) == quote_answers(outcome, 1) == facts_found(outcome) == section_right(outcome) == 1
    assert verbatim(outcome) == 1
    assert is_right(outcome)


def test_gold_elsewhere_measures_as_wrong(outcome: Outcome) -> None:
    far = len(outcome.document.source) - 20
    gold = replace(outcome.gold, spans=((far, far + 10),), facts=(("42",),), sections=("9",))
    wrong = replace(outcome, gold=gold)
    assert quote_answers(wrong, 1) == facts_found(wrong) == section_right(wrong) == 0
    both = replace(outcome, gold=replace(gold, spans=(*outcome.gold.spans, *gold.spans)))
    assert quote_answers(both, 1) == 1
    assert quote_answers(replace(both, gold=replace(both.gold, all_spans=True)), 1) == 0


def test_facts_are_whole_words(outcome: Outcome) -> None:
    assert facts_found(replace(outcome, gold=replace(outcome.gold, facts=(("2 miljoen",),)))) == 0


def test_a_tampered_quote_is_noticed(outcome: Outcome) -> None:
    first = outcome.answer.citations[0]
    tampered = replace(outcome.answer, citations=(replace(first, quote=first.quote + "!"),))
    assert verbatim(replace(outcome, answer=tampered)) == 0
    shifted = replace(outcome.answer, citations=(replace(first, start=first.start + 1),))
    assert measure([replace(outcome, answer=shifted)])["quotes verbatim"] == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"spans": []}, "heeft spans"),
        ({"answerable": False}, "heeft er geen"),
        ({"spans": [[5, 2]]}, "vooruit"),
        ({"kleur": "rood"}, "onbekend veld: kleur"),
    ],
)
def test_a_wrong_gold_line_is_named(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    path = tmp_path / "goud.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD | {"id": "2"} | changes) + "\n")
    with pytest.raises(InputError, match=f"regel 2.*{message}"):
        load_gold(path)


def test_all_wrong_lines_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "goud.jsonl"
    path.write_text("kapot\n" + json.dumps(GOOD) + "\n[]\n" + json.dumps(GOOD) + "\n" + json.dumps({"id": "5"}))
    with pytest.raises(InputError, match=r"regel 1.*regel 3.*regel 4.*al eerder.*regel 5.*ontbrekend veld"):
        load_gold(path)


def test_gold_about_another_document_is_refused(tmp_path: Path, fake_answerer: Answerer) -> None:
    path = tmp_path / "goud.jsonl"
    path.write_text(json.dumps(GOOD))
    with pytest.raises(InputError, match="niet in de index"):
        gold_for(fake_answerer, path)
    with pytest.raises(InputError, match="geen gouden vragen"):
        gold_for(fake_answerer, None)


def test_the_sample_gold_points_into_the_sample(sample: Document) -> None:
    questions = [question for path in bundled_gold() for question in load_gold(path)]
    ours = [question for question in questions if question.document_sha256 == sample.sha256]
    assert len(ours) >= 20
    for question in ours:
        assert all(0 <= start < end <= len(sample.source) for start, end in question.spans)
        text = " ".join(sample.source[start:end] for start, end in question.spans)
        assert not question.answerable or text.strip()


def test_the_sample_is_answered(sample_answerer: Answerer, sample: Document) -> None:
    outcomes = run(sample_answerer, gold_for(sample_answerer, None))
    figures = measure(outcomes)
    assert figures["quotes verbatim"] == 1
    assert figures["passage hit@5"] >= 0.95
    assert figures["answering quote at 1"] >= 0.7
    assert figures["answering quote at 3"] >= 0.8
    assert figures["refused"] >= 0.8
    record = as_record(sample_answerer, figures, outcomes)
    assert as_json(record) == as_json(
        as_record(sample_answerer, figures, run(sample_answerer, gold_for(sample_answerer, None)))
    )
    suite = ElementTree.fromstring(as_junit(outcomes))
    assert int(suite.attrib["tests"]) == len(outcomes)
    assert int(suite.attrib["failures"]) == sum(not is_right(outcome) for outcome in outcomes)
    assert "Meting van de antwoorden" in as_html(figures, outcomes)
