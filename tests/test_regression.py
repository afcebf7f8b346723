"""A deliberately damaged answerer fails the regression and is named; an unchanged one passes, to the last byte."""

import json
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from corpus.errors import BronvastError, InputError
from corpus.model import Document
from eval.ablation import with_weights
from eval.baseline import Baseline, baseline_path, read_baseline, write_baseline
from eval.change import Sort, Verdict, change_of
from eval.compare import compare, losses
from eval.gold import bundled_gold, read_gold
from eval.markdown import as_markdown
from eval.measurement import Measurement, bless, measure
from eval.page import as_html
from eval.report import as_json, as_junit, as_record
from fakes import run_in
from qa.answer import Answerer
from qa.model import Answer, Citation
from qa.settings import Settings
from qa.weights import only

FILES = [read_gold(path) for path in bundled_gold() if path.name == "sample.jsonl"]


@pytest.fixture(scope="module")
def blessed(sample_answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ijkpunt")
    bless(measure(sample_answerer, Settings(), FILES, folder), "voor de test", folder)
    return folder


@pytest.fixture(scope="module")
def unchanged(sample_answerer: Answerer, blessed: Path) -> Measurement:
    return measure(sample_answerer, Settings(), FILES, blessed)


def damaged(answerer: Answerer, change: Callable[[Answer], Answer]) -> Answerer:
    mutant = copy(answerer)
    mutant.answer = lambda question, earlier=(): change(answerer.answer(question, earlier))  # type: ignore[method-assign]
    return mutant


def with_citations(change: Callable[[Citation], Citation]) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, citations=tuple(map(change, answer.citations)))


def found(mutant: Answerer, folder: Path, settings: Settings | None = None) -> tuple[Measurement, str]:
    measurement = measure(mutant, settings or Settings(), FILES, folder)
    assert measurement.comparison is not None
    return measurement, "\n".join(losses(measurement.comparison))


def test_a_measurement_tells_no_secret_and_no_place(sample_answerer: Answerer, blessed: Path, tmp_path: Path) -> None:
    settings = Settings(milvus="http://zoekmachine.intern", milvus_token="geheim-1", vectors=tmp_path / "hier")
    record = json.dumps(as_record(found(sample_answerer, blessed, settings)[0]))
    assert "geheim-1" not in record
    assert "zoekmachine.intern" not in record
    assert str(tmp_path) not in record


def test_nothing_changed_is_no_loss_and_the_same_to_the_last_byte(
    sample_answerer: Answerer, blessed: Path, unchanged: Measurement
) -> None:
    again, loss = found(sample_answerer, blessed)
    assert loss == ""
    assert again.comparison is not None
    assert again.comparison.changes == ()
    assert again.comparison.compared == len(again.outcomes)
    assert as_json(as_record(again)) == as_json(as_record(unchanged))
    assert as_html(again) == as_html(unchanged)
    assert as_markdown(again) == as_markdown(unchanged)
    assert as_junit(again) == as_junit(unchanged)


def test_searching_by_length_alone_is_a_loss(sample_answerer: Answerer, blessed: Path) -> None:
    measurement, loss = found(with_weights(sample_answerer, only(length=1)), blessed)
    assert "nDCG@10 daalde" in loss
    worse = [c.gold.id for c in measurement.comparison.changes if c.verdict is Verdict.WORSE]  # type: ignore[union-attr]
    assert len(worse) >= 5
    assert set(worse) & set(loss.replace(",", " ").split())


def test_pages_off_by_one_are_a_loss(sample_answerer: Answerer, blessed: Path) -> None:
    def next_page(citation: Citation) -> Citation:
        first, last = citation.place.page
        return replace(citation, place=replace(citation.place, page=(first + 1, last + 1)))

    measurement, loss = found(damaged(sample_answerer, with_citations(next_page)), blessed)
    answered = [outcome.gold.id for outcome in measurement.outcomes if outcome.quotes]
    assert "bladzijden echt geldt niet meer" in loss
    assert "andere bladzijde" in loss
    assert all(name in loss for name in answered)
    changes = measurement.comparison.changes  # type: ignore[union-attr]
    assert all(change.sorts == (Sort.PLACE,) for change in changes)


def test_pages_read_wrong_are_noticed_though_the_document_agrees(sample_answerer: Answerer, blessed: Path) -> None:
    """Quotes and document off by one together: only the baseline knows."""
    mutant = damaged(
        sample_answerer,
        with_citations(lambda c: replace(c, place=replace(c.place, page=(c.place.page[0] + 1, c.place.page[1] + 1)))),
    )
    name, document = next(iter(sample_answerer.index.documents.items()))
    shifted = replace(document, page_starts=(0, *document.page_starts))
    mutant.index = replace(sample_answerer.index, documents={name: shifted})
    _, loss = found(mutant, blessed)
    assert "bladzijden echt" not in loss
    assert "andere bladzijde" in loss


