"""Who says it: a label in the text's own words, or none."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Passage
from corpus.structure import read_document
from qa.answer import Answerer
from qa.speaker import inside_sentence, speaker_of

# What makes a word a name: it has a capital inside a sentence, and never stands without one.
ELSEWHERE = "Het gaat om Meerdorp, Oosterdam en de provincie Lauwerland. De sluis en het vermoeden spelen daar ook."


def label(sentence: str) -> str:
    document = read_document("proef", "Proef", f"1 Proef\n\n{ELSEWHERE}\n\n{sentence}\n")
    return said_in(document, sentence)


def said_in(document: Document, sentence: str) -> str:
    start = document.text.index(sentence)
    passage = Passage("p", document.id, document.sections[0], (1, 1), start, start + len(sentence))
    return speaker_of(document, passage)


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Volgens de wethouder is de brug te smal.", "de wethouder"),
        ("De brug is volgens de provincie Lauwerland te smal.", "de provincie Lauwerland"),
        ("Volgens de provincie Lauwerland mag er best een pont bij.", "de provincie Lauwerland"),
        ("Volgens veel bewoners willen de boeren dat niet.", "veel bewoners"),
        ("Aldus de burgemeester, die erbij was.", "de burgemeester"),
        ("In de ogen van de ondernemers is dat te weinig.", "de ondernemers"),
        ("Naar het oordeel van de onderzoekers kan dat beter.", "de onderzoekers"),
        ("Hoogleraar Els Bakker vindt de sluis te oud.", "Hoogleraar Els Bakker"),
        ("Els Bakker geeft aan dat de sluis lekt.", "Els Bakker"),
        ("Meerdorp ziet het nut niet in.", "Meerdorp"),
        ("De deelnemers missen een pont.", "De deelnemers"),
        ("Ook het waterschap en de provincie pleiten voor een pont.", "het waterschap en de provincie"),
        ("Het ministerie van Water constateert dat de sluis lekt.", "Het ministerie van Water"),
    ],
)
def test_who_says_it_is_named_in_the_words_of_the_sentence(sentence: str, who: str) -> None:
    assert label(sentence) == who


@pytest.mark.parametrize(
    "sentence",
    [
        "De redenen zijn terug te vinden in het verslag.",
        "De brug kostte 12 miljoen euro.",
        "Als voorbeeld noemt Oosterdam de oude sluis.",
        "Terecht noemt de provincie de sluis als voorbeeld.",
        "Tegelijkertijd ziet het Rijk dat anders.",
        "Met die sluis zien bewoners weer hoop.",
        "Sluis vinden is hier lastig.",
        "Volgens hem is dat te weinig.",
        "Volgens de planning is het werk in mei klaar.",
        "Hij vindt de brug te smal.",
        "Zij zien dat anders.",
        "Men vindt de brug te smal.",
        "Dit noemt men een pont.",
        "Bij de sluis constateert men lekkage.",
        "Vermoeden is nog geen weten.",
        "",
    ],
)
def test_where_the_text_does_not_say_who_there_is_no_label(sentence: str) -> None:
    assert label(sentence) == ""


WORDS = st.sampled_from(
    ["volgens", "aldus", "de", "het", "wethouder", "Meerdorp", "Els", "Bakker", "vindt", "ziet", "is", "zijn", "brug",
     "sluis", ",", ".", "provincies", "noemen", "dat", "niet"]
)  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_a_label_is_always_a_slice_of_its_sentence(words: list[str]) -> None:
    sentence = " ".join(words)
    document = read_document("proef", "Proef", f"1 Proef\n\n{ELSEWHERE}\n")
    text = f"{document.text}\n{sentence}"
    whole = replace(document, text=text)
    passage = Passage("p", "proef", document.sections[0], (1, 1), len(text) - len(sentence), len(text))
    who = speaker_of(whole, passage)
    assert who in sentence
    assert not who or who.strip() == who


def test_in_the_sample_every_label_is_somebody(sample: Document) -> None:
    labels = {}
    for unit in sample.units:
        passage = Passage("p", sample.id, sample.sections[unit.section], (1, 1), unit.start, unit.end)
        if who := speaker_of(sample, passage):
            labels[who] = sample.text[unit.start : unit.end]
            assert who in " ".join(labels[who].split())
    assert {
        "wijkverpleegkundige Marga Tuinstra",
        "Schooldirecteur Bram Oldekamp",
        "De wethouder van Halderbroek",
        "Vakbondsbestuurder Hanna Drost",
        "Bewoners",
    } <= set(labels)
    assert len(labels) < 12


def test_an_answer_shows_who_says_it(fake_sample_answerer: Answerer) -> None:
    answer = fake_sample_answerer.answer("Wat vindt schooldirecteur Bram Oldekamp van het overleg met ouders?")
    assert answer.citations[0].speaker == "Schooldirecteur Bram Oldekamp"
    assert "gezegd door Schooldirecteur Bram Oldekamp: “" in answer.text


@pytest.mark.parametrize(
    ("who", "inside"),
    [
        ("De wethouder van Halderbroek", "de wethouder van Halderbroek"),
        ("Elke gemeente", "elke gemeente"),
        ("Bram Oldekamp", "Bram Oldekamp"),
        ("Dekker", "Dekker"),
    ],
)
def test_behind_other_words_an_article_has_no_capital(who: str, inside: str) -> None:
    assert inside_sentence(who) == inside
