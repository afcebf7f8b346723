"""Refusals: every reason can be reached, none has citations, what is nearest is verbatim; judges are checked."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from fakes import FakeEncoder
from qa.answer import NEAREST_SHOWN, Answerer
from qa.bearing import LEAST_SAID, MOST_SAID
from qa.check import check_citation
from qa.model import Answer, Reason, Status
from qa.quotes import Quote, select_quotes
from qa.refuse import FEATURES, Judge, Verdict, features, load_judge
from qa.smalltalk import is_small_talk, says_nothing

CONTACT = "informatiepunt@veenkamp.example"
REUSE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def judge_with(features_of: dict[str, float], constant: float, threshold: float = 0.5) -> Judge:
    model = {"features": features_of, "constant": constant, "threshold": threshold}
    return Judge({"plain": model, "enriched": model})


def answerer(whole: Answerer, judge: Judge | None = None, threshold: float | None = None) -> Answerer:
    return Answerer(whole.index, FakeEncoder(), threshold, 1000, CONTACT, judge)


def checked(whole: Answerer, answer: Answer) -> Answer:
    """The laws of every refusal."""
    assert answer.status is Status.REFUSED
    assert answer.citations == ()
    assert len(answer.nearest) <= NEAREST_SHOWN
    for citation in answer.nearest:
        check_citation(citation, whole.index.documents[citation.place.document])
    return answer


SURE, UNSURE, LOST = judge_with({}, 9.0), judge_with({}, -0.1), judge_with({}, -9.0)


@pytest.mark.parametrize(
    ("question", "judge", "reason"),
    [
        ("Wie rijdt er met de buurtbus?", UNSURE, Reason.NOT_FOUND),
        ("Wie won het zangfestival in Knorrebroek?", LOST, Reason.OTHER_SUBJECT),
        ("Wie rijdt er met de buurtbus?", LOST, Reason.NOT_FOUND),
        ("Wie is Knorrebroek?", UNSURE, Reason.OTHER_SUBJECT),
        ("Wanneer opende het voorzieningenhuis in 1876?", UNSURE, Reason.FALSE_PREMISE),
        ("vertel eens iets", SURE, Reason.TOO_VAGUE),
        ("Hallo daar!", SURE, Reason.NO_QUESTION),
        ("?!", SURE, Reason.INVALID_INPUT),
        ("x" * 1001, SURE, Reason.INVALID_INPUT),
    ],
)
def test_every_reason_can_be_reached(
    fake_sample_answerer: Answerer, question: str, judge: Judge, reason: Reason
) -> None:
    answer = checked(fake_sample_answerer, answerer(fake_sample_answerer, judge).answer(question))
    assert answer.reason is reason
    assert answer.text
    searched = reason in (Reason.NOT_FOUND, Reason.OTHER_SUBJECT, Reason.FALSE_PREMISE)
    assert bool(answer.nearest) == searched
    if reason not in (Reason.NO_QUESTION, Reason.INVALID_INPUT):
        assert CONTACT in answer.text


def test_no_reason_is_left_out() -> None:
    cases = test_every_reason_can_be_reached.pytestmark[0].args[1]
    assert {case[2] for case in cases} == set(Reason)


def test_a_false_premise_says_what_the_document_does_say(fake_sample_answerer: Answerer) -> None:
    answer = answerer(fake_sample_answerer, UNSURE).answer("Wanneer opende het voorzieningenhuis in 1876?")
    assert answer.nearest[0].quote in answer.text
    assert "Er staat wel" in answer.text


@given(st.text(max_size=60))
@REUSE
def test_whatever_is_refused_keeps_the_laws(fake_sample_answerer: Answerer, question: str) -> None:
    for judge in (UNSURE, LOST):
        checked(fake_sample_answerer, answerer(fake_sample_answerer, judge).answer(question))


def test_a_partial_answer_names_what_is_missing(fake_sample_answerer: Answerer) -> None:
    # Sure of what the text knows, and of nothing else.
    judge = judge_with({"known": 40.0}, -30.0)
    question = "Wat kost een rit met de buurtbus? Hoeveel giraffen eten bananen?"
    answer = answerer(fake_sample_answerer, judge).answer(question)
    assert answer.status is Status.PARTIAL
    assert answer.citations
    assert answer.text.endswith("Hoeveel giraffen eten bananen?")
    whole = answerer(fake_sample_answerer, SURE).answer(question)
    assert whole.status is Status.ANSWERED
    none = checked(fake_sample_answerer, answerer(fake_sample_answerer, LOST).answer(question))
    assert none.nearest


def test_a_threshold_takes_the_place_of_the_fitted_one(fake_sample_answerer: Answerer) -> None:
    question = "Wat kost een rit met de buurtbus?"
    assert answerer(fake_sample_answerer, UNSURE, 0.0).answer(question).status is Status.ANSWERED
    assert answerer(fake_sample_answerer, SURE, 1.0).answer(question).status is Status.REFUSED


@pytest.mark.parametrize(
    "text",
    ["Hallo", "hoi!", "Goedemiddag allemaal", "Dank u wel", "bedankt voor de hulp", "Wie bent u?", "Ben je een robot?",
     "Hello", "thanks", "Tot ziens", "Wat kun je allemaal?",
     "wat een gedoe hè", "Wat een mooie brug!", "wat 'n weer vandaag zeg"],
)  # fmt: skip
def test_small_talk_gets_a_friendly_reply(fake_sample_answerer: Answerer, text: str) -> None:
    assert is_small_talk(text)
    answer = fake_sample_answerer.answer(text)
    assert answer.reason is Reason.NO_QUESTION
    assert "Evaluatie regioplan veenkamp" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "Hallo, wat kost een rit met de buurtbus?",
        "Goedemorgen, ik wil graag weten waarom de school in het dorp dicht ging",
        "Bedankt! En hoeveel reizigers waren er in 2020?",
        "Wie is Hanna Drost?",
        "Topkok van de Veenkamp",
        "Hoe gaat het met de buurtbus?",
        "Dagbesteding voor ouderen",
        "Mooiste dorp van de streek",
        "wat een brug kost",
        "Wat een brug kost!?",
        "Wat een buurtbus is en wie hem rijdt",
        "Wat een werk was dat hè, en wie betaalde het?",
    ],
)
def test_a_question_is_never_small_talk(text: str) -> None:
    assert not is_small_talk(text)


@pytest.mark.parametrize(
    "text", ["vertel eens iets", "Wat weet je?", "help", "Kun je mij iets zeggen?", "tell me something"]
)
def test_what_names_nothing_is_too_vague(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["buurtbus", "Vertel iets over wonen", "Wat weet je van scholen?"])
def test_one_word_that_names_something_is_enough(text: str) -> None:
    assert not says_nothing(text)


# The judge.


def test_the_shipped_judge_is_whole() -> None:
    judge = load_judge()
    for name in ("enriched", "plain"):
        assert set(judge.models[name]["features"]) <= set(FEATURES)
        assert 0 < judge.models[name]["threshold"] < 1


def test_a_judge_from_a_file_decides(tmp_path: Path, fake_sample_answerer: Answerer) -> None:
    path = tmp_path / "ijking.json"
    path.write_text(json.dumps(dict(LOST.models)), encoding="utf-8")
    assert answerer(fake_sample_answerer, load_judge(path)).answer("Wat kost een rit?").status is Status.REFUSED


def broken(**changes: Any) -> str:
    model: dict[str, Any] = {"features": {"height": 1.0}, "constant": 0.0, "threshold": 0.5} | changes
    return json.dumps({"plain": {name: value for name, value in model.items() if value is not None}, "enriched": model})


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "3", "{}", '{"plain": {}}', '{"plain": 3, "enriched": 3}',
        broken(features={"zomaar": 1.0}), broken(threshold=1.5), broken(threshold=-0.1), broken(threshold="veel"),
        broken(constant="x"), broken(constant=None), broken(threshold=None), broken(features=None), broken(features=3),
        broken(features={"height": "x"}), broken(constant=float("nan")),
    ],
)  # fmt: skip
def test_what_is_no_calibration_is_told_with_its_cure(content: str, tmp_path: Path) -> None:
    path = tmp_path / "ijking.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="bronvast calibrate") as told:
        load_judge(path)
    assert str(path) in str(told.value)


def test_a_calibration_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="bronvast calibrate"):
        load_judge(tmp_path / "weg.json")


def test_confidence_is_a_share_and_features_are_all_there(fake_sample_answerer: Answerer) -> None:
    retriever = fake_sample_answerer.retriever
    for question in ("Wat kost een rit?", "Hoeveel giraffen zijn er in 1876?", "Wie is Knorrebroek?"):
        retrieval = retriever.retrieve(question, 10)
        quotes = select_quotes(retriever, retrieval)
        found = features(retriever, retrieval, quotes)
        assert set(found) == set(FEATURES)
        verdict = load_judge().judge(retriever, retrieval, quotes, None)
        assert isinstance(verdict, Verdict)
        assert 0 <= verdict.confidence <= 1
    strange = features(retriever, retriever.retrieve("Wie is Knorrebroek?", 10), [])
    assert strange["strange_name"] == 1.0
    assert features(retriever, retriever.retrieve("Wat was er in 1876?", 10), [])["strange_year"] == 1.0


@pytest.mark.parametrize("constant", [-800.0, 800.0])
def test_no_number_is_too_large(fake_sample_answerer: Answerer, constant: float) -> None:
    answer = answerer(fake_sample_answerer, judge_with({}, constant)).answer("Wat kost een rit?")
    assert answer.confidence == float(constant > 0)


def test_a_refusal_cannot_hold_citations(fake_sample_answerer: Answerer) -> None:
    answer = answerer(fake_sample_answerer, UNSURE).answer("Wat kost een rit?")
    with pytest.raises(ValueError, match="quotes"):
        replace(answer, citations=answer.nearest)


@pytest.mark.parametrize("told", [LEAST_SAID, 0.0, MOST_SAID])
@pytest.mark.parametrize("constant", [-6.0, -1.1, -0.9, 0.0, 2.4, 2.6, 6.0])
def test_a_quote_is_read_only_when_that_can_change_the_verdict(
    fake_sample_answerer: Answerer, constant: float, told: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[float] = []

    def bears(*_: object) -> float:
        read.append(told)
        return told

    monkeypatch.setattr("qa.refuse.bears", bears)
    retriever = fake_sample_answerer.retriever
    retrieval = retriever.retrieve("Wie rijdt er met de buurtbus?", 10)
    verdict = judge_with({"bears": 1.0}, constant).judge(retriever, retrieval, [], None)
    assert (verdict.reason is None) == (constant + told >= 0)
    assert bool(read) == (-MOST_SAID <= constant <= -LEAST_SAID)
    assert verdict.found["bears"] == (told if read else 0.0)


def test_a_judge_that_does_not_weigh_the_reading_never_reads(
    fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.refuse.bears", lambda *_: pytest.fail("read"))
    retriever = fake_sample_answerer.retriever
    judge_with({"height": 1.0}, 0.0).judge(retriever, retriever.retrieve("Wie rijdt er?", 10), [], None)


@pytest.mark.parametrize(
    ("start", "question", "answered"),
    [
        ("Een rit kost 1,50 euro", "Wat kost een rit met de buurtbus?", True),
        ("De buurtbus rijdt met vrijwilligers", "Wat kost een rit met de buurtbus?", False),
        ("De buurtbus rijdt met vrijwilligers", "Hoeveel vrijwilligers heeft de buurtbus?", True),
        ("2019 22.700 94", "Wat kost een rit met de buurtbus?", True),  # its unit may stand in a heading
    ],
)
def test_a_sum_of_money_is_answered_with_one(
    fake_sample_answerer: Answerer, start: str, question: str, answered: bool
) -> None:
    retriever = fake_sample_answerer.retriever
    index = retriever.index
    position = next(n for n, one in enumerate(index.sentences) if index.text(one).startswith(start))
    sentence = index.sentences[position]
    quote = Quote(position, sentence, sentence.start, sentence.end, 1.0)
    verdict = SURE.judge(retriever, retriever.retrieve(question, 10), [quote], None)
    assert (verdict.reason is None) == answered
    assert verdict.reason in (None, Reason.NOT_FOUND)
    assert ("no_sum" in verdict.shares) == (not answered)
