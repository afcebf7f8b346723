"""Evidence: whole, sealed, checkable later; whatever is changed in it or around it is told by its own name."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.evidence import show_findings, verify_file, write_evidence
from corpus.errors import BronvastError, InputError
from corpus.find import sample_documents
from corpus.model import Document
from corpus.structure import read_document
from fakes import RECIPE
from live import client_of
from qa.answer import Answerer
from qa.check import squeeze
from qa.evidence import SEAL, evidence, hash_of, seal_of
from qa.model import Answer
from qa.settings import Settings
from qa.verify import FAILURES, Finding, Matter, verify
from qa.written.model import Level, Usage, Written, WrittenSentence
from qa.written.prompts import load_prompt

QUESTION = "Wat kost een rit met de buurtbus?"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
Content = dict[str, Any]


@pytest.fixture
def answer(fake_sample_answerer: Answerer) -> Answer:
    return fake_sample_answerer.answer(QUESTION)


@pytest.fixture
def made(fake_sample_answerer: Answerer, answer: Answer) -> Content:
    content = evidence(fake_sample_answerer.index, answer, ("Wat is de buurtbus?",), NOW)
    whole: Content = json.loads(json.dumps(content))
    assert whole["quotes"]
    return whole


@pytest.fixture
def found(fake_sample_answerer: Answerer) -> Callable[..., list[Finding]]:
    index = fake_sample_answerer.index

    def check(content: Content, document: Document | None = None, manifest: Any = index.manifest) -> list[Finding]:
        documents = {name: document or known for name, known in index.documents.items()}
        return verify(content, documents, manifest, RECIPE.reader)

    return check


def sealed(content: Content) -> Content:
    return content | {SEAL: seal_of(content)}


def matters(findings: list[Finding]) -> set[Matter]:
    return {finding.matter for finding in findings}


def test_evidence_holds_all_that_is_needed_to_check_it(made: Content, fake_sample_answerer: Answerer) -> None:
    index = fake_sample_answerer.index
    assert (made["question"], made["searched"], made["earlier"]) == (QUESTION, QUESTION, ["Wat is de buurtbus?"])
    assert made["time"] == "2026-03-04T05:06:07+00:00"
    assert made["index"]["build"] == index.fingerprint
    assert made["index"]["model"]["fingerprint"] == "fake:1"
    assert made["index"]["recipe"] == {"window": RECIPE.window, "stride": RECIPE.stride, "reader": RECIPE.reader}
    assert 0 <= made["confidence"] <= 1
    assert all("score" in passage for passage in made["passages"])
    for quote in made["quotes"]:
        document = index.documents[quote["document"]]
        assert document.text[quote["start"] : quote["end"]] == quote["quote"]
        source = "".join(document.source[a:b] for a, b in quote["source_spans"])
        assert squeeze(source) == squeeze(quote["quote"])
        assert quote["quote_sha256"] == hash_of(quote["quote"])
        assert quote["sha256"] == document.sha256


def test_evidence_names_no_path_of_the_machine(made: Content) -> None:
    assert str(sample_documents()[0].parent) not in json.dumps(made)


def test_fresh_evidence_holds(made: Content, found: Callable[..., list[Finding]]) -> None:
    assert found(made) == []


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [one for name, content in inner for one in leaves(content, (*way, name))]
    yield from below or [way]


def mutated(content: Content, way: tuple[Any, ...]) -> Content:
    """The same with one field other than it was."""
    other = copy.deepcopy(content)
    holder: Any = other
    for name in way[:-1]:
        holder = holder[name]
    was = holder[way[-1]]
    numeric = isinstance(was, int | float)
    holder[way[-1]] = was + 1 if numeric else f"{was}x" if isinstance(was, str) else "x" if was is None else ["x"]
    return other


def test_every_field_that_changes_is_noticed(made: Content, found: Callable[..., list[Finding]]) -> None:
    tried = 0
    for way in leaves(made):
        try:
            findings = found(mutated(made, way))
        except (KeyError, TypeError, ValueError, AttributeError):
            tried += 1  # no evidence any more: told as such, see below
            continue
        assert Matter.EVIDENCE in matters(findings), way
        assert any(finding.fails for finding in findings), way
        tried += 1
    assert tried > 100


def test_a_field_that_is_gone_is_noticed(made: Content, found: Callable[..., list[Finding]]) -> None:
    for name in made:
        less = {field: value for field, value in made.items() if field != name}
        try:
            assert Matter.EVIDENCE in matters(found(less)), name
        except KeyError:
            continue


@pytest.mark.parametrize(
    "field",
    ["quote", "quote_sha256", "start", "end", "source_start", "source_end", "section", "heading", "page", "sha256",
     "sections", "footnote"],
)  # fmt: skip
def test_a_quote_that_was_changed_on_purpose_fails_though_it_is_sealed_anew(
    made: Content, found: Callable[..., list[Finding]], field: str
) -> None:
    findings = found(sealed(mutated(made, ("quotes", 0, field))))
    assert matters(findings) == {Matter.QUOTE}
    assert all(finding.text.startswith("Citaat 1: ") for finding in findings)


def test_a_source_span_that_was_moved_fails(made: Content, found: Callable[..., list[Finding]]) -> None:
    for end in (0, 1):
        assert Matter.QUOTE in matters(found(sealed(mutated(made, ("quotes", 0, "source_spans", 0, end)))))


def test_made_up_words_with_a_hash_of_their_own_fail(made: Content, found: Callable[..., list[Finding]]) -> None:
    quote = made["quotes"][0]
    words = quote["quote"].replace("1,50", "9,50")
    assert words != quote["quote"]
    quote |= {"quote": words, "quote_sha256": hash_of(words)}
    findings = found(sealed(made))
    assert matters(findings) == {Matter.QUOTE}
    assert "staan niet meer zo in de bron" in findings[1].text


@pytest.mark.parametrize(
    ("way", "matter"),
    [
        (("index", "build"), Matter.INDEX),
        (("index", "recipe", "window"), Matter.INDEX),
        (("index", "model", "fingerprint"), Matter.MODEL),
        (("version",), Matter.VERSION),
    ],
)
def test_other_circumstances_are_told_apart_and_are_no_failure(
    made: Content, found: Callable[..., list[Finding]], way: tuple[Any, ...], matter: Matter
) -> None:
    findings = found(sealed(mutated(made, way)))
    assert [finding.matter for finding in findings] == [matter]
    assert not any(finding.fails for finding in findings)


def test_without_an_index_only_that_is_told(made: Content, found: Callable[..., list[Finding]]) -> None:
    assert matters(found(made, manifest=None)) == {Matter.INDEX}
    assert Matter.INDEX not in FAILURES


def test_a_source_that_changed_is_told_and_its_words_are_looked_for(
    made: Content, found: Callable[..., list[Finding]], sample: Document
) -> None:
    moved = read_document(sample.id, sample.title, sample.source.replace("Waarom dit plan", "Hoezo dit plan"))
    findings = found(made, moved)
    assert findings[0].matter is Matter.SOURCE
    assert all("staan er nog wel, op p. " in finding.text for finding in findings[1:])
    gone = read_document(sample.id, sample.title, sample.source.replace("1,50 euro", "2,50 euro"))
    texts = [finding.text for finding in found(made, gone)]
    assert any(text.startswith("De bron is veranderd") for text in texts)
    assert "Citaat 1: deze woorden staan niet meer zo in de bron." in texts


def test_a_reader_that_cuts_otherwise_is_no_fault_of_the_source(made: Content, sample: Document) -> None:
    shifted = replace(sample, text=f" {sample.text}")
    findings = verify(sealed(made), {sample.id: shifted}, None, "nieuwer")
    assert not any(finding.fails for finding in findings)
    assert Matter.VERSION in matters(findings)
    assert any(finding.fails for finding in verify(made, {sample.id: shifted}, None, RECIPE.reader))


def test_a_refusal_is_evidence_too(fake_sample_answerer: Answerer, found: Callable[..., list[Finding]]) -> None:
    content = evidence(fake_sample_answerer.index, fake_sample_answerer.answer("Hallo"))
    assert (content["status"], content["quotes"]) == ("refused", [])
    assert found(content) == []
    other = read_document("x", "x", "Iets anders.")
    assert matters(found(content, other)) == {Matter.SOURCE}


def test_the_instruction_of_a_language_model_is_kept_and_compared(
    fake_sample_answerer: Answerer, answer: Answer, found: Callable[..., list[Finding]]
) -> None:
    sentence = WrittenSentence("Een rit kost 1,50 euro.", (1,), Level.SUPPORTED)
    written = Written((sentence,), "model-x", load_prompt("antwoord").sha256, Usage())
    content = evidence(fake_sample_answerer.index, replace(answer, written=written))
    assert content["written"]["prompt"] == load_prompt("antwoord").sha256
    assert found(content) == []
    content["written"]["prompt"] = "0" * 16
    assert matters(found(sealed(content))) == {Matter.INSTRUCTION}


def test_the_seal_does_not_depend_on_how_json_is_written(made: Content) -> None:
    turned = {name: made[name] for name in reversed(made)}
    assert seal_of(json.loads(json.dumps(turned, indent=4, ensure_ascii=True))) == made[SEAL]
    assert seal_of({"score": 1.0}) == seal_of({"score": 1})  # as JavaScript writes it
    assert seal_of({"score": 1.0}) != seal_of({"score": 1.5})


def test_a_file_of_evidence_can_be_checked_with_the_document_beside_it(
    made: Content, tmp_path: Path, sample: Document
) -> None:
    path, settings = tmp_path / "bewijs.json", Settings(index=tmp_path / "geen")
    write_evidence(path, made)
    renamed = tmp_path / "andere naam.txt"
    renamed.write_text(sample.source, encoding="utf-8")
    assert show_findings(path, verify_file(path, [renamed], settings))
    renamed.write_text(sample.source.replace("1,50", "9,50"), encoding="utf-8")
    assert not show_findings(path, verify_file(path, [renamed], settings))
    with pytest.raises(InputError, match="--document"):
        verify_file(path, [], settings)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b'{"format": "x"}', b'{"index": {}}', b"\xff\xfe\x00"])
def test_what_is_no_evidence_is_told_in_dutch(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bewijs.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match="bewijs"):
        verify_file(path, [], Settings(index=tmp_path / "geen"))


def test_evidence_is_written_whole_or_not_at_all(
    made: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bewijs.json"
    path.write_text("oud")

    def fail(*_any: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(BronvastError, match="No space"):
        write_evidence(path, made)
    monkeypatch.undo()
    assert [one.name for one in tmp_path.iterdir()] == ["bewijs.json"]
    assert path.read_text() == "oud"
    with pytest.raises(BronvastError, match="ander"):
        write_evidence(tmp_path / "weg" / "bewijs.json", made)


def test_the_command_writes_and_checks(
    fake_sample_answerer: Answerer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.answerer_for", lambda: fake_sample_answerer)
    monkeypatch.setenv("BRONVAST_INDEX", str(tmp_path / "geen"))
    run, path, source = CliRunner(), tmp_path / "b.json", str(sample_documents()[0])
    assert run.invoke(app, ["ask", QUESTION, "--bewijs", str(path)]).exit_code == 0
    assert run.invoke(app, ["verify", str(path), "--document", source]).exit_code == 0
    path.write_text(path.read_text(encoding="utf-8").replace("1,50", "9,50"), encoding="utf-8")
    assert run.invoke(app, ["verify", str(path), "--document", source]).exit_code == 1
    wrong = run.invoke(app, ["ask", "--batch", "in", "--out", "uit", "--bewijs", str(path)])
    assert isinstance(wrong.exception, InputError)
    nowhere = run.invoke(app, ["ask", QUESTION, "--bewijs", str(tmp_path / "weg" / "b.json")])
    assert isinstance(nowhere.exception, InputError)


@pytest.mark.parametrize("asked", [{"question": QUESTION, "earlier": ["Hallo"]}, {"turns": ["Hallo", QUESTION]}])
def test_the_service_gives_the_same_evidence_on_demand(
    fake_sample_answerer: Answerer, asked: Content, found: Callable[..., list[Finding]]
) -> None:
    client = client_of(fake_sample_answerer)
    plain = client.post("/v1/antwoorden", json=asked).json()
    body = client.post("/v1/antwoorden", json=asked | {"evidence": True}).json()
    assert "evidence" not in plain
    content = body.pop("evidence")
    run = ("id", "tookMs")
    assert {k: v for k, v in body.items() if k not in run} == {k: v for k, v in plain.items() if k not in run}
    assert found(content) == []
    same = evidence(fake_sample_answerer.index, fake_sample_answerer.answer(QUESTION, ["Hallo"]), ["Hallo"])
    once = ("time", SEAL)
    assert {k: v for k, v in content.items() if k not in once} == {k: v for k, v in same.items() if k not in once}


def test_evidence_of_another_index_than_answered_is_never_given(
    fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(fake_sample_answerer)
    monkeypatch.setattr("api.pool.Answered.build", property(lambda _self: "ander", lambda *_any: None), raising=False)
    response = client.post("/v1/antwoorden", json={"question": QUESTION, "evidence": True})
    assert response.status_code == 503
    assert "net vervangen" in response.json()["detail"]


def test_evidence_comes_in_events_as_well(fake_sample_answerer: Answerer) -> None:
    client = client_of(fake_sample_answerer)
    asked = {"question": QUESTION, "evidence": True}
    text = client.post("/v1/antwoorden", json=asked, headers={"Accept": "text/event-stream"}).text
    last = next(part for part in text.split("\n\n") if part.startswith("event: antwoord"))
    assert json.loads(last.split("data: ", 1)[1])["evidence"]["question"] == QUESTION