def test_quotes_cut_by_a_word_are_a_loss(sample_answerer: Answerer, sample: Document, blessed: Path) -> None:
    def words_only(citation: Citation) -> Citation:
        return replace(citation, quote=citation.quote.rsplit(" ", 1)[0])

    def in_good_order(citation: Citation) -> Citation:
        end = citation.start + len(words_only(citation).quote)
        return replace(words_only(citation), end=end, source_spans=sample.source_spans(citation.start, end))

    measurement, loss = found(damaged(sample_answerer, with_citations(words_only)), blessed)
    assert not measurement.all_verbatim
    assert "citaten letterlijk geldt niet meer" in loss
    with pytest.raises(BronvastError, match="nooit een ijkpunt"):
        bless(measurement, "toch", blessed)
    measurement, loss = found(damaged(sample_answerer, with_citations(in_good_order)), blessed)
    assert measurement.all_verbatim
    assert "citaten heel geldt niet meer" in loss
    assert all(outcome.gold.id in loss for outcome in measurement.outcomes if outcome.quotes)


@pytest.mark.parametrize(
    ("threshold", "sort", "label"),
    [(1.0, Sort.REFUSED, "goed daalde"), (0.0, Sort.ANSWERED, "terecht geweigerd daalde")],
)
def test_refusing_everything_or_nothing_is_a_loss(
    sample_answerer: Answerer, blessed: Path, threshold: float, sort: Sort, label: str
) -> None:
    settings = Settings(threshold=threshold)
    mutant = Answerer(sample_answerer.index, sample_answerer.retriever.encoder, threshold, 1000, "")
    measurement, loss = found(mutant, blessed, settings)
    assert label in loss
    changes = measurement.comparison.changes  # type: ignore[union-attr]
    assert sort in {change.sorts[0] for change in changes}
    assert any(change.gold.id in loss for change in changes)
    assert measurement.made_by["settings"]["threshold"] == threshold


def test_an_answerer_that_breaks_is_a_loss(sample_answerer: Answerer, blessed: Path) -> None:
    def breaks(answer: Answer) -> Answer:
        if answer.citations:
            raise AssertionError("kapot")
        return answer

    measurement, loss = found(damaged(sample_answerer, breaks), blessed)
    assert "goed daalde" in loss
    assert any(change.sorts == (Sort.FAILED,) for change in measurement.comparison.changes)  # type: ignore[union-attr]


def test_what_is_better_is_no_loss(sample_answerer: Answerer, blessed: Path, tmp_path: Path) -> None:
    poor = measure(with_weights(sample_answerer, only(length=1)), Settings(), FILES, tmp_path)
    bless(poor, "slecht ijkpunt", tmp_path)
    measurement, loss = found(sample_answerer, tmp_path)
    assert loss == ""
    better = [c for c in measurement.comparison.changes if c.verdict is Verdict.BETTER]  # type: ignore[union-attr]
    assert better


def test_a_baseline_holds_no_words_of_the_document(blessed: Path, sample: Document) -> None:
    text = (blessed / "sample.json").read_text(encoding="utf-8")
    sentences = {sample.text[unit.start : unit.end] for unit in sample.units}
    assert not [sentence for sentence in sentences if len(sentence) > 40 and sentence[:40] in text]
    assert len(text) < 1000 * len(FILES[0].questions)


def test_a_baseline_survives_writing_and_reading(unchanged: Measurement, tmp_path: Path) -> None:
    written = Baseline("reden", {"a": 1}, unchanged.pasts)
    write_baseline(tmp_path / "x.json", FILES[0], written)
    assert read_baseline(tmp_path / "x.json") == written
    first = (tmp_path / "x.json").read_bytes()
    write_baseline(tmp_path / "x.json", FILES[0], written)
    assert (tmp_path / "x.json").read_bytes() == first
    assert read_baseline(tmp_path / "weg.json") is None
    for broken in ("{", "[]", '{"format": 9}'):
        (tmp_path / "x.json").write_text(broken)
        with pytest.raises(InputError, match="ijkpunt kan niet worden gelezen"):
            read_baseline(tmp_path / "x.json")


def test_baselines_lie_in_the_package_or_beside_the_gold(tmp_path: Path) -> None:
    bundled = bundled_gold()[0]
    assert baseline_path(bundled, None) == bundled.parent.parent / "baseline" / f"{bundled.stem}.json"
    assert baseline_path(tmp_path / "eigen.jsonl", None) == tmp_path / "eigen.baseline.json"
    assert baseline_path(tmp_path / "eigen.dev.jsonl", tmp_path / "x") == tmp_path / "x" / "eigen.dev.json"


