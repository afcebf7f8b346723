"""Questions that a document does not answer, written beside it: what is like them is refused, and told why."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.enrichment import Enrichment, beside, load_enrichments
from corpus.errors import InputError
from corpus.model import Document
from corpus.structure import read_document
from fakes import MADE_UP, FakeEncoder, answerer_on, as_file, build
from index.dense import Mask
from index.enriched import EnrichedIndex, build_enriched, load_enriched
from index.everyday import everyday_questions
from index.unanswered import NO_CONTRAST, Contrast
from qa.answer import Answerer
from qa.likeness import likeness
from qa.model import Reason, Status
from qa.refuse import ASSUMES, ENRICHED, MODELS, PLAIN, Judge, contradicting, load_judge, model_for
from qa.selection import Selection
from qa.weights import HEAD_START

COST = "Het werk kostte 12 miljoen euro."
ASKED = "Wat waren de lasten van het bouwproject?"
NEAR = "Welke aannemer legde de nieuwe brug aan?"
WRONG = "Waarom werd het bouwproject gratis uitgevoerd?"


def written(
    document: Document, name: str = "", near: tuple[str, ...] = (NEAR,), wrong: tuple[str, ...] = (WRONG,)
) -> Enrichment:
    start = document.text.index(COST)
    return Enrichment(name or document.id, start, start + len(COST), (ASKED,), "Het was duur.", near, wrong)


def answerer_with(root: Path, document: Document, *enrichments: Enrichment, judge: Judge | None = None) -> Answerer:
    file = replace(as_file(document), enrichments=enrichments)
    index = build(root, [file], FakeEncoder())
    return Answerer(index, FakeEncoder(), None, 1000, "", judge) if judge else answerer_on(index, FakeEncoder())


def test_they_are_read_from_the_file_beside_a_document(tmp_path: Path, made_up: Document) -> None:
    path = tmp_path / "brug.txt"
    path.write_text(MADE_UP, encoding="utf-8")
    start = made_up.source.index(COST)
    row = {
        "document_sha256": made_up.sha256,
        "spans": [[start, start + len(COST)]],
        "questions": [ASKED],
        "restatement": "x",
    }
    beside(path).write_text(json.dumps(row | {"near": [NEAR]}) + "\n" + json.dumps(row | {"wrong": [WRONG]}), "utf-8")
    one, two = load_enrichments(made_up, path)
    assert (one.near, one.wrong, two.near, two.wrong) == ((NEAR,), (), (), (WRONG,))
    for wrong in ({"near": NEAR}, {"wrong": [""]}, {"near": [3]}):
        beside(path).write_text(json.dumps(row | wrong), encoding="utf-8")
        with pytest.raises(InputError, match="near"):
            load_enrichments(made_up, path)


def test_a_question_lies_nearer_to_what_it_is_like(made_up: Document) -> None:
    index = build_enriched([written(made_up)], FakeEncoder())
    contrasts = {text: contrast_of(index, text) for text in (ASKED, NEAR, WRONG)}
    assert contrasts[ASKED].share < 0.1
    assert min(contrasts[NEAR].share, contrasts[WRONG].share) > 0.9
    assert contrasts[WRONG].lead > ASSUMES > 0 > contrasts[NEAR].lead
    assert contrasts[WRONG].wrong == 0
    only = contrast_of(build_enriched([written(made_up, near=())], FakeEncoder()), WRONG)
    assert (only.wrong, only.lead) == (-1, 0.0)  # nothing to compare with
    assert only.share > 0.9


def test_a_question_about_everyday_life_is_like_none_that_is_answered(tmp_path: Path, made_up: Document) -> None:
    answerer = answerer_with(tmp_path, made_up, written(made_up))
    for text in everyday_questions()[:5]:
        like = answerer.retriever.retrieve(text, 1).candidates.like
        assert like.contrast.share > 0.9


def test_a_kind_counts_alike_however_many_there_are(made_up: Document) -> None:
    few = build_enriched([written(made_up)], FakeEncoder())
    many = build_enriched([written(made_up, near=(NEAR,) * 50, wrong=(WRONG,) * 50)], FakeEncoder())
    question = "Wat waren de lasten van de aannemer?"
    assert contrast_of(few, question).share == pytest.approx(contrast_of(many, question).share, abs=1e-4)


def test_they_come_back_the_same_and_only_where_they_were(tmp_path: Path, made_up: Document) -> None:
    for name, enrichment in {"with": written(made_up), "without": written(made_up, near=(), wrong=())}.items():
        built = build_enriched([enrichment], FakeEncoder())
        built.save(tmp_path / name)
        again = load_enriched(tmp_path / name)
        assert again.contrasts() == built.contrasts() == (name == "with")
        assert contrast_of(again, WRONG) == contrast_of(built, WRONG)
    assert contrast_of(again, WRONG) == NO_CONTRAST


def test_those_of_other_documents_do_not_count(made_up: Document) -> None:
    index = build_enriched(
        [written(made_up), written(made_up, "ander", near=("Wie zwom er?",), wrong=())], FakeEncoder()
    )
    here, there = np.asarray([True, False]), np.asarray([False, True])
    assert contrast_of(index, WRONG, here).wrong == 0
    assert contrast_of(index, WRONG, there).wrong == -1
    assert index.contrasts(here)
    without = build_enriched([written(made_up), written(made_up, "ander", near=(), wrong=())], FakeEncoder())
    assert not without.contrasts(there)
    assert contrast_of(without, WRONG, there) == NO_CONTRAST


def test_each_kind_of_index_has_its_own_model(tmp_path: Path, made_up: Document) -> None:
    plain = answerer_with(tmp_path / "plain", made_up)
    enriched = answerer_with(tmp_path / "enriched", made_up, written(made_up, near=(), wrong=()))
    contrasted = answerer_with(tmp_path / "contrasted", made_up, written(made_up))
    assert [model_for(one.retriever) for one in (plain, enriched, contrasted)] == ["plain", "enriched", "contrasted"]
    narrowed = contrasted.within(Selection(documents=(made_up.id,)))
    assert model_for(narrowed.retriever) == "contrasted"


def test_the_shipped_models_have_the_features_of_their_kind() -> None:
    models = load_judge().models
    for name, features in MODELS.items():
        assert set(models[name]["features"]) == set(features)
    assert models["contrasted"]["features"]["unanswered"] < 0
    assert set(PLAIN) < set(ENRICHED) < set(MODELS["contrasted"])


def test_a_calibration_from_before_serves_as_it_did(tmp_path: Path, made_up: Document) -> None:
    old = {"features": {}, "constant": 9.0, "threshold": 0.5}
    path = tmp_path / "ijking.json"
    path.write_text(json.dumps({"enriched": old, "plain": old | {"constant": -9.0}}), encoding="utf-8")
    answerer = answerer_with(tmp_path / "index", made_up, written(made_up), judge=load_judge(path))
    assert answerer.answer(ASKED).status is Status.ANSWERED


def test_a_wrong_assumption_is_named_with_what_the_document_says(tmp_path: Path, made_up: Document) -> None:
    unsure = {"features": {}, "constant": -0.1, "threshold": 0.5}
    judge = Judge({"plain": unsure, "enriched": unsure, "contrasted": unsure})
    answerer = answerer_with(tmp_path, made_up, written(made_up), judge=judge)
    wrong, near = answerer.answer(WRONG), answerer.answer(NEAR)
    assert wrong.reason is Reason.FALSE_PREMISE
    assert COST in wrong.nearest[0].quote
    assert wrong.nearest[0].quote in wrong.text
    assert "gratis" not in wrong.text
    assert len({(one.start, one.end) for one in wrong.nearest}) == len(wrong.nearest)
    assert near.reason is not Reason.FALSE_PREMISE
    retrieval = answerer.look(NEAR).retrieval
    assert contradicting(retrieval) is None


def contrast_of(index: EnrichedIndex, text: str, chosen: Mask | None = None) -> Contrast:
    vector = FakeEncoder().encode_queries([text])[0]
    return likeness(vector, 0.0, index, index.signals(vector, text, 9, chosen), chosen).contrast


def test_what_was_written_for_one_document_does_not_judge_another(tmp_path: Path, made_up: Document) -> None:
    other = read_document("veer", "Veer", "1 Dienst\n\nHet veer vaart elk half uur. Een kaartje kost drie euro.\n")
    files = [replace(as_file(made_up), enrichments=(written(made_up),)), as_file(other)]
    answerer = answerer_on(build(tmp_path, files, FakeEncoder()), FakeEncoder())
    kinds = {}
    for question in (ASKED, "Wat kost een kaartje voor het veer?"):
        look = answerer.look(question)
        best = look.quotes[0].sentence.document_id
        kinds[best] = model_for(answerer.retriever, look.retrieval)
        added = look.retrieval.added["aligned"]
        assert (added[look.retrieval.candidates.enriched] == -HEAD_START).all()
        assert (added[~look.retrieval.candidates.enriched] == 0).all()
    assert kinds == {made_up.id: "contrasted", "veer": "plain"}
    alone = answerer.within(Selection(documents=(made_up.id,))).look(ASKED).retrieval
    assert not alone.added["aligned"].any()
