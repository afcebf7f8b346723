"""The measures by hand, facts in every spelling, intervals and tests against their own definitions."""

from dataclasses import replace
from itertools import product
from math import log2
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from corpus.model import Document
from eval.facts import has_fact
from eval.gold import GoldQuestion
from eval.measures import (
    MEASURES,
    facts_found,
    first_ranks,
    is_right,
    overlaps,
    page_right,
    quote_answers,
    score,
    scores_of,
    section_right,
)  # fmt: skip
from eval.noise import bootstrap, clopper_pearson, paired_p
from eval.outcome import Outcome, is_verbatim, is_whole
from eval.ranking import ranking_scores
from eval.run import run
from eval.summary import risk_coverage, summarise
from qa.answer import Answerer
from qa.numerals import as_words


@pytest.fixture
def outcome(fake_answerer: Answerer, made_up: Document) -> Outcome:
    start = made_up.source.index("Het werk kostte 12 miljoen")
    gold = GoldQuestion(
        "1", ("Wat kostte het werk aan de brug?",), True, made_up.sha256, ((start, start + 35),), False,
        (("12 miljoen", "iets anders"),), sections=("Samenvatting",),
    )  # fmt: skip
    return run(fake_answerer, [gold])[0]


def test_a_right_answer_measures_as_right(outcome: Outcome) -> None:
    scores = score([outcome])[0]
    good = {name: value for name, value in scores.items() if MEASURES[name].more_is_better}
    assert set(good.values()) == {1}
    assert scores["false refusals"] == 0
    assert set(good) == set(MEASURES) - {"false refusals", "refused"}


def test_a_quote_of_another_document_is_not_looked_for_in_this_one(outcome: Outcome) -> None:
    strange = replace(outcome.quotes[0], document="ander", start=10**6, end=10**6 + 5)
    both = score([replace(outcome, quotes=(*outcome.quotes, strange))])[0]
    assert both["quotes verbatim"] == both["quotes whole"] == both["pages true"] == 1
    assert "quotes verbatim" not in score([replace(outcome, quotes=(strange,))])[0]
    claimed = replace(strange, document=outcome.quotes[0].document)
    assert score([replace(outcome, quotes=(claimed,))])[0]["quotes verbatim"] == 0


def test_gold_elsewhere_measures_as_wrong(outcome: Outcome) -> None:
    far = len(outcome.gold.spans) and outcome.document.source.index("De bakker".lower())  # type: ignore[union-attr]
    gold = replace(outcome.gold, spans=((far, far + 30),), facts=(("42",),), sections=("9",))
    wrong = replace(outcome, gold=gold)
    assert quote_answers(wrong, 1) == facts_found(wrong) == section_right(wrong) == 0
    both = replace(outcome, gold=replace(gold, spans=(*outcome.gold.spans, *gold.spans)))
    assert quote_answers(both, 1) == 1
    assert quote_answers(replace(both, gold=replace(both.gold, all_spans=True)), 1) == 0


def test_a_quote_of_another_document_answers_nothing(outcome: Outcome) -> None:
    assert quote_answers(replace(outcome, gold=replace(outcome.gold, document_sha256="0" * 64)), 3) == 0


@pytest.mark.parametrize(
    ("place", "span", "enough"),
    [
        (((0, 100),), (90, 100), True),  # a short gold span inside a long quote
        (((40, 50),), (0, 100), True),  # a short quote inside a long gold span
        (((0, 10),), (5, 20), True),  # half of the shorter
        (((0, 10),), (6, 20), False),  # less than half
        (((0, 4), (50, 54)), (0, 8), True),  # a quote around a footnote counts by its pieces
        (((0, 2), (50, 60)), (0, 12), False),
        (((0, 10),), (10, 20), False),
    ],
)
def test_overlap_is_half_of_the_shorter(
    place: tuple[tuple[int, int], ...], span: tuple[int, int], enough: bool
) -> None:
    assert overlaps(place, span) is enough


@pytest.mark.parametrize(
    ("text", "fact", "there"),
    [
        ("het kostte twaalf miljoen", "12 miljoen", True),
        ("het kostte 12 miljoen", "twaalf miljoen", True),
        ("het kostte 12 miljoen", "2 miljoen", False),
        ("41.000 reizigers", "41000", True),
        ("eenenveertigduizend", "41.000", True),
        ("tweeëntwintig keer", "22 keer", True),
        ("groei van 3,5%", "3,5 procent", True),
        ("groei van 3,5%", "3", False),
        ("in 2019", "negentienhonderd", False),
        ("vijftienhonderd banen", "1.500 banen", True),
        ("een bus", "1", False),
        ("één bus", "1 bus", True),
        ("Nieuw-Dreven", "nieuw dreven", True),
        ("’s-Gravenhage’", "'s-gravenhage", True),
        ("de raad", "raa", False),
        ("iets", " . ", False),
    ],
)
def test_facts_are_whole_words_and_numbers_are_numbers(text: str, fact: str, there: bool) -> None:
    assert has_fact(text, [fact]) is there


def test_number_words_are_those_of_num2words() -> None:
    num2words = pytest.importorskip("num2words").num2words
    for number in (0, 2, 17, 80, 99, 101, 342, 999, 2019, 5000, 77_000):
        assert as_words(num2words(number, lang="nl")) == [str(number)]


def test_a_tampered_quote_is_noticed(outcome: Outcome, made_up: Document) -> None:
    first = outcome.quotes[0]
    assert is_verbatim(first, made_up)
    assert is_whole(first, made_up)
    for changes in ({"text": first.text + "!"}, {"start": first.start + 1}, {"sha256": "0" * 64}):
        assert not is_verbatim(replace(first, **changes), made_up)
    assert not is_verbatim(replace(first, spans=((0, 5),)), made_up)
    assert not is_whole(replace(first, end=first.end - 5), made_up)
    page = replace(outcome, quotes=(replace(first, page=(2, 2)),))
    assert scores_of(page)["pages true"] == page_right(page) == 0


