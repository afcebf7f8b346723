"""A typing error is mended where one slip explains it; what Dutch or the documents write stays as it is."""

import random
from io import StringIO

import pytest
from rich.console import Console

from api.show import show_answer
from eval.bench.typos import LONG, mistyped
from index.sparse import stems
from qa.answer import Answerer
from qa.model import Answer
from qa.spelling import corrected, slips

DOCUMENT = "buurtbus vrijwilligers wethouder gemeente gemeenten Halderbroek kader woningen dorp winkel school"


class Words:
    """The words of a small document; some stand there more often than others."""

    def __init__(self, words: str = DOCUMENT, common: str = "gemeente") -> None:
        self._known, self._common = set(stems([words])[0]), set(stems([common])[0])

    def knows(self, stem: str) -> bool:
        return stem in self._known

    def rarity(self, stem: str) -> float:
        return 1.0 if stem in self._common else 2.0


def shown(answer: Answer) -> str:
    out = StringIO()
    show_answer(Console(file=out, width=200), answer)
    return out.getvalue()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("buurtbsu", "buurtbus"),  # swapped
        ("burtbus", "buurtbus"),  # one missing
        ("buurttbus", "buurtbus"),  # one too many
        ("buurtbuz", "buurtbus"),  # one for another
        ("gemeentne", "gemeente"),
        ("Halderbrok", "Halderbroek"),  # a name
        ("wethoulder's", "wethouder's"),
    ],
)
def test_one_slip_is_mended(typed: str, meant: str) -> None:
    assert corrected(f"Wat doet {typed}, en waarom?", Words()) == f"Wat doet {meant}, en waarom?"


@pytest.mark.parametrize(
    "word",
    [
        "buurtbussen",  # the documents have its stem
        "kamer",  # Dutch, though one letter from "kader"
        "buurtvrijwilligers",  # of parts
        "Eindhoven",  # a name that Dutch knows
        "brrtbss",  # more slips than one
        "skool",  # one slip from nothing
        "drp",  # too short to tell
        "K6",
        "BZK",
    ],
)
def test_other_words_stay(word: str) -> None:
    assert corrected(f"Hoe gaat het met {word}?", Words()) == f"Hoe gaat het met {word}?"


def test_of_two_words_the_more_common_is_meant() -> None:
    words = "marker barker"
    assert corrected("De zarker", Words(words, common="marker")) == "De marker"
    assert corrected("De zarker", Words(words, common="barker")) == "De barker"


def test_every_slip_is_one_slip() -> None:
    assert {"ab", "ba", "b", "bb", "abc", "aab"} - {"ab"} <= set(slips("ab"))
    assert "abcd" not in set(slips("ab"))


def test_a_mistyped_question_is_answered_and_shown_mended(sample_answerer: Answerer) -> None:
    right = sample_answerer.answer("Hoeveel vrijwilligers rijden er op de buurtbus?")
    wrong = sample_answerer.answer("Hoeveel vrijwillgers rijden er op de buurtbsu?")
    assert wrong.searched == right.searched == "Hoeveel vrijwilligers rijden er op de buurtbus?"
    assert [one.quote for one in wrong.citations] == [one.quote for one in right.citations]
    assert wrong.question == "Hoeveel vrijwillgers rijden er op de buurtbsu?"
    assert f"Gezocht is op: {right.searched}" in shown(wrong)
    assert "Gezocht" not in shown(right)


def test_a_refused_question_is_shown_mended_too(sample_answerer: Answerer) -> None:
    answer = sample_answerer.answer("Wat kostte de melkfabriek in Parijs voor de buurtbsu?")
    assert answer.searched.endswith("voor de buurtbus?")


def test_the_bench_makes_the_slips_it_says() -> None:
    text = "Hoeveel vrijwilligers rijden er op de buurtbus van de gemeente?"
    for count in (1, 2, 3):
        typed = mistyped(text, count, random.Random(count))
        assert len(typed.split()) == len(text.split())
        assert 0 < sum(a != b for a, b in zip(typed.split(), text.split(), strict=True)) <= count
    assert mistyped("Wie is dat?", 3, random.Random(0)) == "Wie is dat?"
    assert LONG.findall("Wie rijdt er?") == ["rijdt"]
