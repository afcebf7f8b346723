"""Words that only frame a question are not looked for: every way to ask what a report says of a thing is one."""

from pathlib import Path

import pytest

from corpus.structure import read_document
from fakes import FakeEncoder, answerer_on, as_file, build
from qa.answer import Answerer
from qa.conversation import complete
from qa.framing import asks_gist, unframed
from qa.question import read_question

FRAMES = [
    "Wat zegt het rapport over {}?",
    "Wat zegt deze evaluatie eigenlijk over {}?",
    "Wat schrijft het evaluatierapport over {}?",
    "Wat staat er over {}?",
    "Wat staat er in het rapport allemaal over {}?",
    "Wat staat er over {} in het rapport?",
    "Staat er iets over {} in dit document?",
    "Wat is er bekend over {}?",
    "Wat is er in dit rapport gezegd over {}?",
    "Wat wordt er gezegd over {}?",
    "Kunt u mij iets vertellen over {}?",
    "Kun je me meer vertellen over {}?",
    "Vertel me iets over {}?",
    "Ik wil graag meer weten over {}?",
    "Ik zoek informatie over {}?",
    "Hoe zit het met {}?",
    "Wat weet u over {}?",
    "What does the report say about {}?",
    "Can you tell me more about {}?",
]
REQUESTS = [
    "Weet u {}?",
    "Weet u misschien {}?",
    "Kunt u mij vertellen {}?",
    "Kunt u mij in het kort uitleggen {}?",
    "Zou u kunnen aangeven {}?",
    "Ik wil graag weten {}?",
    "Ik zou graag willen weten {}?",
    "Ik vraag me af {}?",
    "Mag ik vragen {}?",
    "Mijn vraag is: {}?",
    "Vertel me {}?",
    "Leg eens uit {}?",
    "Do you know {}?",
    "Could you please tell me {}?",
]
WHOLE = [
    "Wat zegt het rapport?",
    "Wat is over tien jaar het plan?",
    "Wat is de mening over de buurtbus?",
    "Wat zegt de wethouder over de buurtbus?",
    "Wat schrijft de minister over wonen?",
    "Wie voerde de evaluatie uit?",
    "Welke beperkingen zijn er in de evaluatie?",
    "Waarom staat er zo weinig over geld in deze evaluatie?",
    "Wat staat er in tabel 1?",
    "Weet de gemeente hoeveel dorpen er zijn?",
    "Mag een gemeente zelf bepalen wie er rijdt?",
]


@pytest.mark.parametrize("frame", FRAMES)
def test_what_frames_a_question_goes(frame: str) -> None:
    assert unframed(frame.format("de buurtbus")) == "de buurtbus?"
    assert unframed(f"Ik ben raadslid. {frame.format('de buurtbus')}") == "Ik ben raadslid. de buurtbus?"


@pytest.mark.parametrize("frame", REQUESTS)
def test_a_request_for_an_answer_goes(frame: str) -> None:
    assert unframed(frame.format("hoeveel dorpen er zijn")) == "hoeveel dorpen er zijn?"


@pytest.mark.parametrize("question", WHOLE)
def test_what_asks_stays(question: str) -> None:
    assert unframed(question) == question


def test_the_report_as_a_source_is_no_word_to_look_for() -> None:
    assert unframed("Hoeveel dorpen zijn er volgens het rapport?") == "Hoeveel dorpen zijn er?"
    assert (
        unframed("Hoe lang duurt de rit, volgens deze evaluatie, naar school?") == "Hoe lang duurt de rit naar school?"
    )


def test_a_question_is_shown_as_it_was_asked() -> None:
    read = read_question("Wat zegt het rapport over de NPG?", {"NPG": "Nationaal Programma Groningen"})
    assert read.text == "Wat zegt het rapport over de NPG?"
    assert read.asked == "de NPG?"
    assert "Nationaal Programma Groningen" in read.spelled
    assert "rapport" not in read.spelled


def test_every_frame_gets_the_same_quotes(sample_answerer: Answerer) -> None:
    quotes = {
        tuple(citation.quote for citation in sample_answerer.answer(frame.format("de buurtbus")).citations)
        for frame in FRAMES
        if frame.startswith(("Wat", "Kun", "Ik", "Vertel"))
    }
    assert len(quotes) == 1
    assert quotes != {()}


def test_a_framed_question_needs_no_turn_before_it() -> None:
    def first(_what: str, _among: object) -> int:
        return 0

    before = ["Wat vindt Meerwaard van de buurtbus?"]
    assert complete("En wat zegt dit rapport over de school?", before, first) == "wat zegt dit rapport over de school?"
    assert complete("Wat zegt dit rapport over de school?", before, first) == "Wat zegt dit rapport over de school?"
    assert complete("En over de school?", ["Wat zegt het rapport over wonen?"], first) == (
        "Wat zegt het rapport over de school?"
    )
    assert before[0] in complete("Weet u waarom dat is?", before, first)
    assert before[0] in complete("En wat zegt het rapport daarover?", before, first)


@pytest.mark.parametrize(
    "question",
    [
        "Waar gaat het rapport over?",
        "Waarover gaat dit document?",
        "Geef een samenvatting van het rapport",
        "Kunt u mij een korte samenvatting van dit rapport geven?",
        "samenvatting",
        "Vat de evaluatie eens kort samen.",
        "Wat staat er allemaal in het rapport?",
        "Wat staat er in de samenvatting?",
        "What is this report about?",
        "Summarize the report",
    ],
)
def test_a_question_about_the_whole_is_answered_from_its_summary(sample_answerer: Answerer, question: str) -> None:
    assert asks_gist(question)
    answer = sample_answerer.answer(question)
    assert answer.citations
    assert {citation.place.section for citation in answer.citations} == {"Samenvatting"}
    first, _ = sample_answerer.index.named["samenvatting"][0]
    assert answer.citations[0].quote.startswith(sample_answerer.index.text(sample_answerer.index.sentences[first]))


@pytest.mark.parametrize(
    "question",
    ["Wat zegt de samenvatting over scholen?", "Waar gaat het geld naartoe?", "Wat staat er in het rapport over geld?"],
)
def test_a_question_about_something_in_it_is_not(question: str) -> None:
    assert not asks_gist(question)


def test_without_a_summary_it_is_a_question_like_any_other(tmp_path: Path) -> None:
    document = read_document("brug", "Brug", "1 Brug\n\nDe brug is oud. De brug is van steen. Het water is diep.\n")
    answerer = answerer_on(build(tmp_path, [as_file(document)], FakeEncoder()), FakeEncoder())
    assert "samenvatting" not in answerer.retriever.index.named
    assert answerer.answer("Waar gaat het rapport over?").confidence < 1
