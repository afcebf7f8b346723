"""Explaining: what is shown is what decided, and the stage that lost a span is the first that lost it."""

import json
import math
from io import StringIO
from itertools import pairwise

import numpy as np
import pytest
from rich.console import Console

import api.cli
from api.explain import SIGNALS as NAMES
from api.explain import show_explanation
from corpus.enrichment import beside
from corpus.errors import InputError
from corpus.load import load_documents
from fakes import MADE_UP, FakeEncoder, answerer_on, build
from index.store import Index
from qa import signals
from qa.answer import Answerer
from qa.explain import explain
from qa.fate import Cause, Fate, Sought, Stage, overlaps, read_span
from qa.model import Status
from qa.rerank import weighed
from qa.signals import SIGNALS

QUESTIONS = (
    "Wat kost een rit met de buurtbus?",
    "Hoeveel reizigers had de buurtbus in 2022?",
    "Wie is wethouder van Meerwaard?",
    "Waarom vertrok de zuivelfabriek en hoeveel banen verdwenen er?",
    "Wat staat er in tabel 1?",
    "Hoe bak ik pannenkoeken?",
)


@pytest.fixture(scope="module")
def enriched(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("enriched")
    path = folder / "brug.txt"
    path.write_text(MADE_UP, encoding="utf-8")
    document = load_documents([path])[0].document
    written = [
        {
            "document_sha256": document.sha256,
            "spans": [[start, start + len(words)]],
            "questions": [f"Wat waren de lasten van het bouwproject {start}?", "Wie gaf het geld?"],
            "restatement": "Het oeververband kreeg een opknapbeurt.",
        }
        for words in ("Het werk kostte 12 miljoen euro.", "Het Rijk betaalde de")
        for start in [document.source.index(words)]
    ]
    beside(path).write_text("\n".join(map(json.dumps, written)), encoding="utf-8")
    return answerer_on(build(folder / "index", load_documents([path]), FakeEncoder()), FakeEncoder())


def spans(index: Index) -> list[Sought]:
    """Every sentence of every document, by where it stands in the source."""
    documents = index.documents
    return [
        Sought(documents[s.document_id], documents[s.document_id].source_spans(s.start, s.end)[0])
        for s in index.sentences
    ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_shares_add_up_to_the_scores_and_the_verdict_to_its_confidence(
    fake_sample_answerer: Answerer, enriched: Answerer, question: str
) -> None:
    reranked = Answerer(
        fake_sample_answerer.index, FakeEncoder(), None, 1000, "",
        rerank=weighed(lambda _question, texts: np.arange(len(texts), dtype=np.float32), 2.0),
    )  # fmt: skip
    for answerer in (fake_sample_answerer, enriched, reranked):
        explanation = explain(answerer, question)
        assert explanation.answer == answerer.answer(question)
        assert explanation.traces
        for trace in explanation.traces:
            assert [sentence.rank for sentence in trace.sentences] == list(range(1, len(trace.sentences) + 1))
            assert all(one.score >= other.score for one, other in pairwise(trace.sentences))
            for sentence in trace.sentences:
                assert sum(sentence.shares.values()) == pytest.approx(sentence.score, abs=1e-3)
                assert tuple(sentence.values) == SIGNALS
                row = answerer.retriever.weights.enriched if answerer is enriched else answerer.retriever.weights.plain
                for name, weight in zip(SIGNALS, row.tolist(), strict=True):
                    assert sentence.shares[name] == pytest.approx(sentence.values[name] * weight, abs=1e-4)
                assert sentence.shares.get("reranker", 0) == 0 or answerer is reranked
            verdict = trace.verdict
            total = verdict.constant + sum(verdict.shares.values())
            assert verdict.confidence == pytest.approx(1 / (1 + math.exp(-total)))
            assert (verdict.confidence >= verdict.threshold) == (verdict.reason is None)


@pytest.mark.parametrize(
    "question", [*QUESTIONS, "Hoeveel dorpen liggen er in de streek?", "Wie zat in de stuurgroep?"]
)
def test_an_explanation_names_all_it_adds_up(fake_sample_answerer: Answerer, question: str) -> None:
    console = Console(file=StringIO(), width=200)
    explanation = explain(fake_sample_answerer, question)
    show_explanation(console, explanation)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    for trace in explanation.traces:
        assert {name for sentence in trace.sentences for name in sentence.shares} <= set(NAMES)
        assert trace.question in " ".join(shown.split())


def test_what_a_question_names_shows_as_added(fake_sample_answerer: Answerer) -> None:
    best = explain(fake_sample_answerer, "Wat staat er in tabel 1?").traces[0].sentences[0]
    assert best.shares["named"] > 0
    assert "tabel 1" in best.place.sections


def test_quotes_are_explained_in_the_order_of_the_answer(fake_sample_answerer: Answerer) -> None:
    for question in QUESTIONS:
        explanation = explain(fake_sample_answerer, question)
        if explanation.answer.status is Status.ANSWERED and len(explanation.traces) == 1:
            quotes = explanation.traces[0].quotes
            assert [q.text for q in quotes] == [c.quote for c in explanation.answer.citations]
            assert quotes[0].behind == 0
            assert all(q.units >= 1 and q.behind >= 0 for q in quotes)


def test_a_sentence_is_a_candidate_when_a_list_holds_it_near_its_top(
    enriched: Answerer, fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "DEPTH", 3)
    for answerer in (enriched, fake_sample_answerer):
        look = answerer.look("Wat kostte het werk aan de brug en de buurtbus?")
        signaller, retrieval = answerer.retriever.signaller, look.retrieval
        candidates = set(retrieval.candidates.positions.tolist())
        assert 0 < len(candidates) < len(answerer.index.sentences)
        for position in range(len(answerer.index.sentences)):
            ranks = signaller.ranks(retrieval.question, retrieval.vector, [position])
            assert any(0 < rank <= 3 for rank in ranks.values()) == (position in candidates)


def test_ranks_are_those_of_brute_force(fake_sample_answerer: Answerer) -> None:
    index = fake_sample_answerer.index
    look = fake_sample_answerer.look(QUESTIONS[0])
    vector = look.retrieval.vector
    cosines = index.dense_sentences.vectors(np.arange(len(index.sentences))) @ vector
    words = index.words.scores(look.retrieval.question.spelled)
    for position in range(0, len(index.sentences), 7):
        ranks = fake_sample_answerer.retriever.signaller.ranks(look.retrieval.question, vector, [position])
        higher, ties = (cosines > cosines[position] + 1e-6).sum(), (abs(cosines - cosines[position]) <= 1e-6).sum()
        assert higher < ranks["sentence"] <= higher + ties
        sentence = index.sentences[position]
        around = [n for n, c in enumerate(index.contexts) if c.start <= sentence.start and sentence.end <= c.end]
        order = sorted(range(len(words)), key=lambda n: (-words[n], n))
        assert ranks["words"] == min(order.index(n) for n in around) + 1
        assert set(ranks) == {"sentence", "context", "words"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_of_a_document_has_one_fate(fake_sample_answerer: Answerer, question: str) -> None:
    sought = spans(fake_sample_answerer.index)
    explanation = explain(fake_sample_answerer, question, sought)
    answer = explanation.answer
    found = [f.hit.passage for f in answer.passages]
    for fate, one in zip(explanation.fates, sought, strict=True):
        quoted = any(overlaps(c.source_spans, one.span) for c in answer.citations)
        assert (fate.stage is Stage.QUOTED) == quoted
        assert (fate.stage is Stage.NO_CANDIDATE) == (fate.rank == 0)
        assert (fate.cause is not None) == (fate.stage is Stage.NOT_QUOTED)
        if fate.stage is Stage.REFUSED:
            assert any(trace.verdict.reason for trace in explanation.traces)
        if len(explanation.traces) == 1 and fate.passage:
            passage = found[fate.passage - 1]
            assert overlaps(one.document.source_spans(passage.start, passage.end), one.span)
        assert fate.behind >= 0
        assert fate.rank != 1 or (fate.behind, fate.low) == (0, {})
    assert explain(fake_sample_answerer, question, sought) == explanation


def test_each_stage_is_named(fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    index, question = fake_sample_answerer.index, QUESTIONS[0]
    everything = spans(index)

    def stages(answerer: Answerer) -> dict[Stage, Fate]:
        return {fate.stage: fate for fate in explain(answerer, question, everything).fates}

    lost = stages(fake_sample_answerer)
    assert {Stage.QUOTED, Stage.NOT_QUOTED, Stage.RANKED_LOW} <= set(lost)
    assert lost[Stage.RANKED_LOW].low
    assert list(lost[Stage.RANKED_LOW].low.values()) == sorted(lost[Stage.RANKED_LOW].low.values(), reverse=True)
    strict = stages(Answerer(index, FakeEncoder(), 1.0, 1000, ""))
    assert Stage.REFUSED in strict
    assert Stage.QUOTED not in strict
    document = everything[0].document
    (unread,) = explain(fake_sample_answerer, question, [Sought(document, document.removed[0])]).fates
    assert unread.stage is Stage.NOT_READ
    (unsearched,) = explain(fake_sample_answerer, "?", everything[:1]).fates
    assert unsearched.stage is Stage.NOT_SEARCHED
    monkeypatch.setattr(signals, "DEPTH", 2)
    few = stages(fake_sample_answerer)
    assert few[Stage.NO_CANDIDATE].lists
    assert min(few[Stage.NO_CANDIDATE].lists.values()) > 2


def test_a_whole_list_that_is_quoted_in_place_of_sentences_is_said(
    fake_answerer: Answerer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "Welke bedrijven profiteerden?"
    explanation = explain(fake_answerer, question, spans(fake_answerer.index))
    assert explanation.listed == len(explanation.answer.citations) == 3
    fates = [(fate.stage, fate.cause) for fate in explanation.fates]
    assert fates.count((Stage.QUOTED, None)) == 3
    assert set(fates) == {(Stage.QUOTED, None), (Stage.NOT_QUOTED, Cause.LIST)}
    run(fake_answerer, monkeypatch, question)
    assert "de 3 onderdelen zijn geciteerd" in capsys.readouterr().out


def test_a_quote_that_holds_only_a_bit_of_a_span_is_said(fake_sample_answerer: Answerer) -> None:
    answer = fake_sample_answerer.answer(QUESTIONS[1])
    (_start, end), *_ = answer.citations[0].source_spans
    sought = Sought(fake_sample_answerer.index.documents[answer.citations[0].place.document], (end - 3, end + 300))
    assert not any(overlaps(citation.source_spans, sought.span) for citation in answer.citations)
    (fate,) = explain(fake_sample_answerer, QUESTIONS[1], [sought]).fates
    assert (fate.stage, fate.cause) == (Stage.NOT_QUOTED, Cause.PARTLY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("12", "verwacht BEGIN-EIND"),
        ("9-5", "het begin moet voor het eind"),
        ("0-99999999", "tekens"),
        ("ander:0-5", "Documenten: brug"),
    ],
)
def test_a_wrong_span_is_told_in_dutch(fake_index: Index, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_span(fake_index, text)
    assert read_span(fake_index, "3-9") == read_span(fake_index, "brug:3-9")


def run(answerer: Answerer, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(api.cli, "answerer_for", lambda: answerer)
    monkeypatch.setenv("COLUMNS", "100")
    api.cli.app(["ask", "--explain", *arguments], standalone_mode=False)


def test_for_people_the_answer_comes_first_and_then_every_table(
    fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start, end = fake_sample_answerer.answer(QUESTIONS[0]).citations[0].source_spans[0]
    run(fake_sample_answerer, monkeypatch, QUESTIONS[0], "--span", f"{start}-{end}", "--span", "0-1")
    told = capsys.readouterr().out
    heads = ["Vraag: ", "De beste zinnen", "Waarde en aandeel", "De beste passages", "Waarom deze citaten", "Zekerheid"]
    assert [told.index(head) for head in heads] == sorted(told.index(head) for head in heads)
    assert f":{start}-{end}: geciteerd" in told
    assert ":0-1: " in told


def test_for_programs_it_is_the_record_of_an_answer_and_more(
    fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(fake_sample_answerer, monkeypatch, QUESTIONS[0], "--json", "--span", "0-1")
    record = json.loads(capsys.readouterr().out)
    plain = fake_sample_answerer.answer(QUESTIONS[0]).to_record("", 0.0)
    assert {name: record[name] for name in plain if name != "took_ms"} == {
        n: v for n, v in plain.items() if n != "took_ms"
    }
    (question,) = record["explain"]["questions"]
    assert len(question["sentences"]) == 10
    assert set(question["sentences"][0]["signals"]) == set(SIGNALS)
    assert [p["id"] for p in question["passages"]] == [p["id"] for p in plain["passages"]]
    assert question["verdict"]["features"]
    assert record["explain"]["spans"][0]["span"] == [0, 1]


@pytest.mark.parametrize("arguments", [["--explain"], ["Wat?", "--span", "1-2"]])
def test_explaining_takes_one_question(arguments: list[str]) -> None:
    with pytest.raises(InputError, match="--explain hoort bij één vraag"):
        api.cli.app(["ask", *arguments], standalone_mode=False)