def test_a_question_on_which_the_program_breaks_counts_as_nothing(
    fake_answerer: Answerer, made_up: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = fake_answerer.answer

    def sometimes(question: str) -> object:
        if "kapot" in question:
            raise RuntimeError("kapot")
        return answer(question)

    monkeypatch.setattr(fake_answerer, "answer", sometimes)
    span = ((20, 60),)
    asked = [GoldQuestion(str(n), (q,), True, made_up.sha256, span) for n, q in enumerate(["Wat?", "kapot", "Brug?"])]
    asked.append(GoldQuestion("3", ("Is dit kapot?",), False, made_up.sha256))
    scores = score(run(fake_answerer, asked))
    assert {name: value for name, value in scores[1].items() if value} == {}
    assert {"right", "answering quote at 1", "nDCG@10"} <= set(scores[1])
    assert scores[3] == {"right": 0, "refused": 0}


@pytest.mark.parametrize(
    ("ranks", "hit3", "recall5", "ndcg", "mrr"),
    [
        ([1], 1, 1, 1, 1),
        ([4], 0, 1, 1 / log2(5), 1 / 4),
        ([0], 0, 0, 0, 0),
        ([2, 0], 1, 0.5, (1 / log2(3)) / (1 + 1 / log2(3)), 1 / 2),
        ([1, 2], 1, 1, 1, 1),
        ([2, 2], 1, 1, (1 / log2(3) + 1 / log2(4)) / (1 + 1 / log2(3)), 1 / 2),
    ],
)
def test_ranking_measures_are_their_formulas(
    ranks: list[int], hit3: float, recall5: float, ndcg: float, mrr: float
) -> None:
    found = ranking_scores({"a": ranks, "leeg": [0]})
    assert found["a"]["passage hit@3"] == hit3
    assert found["a"]["recall@5"] == recall5
    assert found["a"]["nDCG@10"] == pytest.approx(ndcg)
    assert found["a"]["MRR"] == pytest.approx(mrr)
    assert set(found["leeg"].values()) == {0}


def test_alternatives_are_one_need_and_all_spans_are_several(outcome: Outcome, made_up: Document) -> None:
    far = made_up.source.index("de bakker")
    two = replace(outcome.gold, spans=(*outcome.gold.spans, (far, far + 30)))
    assert first_ranks(replace(outcome, gold=two))[0] == 1
    ranks = first_ranks(replace(outcome, gold=replace(two, all_spans=True)))
    assert len(ranks) == 2
    assert ranks[0] == 1 < ranks[1]


def test_an_unanswerable_question_is_right_when_refused(fake_answerer: Answerer, made_up: Document) -> None:
    gold = GoldQuestion("1", ("zzz qqq?",), False, made_up.sha256)
    found = run(fake_answerer, [gold])[0]
    assert found.status == "refused"
    assert is_right(found)
    assert scores_of(found) == {"right": 1, "refused": 1}


@given(st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_clopper_pearson_is_exact(pair: tuple[int, int]) -> None:
    count, total = pair
    low, high = clopper_pearson(count, total)
    assert low <= count / total <= high
    if count < total:
        assert binom.cdf(count, total, high) == pytest.approx(0.025, abs=1e-6)
    if count:
        assert binom.sf(count - 1, total, low) == pytest.approx(0.025, abs=1e-6)


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), max_size=8))
def test_the_paired_test_counts_all_sign_flips(differences: list[float]) -> None:
    moved = [d for d in differences if d]
    flips = [
        sum(s * abs(d) for s, d in zip(signs, moved, strict=True)) for signs in product((1, -1), repeat=len(moved))
    ]
    below = fmean(flip <= sum(moved) + 1e-12 for flip in flips) if moved else 1.0
    above = fmean(flip >= sum(moved) - 1e-12 for flip in flips) if moved else 1.0
    assert paired_p(differences, "less") == pytest.approx(below)
    assert paired_p(differences) == pytest.approx(min(1.0, 2 * min(below, above)))


def test_the_bootstrap_holds_the_mean_and_repeats_itself() -> None:
    values = [0.0, 1.0, 1.0, 0.5, 1.0, 0.0, 1.0]
    low, high = bootstrap(values)
    assert low < fmean(values) < high
    assert bootstrap(values) == (low, high)
    assert bootstrap([1.0, 1.0]) == (1.0, 1.0)


def test_the_risk_coverage_curve_by_hand(outcome: Outcome) -> None:
    sure = [replace(outcome, confidence=c) for c in (0.9, 0.8, 0.8, 0.4)]
    refused = replace(outcome, status="refused", quotes=(), confidence=0.1)
    scores = [{"right": 1.0}, {"right": 0.0}, {"right": 1.0}, {"right": 0.0}, {"right": 0.0}]
    points = [(p.confidence, p.coverage, p.risk) for p in risk_coverage([*sure, refused], scores)]
    assert points == [(0.9, 0.2, 0.0), (0.8, 0.6, pytest.approx(1 / 3)), (0.4, 0.8, 0.5)]
    summary = summarise([*sure, refused], scores, ["a"] * 5)
    assert summary.wrong.count == 4
    assert summary.wrong.value == 0.5
    assert summary.precision.value == 0
    assert summary.area == pytest.approx((0.2 * 0 + 0.4 / 3 + 0.2 * 0.5) / 0.8)
