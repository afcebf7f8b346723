"""Follow-ups: completed by fixed rules from the turns before, and never when they stand on their own."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer import Answerer
from qa.conversation import complete
from qa.language import language_of
from qa.parts import MOST, parts_of


def last(_thing: str, others: Sequence[str]) -> int:
    """Stands in for vectors where nothing should depend on them."""
    return len(others) - 1


def never(_thing: str, _others: Sequence[str]) -> int:
    raise AssertionError("nothing had to be compared")


@given(st.text(max_size=60))
def test_without_turns_a_question_stays_as_it_is(question: str) -> None:
    completed = complete(question, [], never)
    assert completed.split() == question.split() or question.split()[-1].endswith(completed.split()[-1])


@pytest.mark.parametrize(
    "question", ["Hoeveel schepen varen er op de Lauwe?", "En in Meerdorp?", "Wie is hij?", "Wat is de derde?", "Hallo"]
)
def test_without_turns_nothing_is_completed(question: str) -> None:
    assert complete(question, [], never) == question


STANDS_ALONE = [
    "Hoeveel koeien grazen er op de dijk?",
    "Waarom is het zwembad van Oosterdam gesloten?",
    "Welke winkels staan leeg in het centrum van Meerdorp?",
]


@pytest.mark.parametrize("question", STANDS_ALONE)
@pytest.mark.parametrize("before", [["Wie beheert de sluis?"], ["Wat kost een kaartje?", "En voor kinderen?"]])
def test_a_question_that_stands_on_its_own_is_not_touched(question: str, before: list[str]) -> None:
    assert complete(question, before, last) == question


@pytest.mark.parametrize(
    "turn",
    [
        "Iets anders: {}", "Oké, iets heel anders. {}", "Andere vraag: {}", "Laat maar. {}", "En nu wat anders: {}",
        "Terug naar de veerpont: {}", "Something else: {}",
    ],
)  # fmt: skip
def test_a_change_of_subject_drops_every_turn_before_it(turn: str) -> None:
    question = "wie betaalt de veerpont?"
    assert complete(turn.format(question), ["Hoeveel bomen zijn gekapt?", "En in Meerdorp?"], never) == question


def test_what_follows_a_change_of_subject_is_completed_from_after_it() -> None:
    turns = ["Hoeveel bomen zijn gekapt in Oosterdam?", "Iets anders: wie beheert de haven in Oosterdam?"]
    assert complete("En in Meerdorp?", turns, never) == "wie beheert de haven in Meerdorp?"


@pytest.mark.parametrize(
    ("before", "follow_up", "completed"),
    [
        ("Hoeveel boten liggen er in Oosterdam?", "En in Meerdorp?", "Hoeveel boten liggen er in Meerdorp?"),
        ("Hoeveel boten liggen er in Oosterdam?", "in Nieuw Lauwe?", "Hoeveel boten liggen er in Nieuw Lauwe?"),
        ("Wat vindt men bij de brandweer?", "En bij het waterschap?", "Wat vindt men bij het waterschap?"),
        ("Wat wil de wethouder van Oosterdam?", "En van Meerdorp?", "Wat wil de wethouder van Meerdorp?"),
        ("How many boats are there in Oosterdam?", "And in Meerdorp?", "How many boats are there in Meerdorp?"),
    ],
)
def test_a_fragment_takes_the_place_of_what_has_the_same_preposition(
    before: str, follow_up: str, completed: str
) -> None:
    assert complete(follow_up, [before], never) == completed


def test_a_name_takes_the_place_of_a_name() -> None:
    assert (
        complete("En Meerdorp?", ["Wat betaalt Oosterdam voor de brug?"], never) == "Wat betaalt Meerdorp voor de brug?"
    )


def test_a_word_takes_the_place_of_one_that_ends_alike() -> None:
    before = "Hoeveel kost een dagkaart in de winter?"
    assert complete("En een maandkaart?", [before], never) == "Hoeveel kost een maandkaart in de winter?"


def test_of_several_things_the_likest_is_replaced() -> None:
    def closest(_thing: str, others: Sequence[str]) -> int:
        return list(others).index("bussen")

    assert complete("En treinen?", ["Hoeveel bussen rijden er naar scholen?"], closest) == (
        "Hoeveel treinen rijden er naar scholen?"
    )


def test_follow_ups_of_follow_ups_go_on() -> None:
    turns = ["Hoeveel boten liggen er in Oosterdam?", "En in Meerdorp?"]
    assert complete("En in Nieuw Lauwe?", turns, never) == "Hoeveel boten liggen er in Nieuw Lauwe?"


def test_a_pronoun_becomes_the_person_that_was_asked_after() -> None:
    assert complete("Wat vindt hij van de brug?", ["Wie is Jan de Wit?"], never) == "Wat vindt Jan de Wit van de brug?"
    assert complete("What does she think?", ["Who is Els Bakker?"], never) == "What does Els Bakker think?"


def test_a_pronoun_becomes_the_last_name_before_it() -> None:
    turns = ["Wat zegt wethouder Els Bakker over de sluis?"]
    assert complete("Waarom zegt ze dat?", turns, never) == "Waarom zegt Els Bakker dat?"


@pytest.mark.parametrize(
    "follow_up",
    [
        "Wat is de derde?",
        "Wie bedacht de laatste?",
        "Waarom is dat zo?",
        "Wat betaalt die regio?",
        "Wie gaat daarover?",
    ],
)
def test_what_points_back_without_a_name_takes_the_whole_question_along(follow_up: str) -> None:
    before = "Welke drie plannen zijn er voor de haven?"
    completed = complete(follow_up, [before], never)
    assert completed.startswith(follow_up)
    assert before in completed


@pytest.mark.parametrize("question", ["Wat doet de Tweede Kamer aan stormschade?", "Wat staat er in het tweede plan?"])
def test_an_ordinal_that_is_part_of_a_name_points_to_nothing(question: str) -> None:
    assert complete(question, ["Wie beheert de sluis?"], never) == question


@given(st.lists(st.text(max_size=30), max_size=4), st.text(max_size=30))
def test_completing_never_fails_and_is_the_same_each_time(turns: list[str], question: str) -> None:
    first = complete(question, turns, last)
    assert complete(question, turns, last) == first
    assert "\n" not in complete(question, [*turns, ""], last)


def test_the_completed_question_is_what_is_searched_and_shown(fake_sample_answerer: Answerer) -> None:
    answer = fake_sample_answerer.answer("En in 2019?", ["Hoeveel reizigers had de buurtbus in 2022?"])
    assert answer.searched == "Hoeveel reizigers had de buurtbus in 2019?"
    assert answer.question == "En in 2019?"
    alone = fake_sample_answerer.answer(answer.searched)
    assert [citation.quote for citation in answer.citations] == [citation.quote for citation in alone.citations]


# Double questions.


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Hoeveel boten liggen er en wie betaalt de haven?", ["Hoeveel boten liggen er", "wie betaalt de haven?"]),
        ("Wat kost een dagkaart? Wanneer vaart de veerpont?", ["Wat kost een dagkaart?", "Wanneer vaart de veerpont?"]),
        (
            "Wie beheert de sluis, hoeveel schepen varen er en waarom lekt de dijk?",
            ["Wie beheert de sluis, hoeveel schepen varen er", "waarom lekt de dijk?"],
        ),
        ("What does a ticket cost and who pays the ferry?", ["What does a ticket cost", "who pays the ferry?"]),
    ],
)
def test_a_double_question_has_parts(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Wie betaalt de haven en de sluis?",
        "Wat vinden Oosterdam en Meerdorp van de brug?",
        "Hoeveel boten liggen er en wie betaalt dat?",
        "Waar en wanneer vaart de veerpont?",
        "Wie is Jan en wat?",
        "Hallo daar",
        "",
    ],
)
def test_what_asks_one_thing_or_points_back_stays_whole(question: str) -> None:
    assert parts_of(question) == [question]


@given(st.text(alphabet="wie wat en hoe? vangt boten", max_size=60))
def test_parts_are_pieces_of_the_question_in_order(question: str) -> None:
    parts, at = parts_of(question), 0
    assert 1 <= len(parts) <= MOST
    for part in parts:
        at = question.index(part, at) + len(part)


# Languages.


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What does a ticket cost?", "en"),
        ("Who is responsible for the bridge in Oosterdam?", "en"),
        ("HOW MANY boats are there", "en"),
        ("Wat is de functie van het waterschap?", "nl"),
        ("Wat zijn de regio deals in Oosterdam?", "nl"),
        ("What is de brug van het dorp?", "nl"),
        ("Oosterdam", "nl"),
        ("was de brug in de winter open", "nl"),
        ("", "nl"),
        ("What?", "nl"),
    ],
)
def test_english_is_only_what_is_mostly_english(question: str, language: str) -> None:
    assert language_of(question) == language


@given(st.text(max_size=50))
def test_the_language_does_not_depend_on_case(question: str) -> None:
    assert language_of(question) in ("nl", "en")
    if question.isascii():
        assert language_of(question.upper()) == language_of(question)


def test_english_frames_quote_dutch(fake_sample_answerer: Answerer) -> None:
    answer = fake_sample_answerer.answer("What is the contract of the buurtbus with the provincie?")
    assert answer.language == "en"
    if answer.citations:
        assert answer.text.startswith("According to")
    for citation in answer.citations:
        document = fake_sample_answerer.index.documents[citation.place.document]
        assert document.text[citation.start : citation.end] == citation.quote