def test_changed_new_and_dropped_questions_are_not_compared_but_named(unchanged: Measurement) -> None:
    questions = list(FILES[0].questions)
    before = dict(unchanged.pasts)
    before["oud"] = before.pop(questions[0].id)
    before[questions[1].id] = replace(before[questions[1].id], gold="anders")
    comparison = compare(questions, before, unchanged.pasts)
    assert comparison.unknown == (questions[0].id, questions[1].id)
    assert comparison.gone == ("oud",)
    assert comparison.compared == len(questions) - 2
    assert losses(comparison) == []


def test_each_sort_of_change_is_named(unchanged: Measurement) -> None:
    gold = next(q for q in FILES[0].questions if len(unchanged.pasts[q.id].quotes) > 1)
    before = unchanged.pasts[gold.id]
    first, second = before.quotes[:2]
    shorter = replace(first, spans=((first.spans[0][0], first.spans[0][1] - 3),), hash="x")

    def sorts(**changes: object) -> tuple[Sort, ...]:
        change = change_of(gold, before, replace(before, **changes))  # type: ignore[arg-type]
        return change.sorts if change else ()

    assert sorts() == ()
    assert sorts(quotes=(shorter, *before.quotes[1:])) == (Sort.TEXT,)
    assert sorts(quotes=(second, first, *before.quotes[2:]))[0] is Sort.MOVED
    assert sorts(quotes=(first,)) == (Sort.ORDER,)
    assert sorts(rank=before.rank + 1) == (Sort.ORDER,)
    assert sorts(quotes=(replace(first, page=(99, 99)), *before.quotes[1:])) == (Sort.PLACE,)
    assert sorts(quotes=(), status="refused") == (Sort.REFUSED,)
    assert sorts(quotes=(), status="failed") == (Sort.FAILED,)
    assert sorts(scores=before.scores | {"right": 1 - before.scores["right"]}) == (Sort.SCORE,)


def test_the_reports_say_the_same(unchanged: Measurement) -> None:
    record = json.loads(as_json(as_record(unchanged)))
    total, right = len(record["questions"]), sum(question["right"] for question in record["questions"])
    assert record["measures"]["right"] == pytest.approx(right / total, abs=1e-6)
    assert record["measures"]["quotes verbatim"] == 1
    assert set(record) >= {"model", "recipe", "documents", "index", "settings", "gold", "measures", "comparison"}
    suites = ElementTree.fromstring(as_junit(unchanged))
    assert int(suites.attrib["tests"]) == total == len(suites.findall(".//testcase"))
    assert int(suites.attrib["failures"]) == total - right == len(suites.findall(".//failure"))
    assert f"{right} van {total} vragen goed" in as_markdown(unchanged)
    page = as_html(unchanged)
    assert f"{right} van {total} vragen goed" in page
    assert page.count("<details>") == total + 4
    assert "http" not in page.replace("http-equiv", "")


def test_a_hostile_question_is_text_in_every_report(
    sample_answerer: Answerer, sample: Document, tmp_path: Path
) -> None:
    question = '<script>alert("1")</script> | **vet** [x](y) &amp; ]]>'
    gold = replace(FILES[0].questions[0], id="<b>", turns=(question,))
    file = replace(FILES[0], questions=(gold,))
    measurement = measure(sample_answerer, Settings(), [file], tmp_path)
    assert "<script>" not in as_html(measurement)
    ElementTree.fromstring(as_junit(measurement))
    assert json.loads(as_json(as_record(measurement)))["questions"][0]["question"] == question


def test_the_command_compares_blesses_and_fails(folder: Path, tmp_path: Path) -> None:
    at = ("--baseline", str(tmp_path))
    first = run_in(folder, "eval", *at, "--bless", "begin")
    assert first.returncode == 0, first.stderr
    assert "nog geen ijkpunt" in first.stdout
    assert read_baseline(tmp_path / "sample.json").reason == "begin"  # type: ignore[union-attr]
    reports = [("--json", "a.json"), ("--junit", "a.xml"), ("--markdown", "a.md"), ("--html", "a.html")]
    options = [part for option, name in reports for part in (option, str(tmp_path / name))]
    worse = run_in(folder, "eval", *at, *options, BRONVAST_THRESHOLD="1")
    assert worse.returncode == 1
    assert "VERLIES: goed daalde" in worse.stdout
    assert "veenkamp-01" in worse.stdout
    assert all((tmp_path / name).stat().st_size for _, name in reports)


def test_the_bundled_baseline_holds(folder: Path) -> None:
    done = run_in(folder, "eval")
    assert done.returncode == 0, done.stdout
    assert "Vergeleken met het ijkpunt" in done.stdout
    assert run_in(folder, "eval", "--at-least", "1").returncode == 1
