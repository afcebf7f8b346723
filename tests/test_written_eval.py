"""With a model without faults nothing is lost; with any model the comparison tells what it did."""

import json
from pathlib import Path

import pytest
from scripted import sentences, serving

from corpus.errors import InputError
from corpus.model import Document
from eval.bench.perfect import perfect
from eval.gold import GoldQuestion, bundled_gold, read_gold
from eval.measures import is_right
from eval.run import asker
from eval.written import figures, is_written, loose_numbers, measure_pairs, used_citations
from eval.written_command import compare_written
from eval.written_report import as_markdown
from qa.answer import Answerer
from qa.model import Status
from qa.settings import Settings
from qa.written.open import wrapped
from qa.written.options import LanguageModelOptions
from qa.written.servers import open_model


@pytest.fixture(scope="module")
def gold() -> tuple[GoldQuestion, ...]:
    return read_gold(next(path for path in bundled_gold() if path.name == "sample.jsonl")).questions


def test_a_model_without_faults_loses_nothing_and_its_sentences_come_through(
    sample_answerer: Answerer, sample: Document, gold: tuple[GoldQuestion, ...]
) -> None:
    writer = wrapped(sample_answerer, perfect(gold, [sample]))
    plain, written = asker(sample_answerer), asker(writer)
    for question in gold:
        assert is_right(written(question)) >= is_right(plain(question)), question.id
    pairs = measure_pairs(writer, gold, lambda _ready, _total: None)
    found = figures(pairs)
    answered = [p for p in pairs if p.extractive.status is not Status.REFUSED and p.gold.answerable]
    assert found["written"] >= 0.9 * len(answered)
    assert found["numbers without quote"] == 0
    assert found["with model"]["citation precision"] >= found["extractive"]["citation precision"]
    assert found["with model"]["refused"] == found["extractive"]["refused"]


def test_the_comparison_counts_what_was_dropped_and_what_fell_back(
    sample_answerer: Answerer, gold: tuple[GoldQuestion, ...]
) -> None:
    answers = iter([True, False] * len(gold))
    lie = sentences(("De buurtbus had 9.999 reizigers.", [(1, "is er niet")]))
    with serving(lambda a: a.say(lie) if next(answers) else a.status(500)) as server:
        pairs = measure_pairs(wrapped(sample_answerer, open_model(server.options())), gold[:6], lambda *_: None)
    found = figures(pairs)
    asked = found["asked"]
    assert sum(found["fallbacks"].values()) == asked > 2
    assert found["written"] == 0
    assert found["levels"]["niet gesteund"] == sum(found["dropped"].values()) == -(-asked // 2)
    assert found["with model"] == found["extractive"]
    page = as_markdown(found, "m", "sample")
    assert f"Gevraagd aan het taalmodel: {asked} keer" in page
    assert "Terugval: de server van het taalmodel gaf een fout" in page
    json.dumps(found)


def test_numbers_are_looked_for_in_the_sentences_own_quotes(sample_answerer: Answerer) -> None:
    question = "Wat kost een rit met de buurtbus?"
    with serving(lambda a: a.say(sentences(("Een rit kost 1,50 euro.", [(1, "Een rit kost 1,50 euro")])))) as server:
        answer = wrapped(sample_answerer, open_model(server.options(passages=1))).answer(question)
    assert is_written(answer)
    assert loose_numbers(answer) == []
    assert "1,50" in used_citations(answer)[0].quote


def test_without_a_model_in_the_settings_it_says_what_to_do(sample_answerer: Answerer) -> None:
    with pytest.raises(InputError, match="geen taalmodel ingesteld"):
        compare_written(sample_answerer, Settings(), [], None, None)


def test_a_report_is_written_and_a_sound_measurement_is_no_loss(sample_answerer: Answerer, tmp_path: Path) -> None:
    path = next(path for path in bundled_gold() if path.name == "sample.jsonl")
    file = read_gold(path)
    short = type(file)(file.path, file.split, file.sha256, file.questions[:3])
    with serving(lambda a: a.say(sentences())) as server:
        settings = Settings(taalmodel=LanguageModelOptions(url=server.url, model="m"))
        assert compare_written(sample_answerer, settings, [short], tmp_path / "a.json", tmp_path / "a.md")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["questions"] == 3
    assert "| maat | alleen citaten | met taalmodel |" in (tmp_path / "a.md").read_text(encoding="utf-8")
