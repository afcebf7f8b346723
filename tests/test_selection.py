"""Filters: what is chosen is all that is searched, quoted and named; and nothing changes where nothing is chosen."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripted import Asked, sentences, serving

from corpus.catalogue import kind_of, name_of_collection, year_of
from corpus.enrichment import Enrichment
from corpus.errors import InputError
from fakes import FakeEncoder, answerer_on
from index.dense import build_dense
from index.enriched import build_enriched
from index.sparse import build_words
from index.store import Index
from qa.answer import Answerer
from qa.engine import prepare_index
from qa.explain import explain
from qa.llama import as_retriever
from qa.model import Answer, Status
from qa.recognise import recognise
from qa.repeats import repeats
from qa.selection import EVERYTHING, Selection, SelectionError, catalogue_of
from qa.settings import Settings
from qa.written.open import wrapped
from qa.written.servers import open_model
from reports import WRITTEN, build_reports, write_reports

EARLY, LATE, LEAVE = "evaluatie-fietsplan-2018", "evaluatie-fietsplan-2022", "handreiking-verlof"
LENGTH = "Hoe lang is het fietspad langs de Wold?"
QUESTIONS = [
    LENGTH,
    "Wat vond de fietsersbond van het fietspad?",
    "Hoeveel uur verlof krijgt een medewerker voor een verhuizing?",
    "Waar is de oversteek en hoeveel kostte de aanleg?",
    "Hoe bak ik pannenkoeken?",
    "Noem alle oversteken.",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return build_reports(tmp_path_factory.mktemp("stukken"))


@pytest.fixture
def answerer(index: Index) -> Answerer:
    return answerer_on(index, FakeEncoder())


def documents_in(answer: Answer) -> set[str]:
    """Every document that an answer shows anything of."""
    quotes = (*answer.citations, *answer.nearest)
    places = [place for quote in quotes for place in (quote.place, *quote.also)]
    return {place.document for place in (*places, *(found.place for found in answer.passages))}


def test_a_collection_is_the_first_folder_under_the_one_that_is_indexed(index: Index) -> None:
    entries = {d["id"]: (d["collection"], d["year"], d["kind"]) for d in index.manifest["documents"]}
    assert entries == {
        EARLY: ("verkeer", 2018, "evaluatie"),
        LATE: ("verkeer", 2022, "evaluatie"),
        LEAVE: ("hr-organisatie", None, "handreiking"),
    }


@pytest.mark.parametrize(
    ("title", "name", "year", "kind"),
    [
        ("Eindevaluatie Actieplan krimp 2016", "stuk", 2016, "evaluatie"),
        ("Jaarverslag over 2019 en 2020", "jv", None, "jaarverslag"),
        ("Jaarverslag 2019", "2020-jaarverslag", None, "jaarverslag"),
        ("Omgevingsvisie", "omgevingsvisie_2021", 2021, "visie"),
        ("Meer televisie kijken", "stuk-12020", None, ""),
        ("Vervoer in de streek", "regioplan-vervoer", None, "plan"),
    ],
)
def test_year_and_kind_are_known_only_where_they_are_sure(title: str, name: str, year: int | None, kind: str) -> None:
    assert (year_of(title, name), kind_of(title, name)) == (year, kind)


def test_a_collection_has_a_name_that_can_be_typed() -> None:
    assert [name_of_collection(name) for name in ("HR & Organisatie", "Zorg", "Coördinatie", "...")] == [
        "hr-organisatie", "zorg", "coordinatie", "map",
    ]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_without_a_filter_the_answer_is_that_of_everything(answerer: Answerer, question: str) -> None:
    plain = answerer.answer(question)
    every = answerer.retriever.within(frozenset(answerer.index.documents))
    masked = answerer_on(answerer.index, FakeEncoder())
    masked.retriever = every
    assert answerer.within(EVERYTHING) is answerer
    assert plain.filter is None
    assert "filter" not in plain.to_record("", 0.0)
    everything = masked.answer(question)  # a mask that leaves out nothing changes nothing but a last decimal
    assert everything.confidence == pytest.approx(plain.confidence, rel=1e-5)
    assert replace(everything, confidence=plain.confidence) == plain


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (Selection(documents=(EARLY,)), {EARLY}),
        (Selection(collection="verkeer"), {EARLY, LATE}),
        (Selection(collection="HR & Organisatie"), {LEAVE}),
        (Selection(year=2022), {LATE}),
        (Selection(kind="evaluatie", documents=(LATE, LEAVE)), {LATE}),
    ],
)
def test_nothing_but_what_is_chosen_is_shown(
    answerer: Answerer, question: str, selection: Selection, chosen: set[str]
) -> None:
    answer = answerer.within(selection).answer(question)
    assert documents_in(answer) <= chosen
    assert answer.filter is not None
    assert answer.filter.count == len(chosen)


def test_the_same_words_in_two_reports_are_told_of_only_where_both_are_searched(answerer: Answerer) -> None:
    question = "Wat vond de fietsersbond van het fietspad?"
    sentences = answerer.index.sentences
    same = {
        sentence.document_id: position
        for position, sentence in enumerate(sentences)
        if answerer.index.text(sentence).endswith("vond het fietspad te smal.")
    }
    for selection, others in (
        (EVERYTHING, [LATE]),
        (Selection(collection="verkeer"), [LATE]),
        (Selection(year=2018), []),
    ):
        retrieval = answerer.within(selection).retriever.retrieve(question, 10)
        found = repeats(answerer.index, [same[EARLY]], retrieval)[0]
        assert [sentences[position].document_id for position in found] == others


def test_each_report_gives_its_own_number(answerer: Answerer) -> None:
    for name, length in ((EARLY, "elf kilometer"), (LATE, "zeventien kilometer")):
        answer = answerer.within(Selection(documents=(name,))).answer(LENGTH)
        assert answer.status is Status.ANSWERED
        assert all(length in citation.quote or citation.place.document == name for citation in answer.citations)
        assert length in answer.citations[0].quote


def test_a_refusal_does_not_lean_on_what_other_reports_know(answerer: Answerer) -> None:
    question = "Hoeveel uur verlof krijgt een medewerker voor een verhuizing?"
    retrieval = answerer.within(Selection(collection="verkeer")).retriever.retrieve(question, 10)
    assert answerer.retriever.retrieve(question, 10).known == 1.0
    assert retrieval.known < 0.5
    answer = answerer.within(Selection(collection="verkeer")).answer(question)
    assert answer.status is Status.REFUSED
    assert LEAVE not in documents_in(answer)


def test_a_choice_searches_as_an_index_of_those_documents_alone_would(answerer: Answerer, tmp_path: Path) -> None:
    """The vectors and words that are looked at are the same, so every candidate is there; only the scale differs."""
    alone = answerer_on(build_reports(tmp_path, only="handreiking"), FakeEncoder())
    narrowed = answerer.within(Selection(documents=(LEAVE,)))
    for question in QUESTIONS:
        own, other = narrowed.retriever.retrieve(question, 10), alone.retriever.retrieve(question, 10)
        texts = [
            [index.text(index.sentences[n]) for n in found.candidates.positions]
            for index, found in ((answerer.index, own), (alone.index, other))
        ]
        assert texts[0] == texts[1]
        assert own.known == pytest.approx(other.known, abs=0.35)  # rarity is counted over all documents


def test_what_was_written_for_other_documents_does_not_count(index: Index) -> None:
    texts = {name: index.documents[name].text for name in (EARLY, LATE)}
    written = [
        Enrichment(
            name, text.index("De fietsersbond"), text.index("smal.") + 5, (f"Te krap voor {name[-4:]}?",), "Smal."
        )
        for name, text in texts.items()
    ]
    enriched = replace(index, enriched=build_enriched(written, FakeEncoder()))
    answerer = answerer_on(enriched, FakeEncoder())
    late, leave = (
        answerer.within(Selection(year=2022)).retriever,
        answerer.within(Selection(documents=(LEAVE,))).retriever,
    )
    assert answerer.retriever.knows("2018")
    assert late.written is not None
    assert not late.knows("2018")
    assert leave.written is None
    everywhere, later, none = (
        retriever.retrieve("Te krap voor 2018?", 1).candidates.like for retriever in (answerer.retriever, late, leave)
    )
    assert everywhere.asked == pytest.approx(1.0, abs=5e-3)  # rounded
    assert later.asked < 0.95
    assert (none.asked, none.restated) == (0.0, 0.0)
    assert documents_in(answerer.within(Selection(year=2022)).answer("Te krap voor 2018?")) <= {LATE}


def test_masked_search_equals_brute_force() -> None:
    rows = np.random.default_rng(7).standard_normal((300, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    chosen = np.random.default_rng(8).random(300) < 0.2
    dense = build_dense(rows)
    positions, heights = dense.highest(rows[0], 25, chosen)
    among = np.flatnonzero(chosen)
    assert positions.tolist() == among[np.argsort(-(rows[among] @ rows[0]), kind="stable")[:25]].tolist()
    assert heights == pytest.approx(dense.heights(rows[0], positions), abs=1e-5)
    assert len(dense.highest(rows[0], 1000, chosen)[0]) == chosen.sum()
    assert len(dense.highest(rows[0], 5, np.zeros(300, np.bool_))[0]) == 0


def test_words_are_known_where_a_chosen_text_has_them() -> None:
    words = build_words(["Een brug.", "Een school.", "Nog een brug."])
    assert words.knows("brug", np.array([False, False, True]))
    assert not words.knows("school", np.array([True, False, True]))
    assert words.known_share("brug school", np.array([True, False, False])) == pytest.approx(
        math.log(1 + 3 / 3) / (math.log(1 + 3 / 3) + math.log(1 + 3 / 2))
    )


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        (Selection(collection="zorg"), "collectie “zorg” is er niet. Kies uit: hr-organisatie, verkeer."),
        (Selection(documents=("weg",)), f"document “weg” is er niet. Kies uit: {LEAVE}, {EARLY}, {LATE}."),
        (Selection(year=1999), "jaar “1999” is er niet. Kies uit: 2018, 2022."),
        (Selection(kind="gedicht"), "soort “gedicht” is er niet. Kies uit: evaluatie, handreiking."),
        (Selection(collection="hr-organisatie", year=2018), "Geen enkel document is alles wat u koos."),
    ],
)
def test_what_the_index_does_not_have_is_told_with_what_it_has(
    answerer: Answerer, selection: Selection, told: str
) -> None:
    with pytest.raises(SelectionError) as error:
        answerer.within(selection)
    assert told in str(error.value)
    assert isinstance(error.value, InputError)


def test_an_index_without_collections_says_what_a_collection_is(fake_answerer: Answerer) -> None:
    with pytest.raises(SelectionError, match="Een collectie is een map onder de map"):
        fake_answerer.within(Selection(collection="hr"))


def test_an_older_manifest_has_no_collections_years_or_kinds(index: Index) -> None:
    old = [{n: v for n, v in d.items() if n not in ("collection", "year", "kind")} for d in index.manifest["documents"]]
    catalogue = catalogue_of({"documents": old})
    assert catalogue.collections == ()
    assert {(entry.year, entry.kind) for entry in catalogue.entries} == {(None, "")}


@pytest.mark.parametrize(
    ("question", "found", "words", "rest"),
    [
        (
            "Hoe lang is het fietspad in de evaluatie van 2018?",
            Selection(year=2018, kind="evaluatie"), "evaluatie van 2018", "Hoe lang is het fietspad?",
        ),
        (
            "Volgens het rapport uit 2022, hoe lang is het fietspad?",
            Selection(year=2022), "rapport uit 2022", "hoe lang is het fietspad?",
        ),
        (
            "Wat zegt de eindevaluatie 2018 over het fietspad?",
            Selection(year=2018, kind="evaluatie"), "eindevaluatie 2018", "",
        ),
        (
            "Hoeveel uur verlof staat er in de handreiking?",
            Selection(kind="handreiking"), "handreiking", "Hoeveel uur verlof staat er?",
        ),
        (
            "Hoe lang is het fietspad in de evaluatie fietsplan 2022?",
            Selection(documents=(LATE,)), "evaluatie fietsplan 2022", "Hoe lang is het fietspad?",
        ),
        (
            "Hoe lang is het fietspad in de collectie verkeer?",
            Selection(collection="verkeer"), "collectie verkeer", "Hoe lang is het fietspad?",
        ),
        ("Wat staat er in de evaluatie van 2018?", Selection(year=2018, kind="evaluatie"), "evaluatie van 2018", ""),
        ("Wat is het verschil tussen de evaluatie van 2018 en die van 2022?", None, "", ""),
        ("Hoe lang was het fietspad in 2018?", None, "", ""),
        ("Wat staat er in de evaluatie van 2035?", None, "", ""),
        ("Wat staat er in de begroting van 2018?", None, "", ""),
        ("Wat staat er in de evaluatie van het fietspad?", None, "", ""),
        ("Hoe lang is het fietspad in de collectie zorg?", None, "", ""),
    ],
)  # fmt: skip
def test_a_filter_is_recognised_where_it_is_sure_and_leaves_something_out(
    index: Index, question: str, found: Selection | None, words: str, rest: str
) -> None:
    recognised = recognise(question, catalogue_of(index.manifest), EVERYTHING)
    if found is None:
        assert recognised is None
        return
    assert recognised is not None
    assert (recognised.selection, recognised.words) == (found, words)
    assert recognised.rest == (rest or question)


def test_a_filter_that_leaves_out_nothing_is_none(answerer: Answerer, index: Index) -> None:
    traffic = catalogue_of(index.manifest).within(frozenset((EARLY, LATE)))
    assert recognise("Hoe lang is het fietspad in de evaluatie?", traffic, EVERYTHING) is None
    one = catalogue_of(index.manifest).within(frozenset((EARLY,)))
    assert recognise("Hoe lang is het fietspad in de evaluatie van 2018?", one, EVERYTHING) is None


def test_a_recognised_filter_is_told_and_can_be_refused(answerer: Answerer) -> None:
    question = "Hoe lang is het fietspad in de evaluatie van 2018?"
    answer = answerer.answer(question)
    assert documents_in(answer) == {EARLY}
    assert "elf kilometer" in answer.citations[0].quote
    assert (answer.question, answer.searched) == (question, "Hoe lang is het fietspad?")
    assert answer.to_record("", 0.0)["filter"] == {
        "collectie": "", "documenten": [], "jaar": 2018, "soort": "evaluatie", "aantal": 1,
        "woorden": "evaluatie van 2018",
    }  # fmt: skip
    without = answerer.within(Selection(recognise=False)).answer(question)
    assert without.filter is None
    assert documents_in(without) > {EARLY}


def test_a_filter_is_recognised_within_what_was_chosen(answerer: Answerer) -> None:
    narrowed = answerer.within(Selection(collection="verkeer"))
    answer = narrowed.answer("Hoe lang is het fietspad in de evaluatie van 2022?")
    assert answer.filter is not None
    assert answer.filter.selection == Selection(collection="verkeer", year=2022, kind="evaluatie")
    assert documents_in(answer) == {LATE}
    assert narrowed.answer("Hoe lang is het fietspad in de handreiking?").filter.words == ""  # type: ignore[union-attr]


def test_a_filter_of_the_question_before_goes_on(answerer: Answerer) -> None:
    first = "Hoe lang is het fietspad in de evaluatie van 2022?"
    going_on = answerer.answer("En de oversteek?", [first])
    assert going_on.filter is not None
    assert documents_in(going_on) == {LATE}
    another = answerer.answer("En in 2018?", [first])
    assert (another.filter.words, documents_in(another)) == ("evaluatie van 2018", {EARLY})  # type: ignore[union-attr]
    for standing_alone in ("Hoeveel uur verlof krijgt een medewerker?", "Iets anders: wat kostte de aanleg?"):
        assert answerer.answer(standing_alone, [first]).filter is None
    assert answerer.answer("En in 1999?", [first]).filter is None


def test_an_explanation_looks_where_the_answer_was_looked_for(answerer: Answerer) -> None:
    explained = explain(answerer, "Hoe lang is het fietspad in de evaluatie van 2018?")
    assert {sentence.place.document for trace in explained.traces for sentence in trace.sentences} == {EARLY}


@pytest.mark.parametrize("options", [{}, {"rewrite": True, "expand": "multi"}])
def test_a_language_model_is_given_what_is_chosen_only(answerer: Answerer, options: dict[str, Any]) -> None:
    sent: list[Any] = []

    def reply(asked: Asked) -> None:
        help_wanted = {"vragen": ["Waar is de oversteek?"], "vraag": "Hoe lang is het fietspad?"}
        sent.append(asked.data.get("passages"))
        asked.say(sentences() if "passages" in asked.data else json.dumps(help_wanted))

    with serving(reply) as server:
        writer = wrapped(answerer, open_model(server.options(**options)))
        chosen = writer.within(Selection(documents=(LATE,))).answer("Hoe lang is het?", ("Waar is het fietspad?",))
        recognised = writer.answer("Hoe lang is het fietspad in de evaluatie van 2022?")
    for answer in (chosen, recognised):
        assert answer.filter is not None
        assert documents_in(answer) == {LATE}
        assert answer.written is not None
    given = json.dumps([passages for passages in sent if passages])
    assert "zeventien kilometer" in given
    assert "elf kilometer" not in given


def test_a_retriever_for_llamaindex_finds_what_is_chosen(answerer: Answerer) -> None:
    nodes = as_retriever(answerer.within(Selection(documents=(LATE,)))).retrieve(LENGTH)
    assert {node.node.metadata["document"] for node in nodes} == {LATE}


def test_a_greeting_names_only_what_is_searched(answerer: Answerer) -> None:
    text = answerer.within(Selection(documents=(LEAVE,))).answer("Hallo").text
    assert "Handreiking verlof" in text
    assert "fietsplan" not in text


def test_a_file_that_moves_to_another_folder_moves_to_another_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.engine.find_model", lambda *_given: FakeModel())
    monkeypatch.setattr("qa.engine.load_encoder", lambda *_given: FakeEncoder())
    folder = write_reports(tmp_path / "stukken")
    settings = Settings(index=tmp_path / "index", vectors=tmp_path / "vectors")

    def prepared(*paths: Path) -> tuple[bool, dict[str, str]]:
        made = prepare_index(settings, paths, False, lambda _message: None, lambda _ready, _total: None)
        return made.built, {d["id"]: d["collection"] for d in made.manifest["documents"]}

    assert prepared(folder) == (True, {EARLY: "verkeer", LATE: "verkeer", LEAVE: "hr-organisatie"})
    assert not prepared(folder)[0]
    assert prepared(*[folder / name for name in WRITTEN])[0] is False  # as `serve` goes on with the files it has
    (folder / "archief").mkdir()
    (folder / "verkeer" / f"{EARLY}.txt").replace(folder / "archief" / f"{EARLY}.txt")
    built, collections = prepared(folder)
    assert (built, collections[EARLY]) == (True, "archief")


class FakeModel:
    name, fingerprint, weights = "test", FakeEncoder.fingerprint, None
