"""A compound that no document has is looked for in parts; names and known words stay whole."""

import pytest

from index.sparse import stems
from qa.answer import Answerer
from qa.compounds import parts, taken_apart
from qa.question import read_question

KNOWN = set(stems(["dorp feest commissie school gemeente water ranglijst wereld lijst heden groen land"])[0])


def knows(stem: str) -> bool:
    return stem in KNOWN


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
    assert parts(word, knows) == found


def test_only_what_nobody_knows_is_taken_apart() -> None:
    assert taken_apart("Wie betaalt het dorpsfeest?", knows) == "Wie betaalt het dorps feest?"
    assert taken_apart("Dorpsfeest betaald door?", knows) == "dorps feest betaald door?"
    assert taken_apart("Hoe lang is de wereldranglijst?", lambda _: True) == "Hoe lang is de wereldranglijst?"


def test_a_name_stays_whole() -> None:
    assert taken_apart("Hoe warm is Groenland?", knows) == "Hoe warm is Groenland?"


def test_the_vector_is_of_the_whole_question_and_the_words_are_of_its_parts(sample_answerer: Answerer) -> None:
    question, _ = sample_answerer.retriever.read("Wat kost een schoolbuurtbus?")
    assert question.spelled == "Wat kost een schoolbuurtbus?"
    assert question.sought == "Wat kost een school buurtbus?"
    assert read_question("Wat kost een schoolbuurtbus?", {}).sought == "Wat kost een schoolbuurtbus?"
