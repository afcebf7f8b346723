"""A compound that no document has is looked for in parts; names and known words stay whole."""

from collections.abc import Collection

import pytest

from index.sparse import stems
from qa.answer import Answerer
from qa.compounds import parts, taken_apart
from qa.question import read_question
from qa.spelling import corrected

KNOWN = set(stems(["dorp feest commissie school gemeente water ranglijst wereld lijst heden groen land"])[0])


class Words:
    """A few words; or all there are."""

    def __init__(self, known: Collection[str] | None = frozenset(KNOWN)) -> None:
        self._known = known

    def knows(self, stem: str) -> bool:
        return self._known is None or stem in self._known

    def rarity(self, stem: str) -> float:
        return 1.0 if self.knows(stem) else 2.0


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("dorpsfeest", ("dorps", "feest")),
        ("feestcommissie", ("feest", "commissie")),
        ("dorpsfeestcommissie", ("dorps", "feest", "commissie")),
        ("wereldranglijst", ("wereld", "ranglijst")),
        ("feestmuts", ()),  # the documents know one part alone
        ("dorpsheden", ()),  # an ending is no word
        ("overwater", ()),  # nor is a word that says nothing a part
        ("feest", ()),
    ],
)
def test_a_word_is_split_where_every_part_is_known(word: str, found: tuple[str, ...]) -> None:
    assert parts(word, Words()) == found


def test_only_what_nobody_knows_is_taken_apart() -> None:
    assert taken_apart("Wie betaalt het dorpsfeest?", Words()) == "Wie betaalt het dorps feest?"
    assert taken_apart("Dorpsfeest betaald door?", Words()) == "dorps feest betaald door?"
    assert taken_apart("Hoe lang is de wereldranglijst?", Words(None)) == "Hoe lang is de wereldranglijst?"


def test_what_is_too_long_for_a_word_stays_whole() -> None:
    known = Words(frozenset(stems(["dorp feest dorpfeest"])[0]))
    assert parts("dorpfeest" * 5 + "dorp", known) == ("dorp", "feest") * 5 + ("dorp",)
    endless = "dorpfeest" * 100 + "xqz"  # each of the hundred can be cut in two ways
    assert taken_apart(f"Wat is {endless}?", known) == f"Wat is {endless}?"
    assert corrected(f"Wat is {endless}?", known) == f"Wat is {endless}?"


def test_a_name_stays_whole() -> None:
    assert taken_apart("Hoe warm is Groenland?", Words()) == "Hoe warm is Groenland?"


def test_the_vector_is_of_the_whole_question_and_the_words_are_of_its_parts(sample_answerer: Answerer) -> None:
    question, _ = sample_answerer.retriever.read("Wat kost een schoolbuurtbus?")
    assert question.spelled == "Wat kost een schoolbuurtbus?"
    assert question.sought == "Wat kost een school buurtbus?"
    assert read_question("Wat kost een schoolbuurtbus?", {}).sought == "Wat kost een schoolbuurtbus?"
