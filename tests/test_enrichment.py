"""What was written for a passage helps to find it, points into the source, and is never shown."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.enrichment import beside, load_enrichments
from corpus.errors import InputError
from corpus.load import file_hashes, load_documents
from corpus.model import Document
from fakes import MADE_UP, FakeEncoder, answerer_on, as_file, build
from index.enriched import build_enriched, load_enriched
from index.sparse import stems
from qa.signals import SIGNALS

QUESTIONS = ["Wanneer vernieuwde men het oeververband?", "Wat waren de lasten van het bouwproject?"]


def line(document: Document, words: str, **changes: object) -> str:
    start = document.source.index(words)
    item = {
        "document_sha256": document.sha256,
        "spans": [[start, start + len(words)]],
        "questions": QUESTIONS,
        "restatement": "Het oeververband kreeg een opknapbeurt.",
    }
    return json.dumps(item | changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "brug.txt"
    path.write_text(MADE_UP, encoding="utf-8")
    return path


def test_enrichments_beside_a_file_point_into_its_text(path: Path, made_up: Document) -> None:
    words = "Het werk kostte 12 miljoen euro."
    beside(path).write_text(line(made_up, words) + "\n", encoding="utf-8")
    (one,) = load_documents([path])[0].enrichments
    assert made_up.text[one.start : one.end] == words
    assert one.questions == tuple(QUESTIONS)


def test_the_files_hash_changes_with_its_enrichment(path: Path, made_up: Document) -> None:
    before = file_hashes([path])["brug"]
    beside(path).write_text(line(made_up, "12 miljoen"), encoding="utf-8")
    assert file_hashes([path])["brug"] == load_documents([path])[0].sha256 != before


def test_every_wrong_line_is_named(path: Path, made_up: Document) -> None:
    lines = [
        line(made_up, "12 miljoen"),
        "{geen json",
        line(made_up, "12 miljoen", document_sha256="0" * 64),
        line(made_up, "12 miljoen", spans=[[5, 10**6]]),
        line(made_up, "12 miljoen", questions=[""]),
        line(made_up, "12 miljoen", extra=1),
    ]
    beside(path).write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as told:
        load_enrichments(made_up, path)
    for number, why in {2: "", 3: "andere versie", 4: "valt buiten de bron", 5: "niet leeg", 6: "verwacht"}.items():
        assert f"regel {number}: " in str(told.value)
        assert why in str(told.value)
    assert "regel 1:" not in str(told.value)


def test_a_line_without_a_question_is_wrong(path: Path, made_up: Document) -> None:
    beside(path).write_text(line(made_up, "12 miljoen", questions=[]), encoding="utf-8")
    with pytest.raises(InputError, match="regel 1: questions moet minstens één vraag hebben"):
        load_enrichments(made_up, path)


def test_a_document_without_them_has_none(path: Path, made_up: Document) -> None:
    assert load_enrichments(made_up, path) == ()


def test_a_question_in_other_words_finds_the_place_and_quotes_the_source(tmp_path: Path, made_up: Document) -> None:
    words = "Het werk kostte 12 miljoen euro."
    path = tmp_path / "brug.txt"
    other = line(
        made_up, "De oude brug was te smal", questions=["Waarom kon er geen truck over?"], restatement="Te krap."
    )
    beside(path).write_text(line(made_up, words) + "\n" + other, encoding="utf-8")
    enriched = replace(as_file(made_up), enrichments=load_enrichments(made_up, path))
    answers = {}
    for name, file in {"with": enriched, "without": as_file(made_up)}.items():
        answerer = answerer_on(build(tmp_path / name, [file], FakeEncoder()), FakeEncoder())
        answers[name] = answerer.answer(QUESTIONS[1])
        assert (answerer.index.enriched is not None) == (name == "with")
    assert words in answers["with"].passages[0].text
    shown = json.dumps(answers["with"].to_record("", 0.0), ensure_ascii=False)
    assert "oeververband" not in shown
    assert "opknapbeurt" not in shown


def test_words_count_where_they_are_said_or_asked(tmp_path: Path, made_up: Document) -> None:
    path = tmp_path / "brug.txt"
    cost = "Het werk kostte 12 miljoen euro."
    beside(path).write_text(line(made_up, cost, questions=["Hoe hoog was de factuur?"]), encoding="utf-8")
    enriched = replace(as_file(made_up), enrichments=load_enrichments(made_up, path))
    retriever = answerer_on(build(tmp_path / "index", [enriched], FakeEncoder()), FakeEncoder()).retriever
    found = {}
    for question in ("Hoe hoog was de factuur?", "Hoeveel kostte het werk?", "Wie maakte een zwembad?"):
        candidates = retriever.retrieve(question, 5).candidates
        said, near = (candidates.signals[:, SIGNALS.index(name)] for name in ("said", "said_near"))
        assert ((said >= 0) & (said <= near) & (near <= 1)).all()
        found[question] = dict(zip(retriever.index.sentences.texts(candidates.positions), said.tolist(), strict=True))
    asked, told, strange = found.values()
    assert asked[cost] == told[cost] == 1.0
    assert max(value for text, value in asked.items() if text != cost) < 1.0
    assert set(strange.values()) == {0.0}


def test_an_enriched_index_comes_back_the_same(tmp_path: Path, made_up: Document) -> None:
    path = tmp_path / "brug.txt"
    texts = [line(made_up, "12 miljoen"), line(made_up, "negen minuten", questions=["Hoeveel sneller is men er?"])]
    beside(path).write_text("\n".join(texts), encoding="utf-8")
    built = build_enriched(load_enrichments(made_up, path), FakeEncoder())
    built.save(tmp_path / "enriched")
    again = load_enriched(tmp_path / "enriched")
    vector = FakeEncoder().encode_queries(["Hoeveel sneller is men er?"])[0]
    for index in (built, again):
        signals = index.signals(vector, "Hoeveel sneller is men er?", 10)
        assert signals.questions.argmax() == 1
        mean, spread = index._questions.scale.of(vector)
        assert signals.questions[1] == pytest.approx((1 - mean) / spread, abs=1e-3)
        assert index.signals(vector, "", 1).questions.tolist() == [signals.questions[1]] * 2  # none beyond the depth
        assert signals.words.argmax() == 1
        assert index.asked_with(stems(["sneller"])[0][0]).tolist() == [1]
        assert index.asked_with("zwembad").tolist() == []
    assert again.spans == built.spans
