"""Other formats: what goes out comes back in the same place, and follows the format's own rules."""

import json
from dataclasses import replace
from pathlib import Path

import ir_measures
import pytest

from corpus.errors import InputError
from corpus.model import Document
from eval.exchange.bundle import Bundle, bundle
from eval.exchange.drafts import SOURCES, Draft, resolved
from eval.exchange.export import FORMATS
from eval.gold import GoldQuestion, bundled_gold, read_gold
from eval.measures import overlaps, score
from eval.run import run
from fakes import run_in
from qa.answer import Answerer

QUESTIONS = next(read_gold(path) for path in bundled_gold() if path.name == "sample.jsonl").questions


@pytest.fixture(scope="module")
def full(sample_answerer: Answerer, sample: Document) -> Bundle:
    return bundle(QUESTIONS, [sample], 5, 2, run(sample_answerer, QUESTIONS))


def written(full: Bundle, form: str, folder: Path) -> Path:
    for name, content in FORMATS[form].write(full).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_squad_answers_stand_where_it_says_and_come_back(full: Bundle, sample: Document, tmp_path: Path) -> None:
    path = written(full, "squad", tmp_path) / "squad.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["version"] == "v2.0"
    (paragraph,) = content["data"][0]["paragraphs"]
    for qa in paragraph["qas"]:
        assert qa["is_impossible"] == (not qa["answers"])
        for answer in qa["answers"]:
            assert paragraph["context"][answer["answer_start"] :].startswith(answer["text"])
    back, left = resolved(list(SOURCES["squad"](path)), [sample], "uit squad")
    assert left == []
    assert {q.id: q.spans for q in back} == {q.id: tuple(sorted(q.spans)) for q in QUESTIONS}
    for gold, q in zip(QUESTIONS, back, strict=True):
        assert set(gold.sections) & set(q.sections) or not gold.answerable


def test_promptfoo_comes_back_with_its_facts(full: Bundle, sample: Document, tmp_path: Path) -> None:
    path = written(full, "promptfoo", tmp_path) / "promptfooconfig.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["prompts"] == ["{{question}}"]
    assert {check["type"] for test in content["tests"] for check in test["assert"]} == {
        "icontains", "not-icontains", "icontains-any",
    }  # fmt: skip
    back, left = resolved(list(SOURCES["promptfoo"](path)), [sample], "")
    assert left == []
    assert {q.id: (q.answerable, q.facts) for q in back} == {q.id: (q.answerable, q.facts) for q in QUESTIONS}
    assert all(set(gold.spans) <= set(q.spans) for gold, q in zip(QUESTIONS, back, strict=True))


def test_beir_is_complete_and_comes_back_as_passages(full: Bundle, sample: Document, tmp_path: Path) -> None:
    folder = written(full, "beir", tmp_path)
    names = {json.loads(line)["_id"] for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()}
    rows = [row.split("\t") for row in (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["query-id", "corpus-id", "score"]
    assert {row[1] for row in rows[1:]} <= names
    assert {row[0] for row in rows[1:]} == {q.id for q in QUESTIONS if q.answerable}
    back, left = resolved(list(SOURCES["beir"](folder)), [sample], "")
    assert left == []
    for gold, q in zip(QUESTIONS, back, strict=True):
        assert all(any(overlaps(((start, end),), span) for start, end in q.spans) for span in gold.spans)


def test_trec_eval_reads_qrels_and_run(full: Bundle, tmp_path: Path) -> None:
    folder = written(full, "trec", tmp_path)
    qrels = list(ir_measures.read_trec_qrels(str(folder / "qrels.txt")))
    found = list(ir_measures.read_trec_run(str(folder / "run.txt")))
    assert {qrel.query_id for qrel in qrels} == {q.id for q in QUESTIONS if q.answerable}
    hit = ir_measures.calc_aggregate([ir_measures.Success @ 10], qrels, found)[ir_measures.Success @ 10]
    ours = [scores["passage hit@10"] for scores in score(full.outcomes) if "passage hit@10" in scores]
    assert hit == pytest.approx(sum(ours) / len(ours), abs=0.05)  # one question has spans in parts of two passages
    assert len((folder / "topics.tsv").read_text(encoding="utf-8").splitlines()) == len(QUESTIONS)


def test_ragas_has_its_columns(full: Bundle, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (written(full, "ragas", tmp_path) / "ragas.jsonl").read_text().splitlines()]
    assert len(rows) == len(QUESTIONS)
    for row in rows:
        assert set(row) == {"user_input", "reference", "reference_contexts", "response", "retrieved_contexts"}
        assert row["reference"]
        assert isinstance(row["retrieved_contexts"], list)


def test_a_draft_whose_words_stand_nowhere_is_left_out_and_named(sample: Document) -> None:
    twin = replace(sample, id="kopie", source=sample.source + " ")
    words = (("Een rit kost 1,50 euro", ""),)
    drafts = [
        Draft("a", "Wat?", (("nergens te vinden", ""),)),
        Draft("b", "Wat?", words),
        Draft("c", "Wat?", answerable=False),
    ]
    questions, left = resolved(drafts, [sample], "")
    assert [q.id for q in questions] == ["b", "c"]
    assert left == ["a: het antwoord staat niet in het document"]
    assert "meer dan een document" in resolved(drafts, [sample, twin], "")[1][1]


def test_words_before_an_answer_tell_two_places_apart(sample: Document) -> None:
    drafts = [Draft("a", "Wie?", (("buurtbus", "Geef de "),)), Draft("b", "Wie?", (("buurtbus", ""),))]
    one, every = (q.spans for q in resolved(drafts, [sample], "")[0])
    assert len(one) == 1 < len(every)
    assert sample.source[one[0][0] - 8 : one[0][1]] == "Geef de buurtbus"


@pytest.mark.parametrize("form", ["squad", "beir", "promptfoo"])
def test_a_broken_file_is_told(tmp_path: Path, form: str) -> None:
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(InputError):
        list(SOURCES[form](tmp_path if form == "beir" else tmp_path / "x.json"))


def test_the_commands_export_and_import(folder: Path, tmp_path: Path) -> None:
    gold = str(next(path for path in bundled_gold() if path.name == "sample.jsonl"))
    out = run_in(folder, "gold", "export", gold, "--as", "squad", "--out", str(tmp_path / "uit"))
    assert out.returncode == 0, out.stderr
    back = run_in(
        folder,
        "gold",
        "import",
        str(tmp_path / "uit" / "squad.json"),
        "--from",
        "squad",
        "--out",
        str(tmp_path / "t.jsonl"),
    )
    assert back.returncode == 0, back.stderr
    assert [GoldQuestion.question.fget(q) for q in read_gold(tmp_path / "t.jsonl").questions] == [  # type: ignore[attr-defined]
        q.question for q in QUESTIONS
    ]
    (tmp_path / "fout.json").write_text('{"data": 3}')
    wrong = run_in(
        folder, "gold", "import", str(tmp_path / "fout.json"), "--from", "squad", "--out", str(tmp_path / "n.jsonl")
    )
    assert wrong.returncode == 2
    assert "niet de indeling van squad" in wrong.stderr
