"""Asking and serving as a user does: in an empty folder, with the real model."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from fakes import QUICK, run_in

RECORD = {"id", "status", "reason", "answer", "confidence", "citations", "passages", "took_ms"}
CITATION = {
    "quote", "document", "section", "sections", "heading", "page", "footnote", "passage_id",
    "start", "end", "source_start", "source_end",
}  # fmt: skip
PASSAGE = {"id", "text", "section", "sections", "heading", "page", "score"}


def test_ask_for_people(folder: Path) -> None:
    done = run_in(folder, "ask", "Hoeveel banen verdwenen er door de zuivelfabriek?")
    assert done.returncode == 0
    assert "430 banen" in done.stdout
    assert "deel 4, Werk, Het vertrek van de zuivelfabriek (p. 4)" in done.stdout
    assert "Document: Evaluatie regioplan veenkamp" in done.stderr


def test_ask_for_programs_keeps_the_contract(folder: Path) -> None:
    record = json.loads(run_in(folder, "ask", "--json", "Wat kost een rit met de buurtbus?").stdout)
    assert set(record) >= RECORD
    assert record["status"] == "answered"
    assert record["reason"] == ""
    assert 0 <= record["confidence"] <= 1
    for citation in record["citations"]:
        assert set(citation) >= CITATION
    assert record["citations"][0]["section"] == "2"
    assert record["citations"][0]["page"] == 2
    for passage in record["passages"]:
        assert set(passage) == PASSAGE
    scores = [passage["score"] for passage in record["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_a_refusal_is_no_failure(folder: Path) -> None:
    done = run_in(folder, "ask", "--json", "Hoe bak ik pannenkoeken?")
    record = json.loads(done.stdout)
    assert done.returncode == 0
    assert (record["status"], record["reason"], record["citations"]) == ("refused", "andere-onderwerp", [])


def test_a_batch_keeps_order_and_contract(folder: Path, tmp_path: Path, sample) -> None:  # type: ignore[no-untyped-def]
    lines = [
        {"id": "b", "question": "Wie is wethouder van Meerwaard?"},
        {"id": "a", "turns": ["Wat is de buurtbus?", "Hoeveel vrijwilligers heeft de buurtbus in 2022?"]},
        {"id": "leeg", "question": ""},
        {"id": "c", "question": "Hoe vang ik een vis?"},
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    done = run_in(folder, "ask", "--batch", str(source), "--out", str(target))
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [record["id"] for record in records] == ["b", "a", "leeg", "c"]
    assert [record["status"] for record in records] == ["answered", "answered", "refused", "refused"]
    assert records[2]["reason"] == "ongeldige-invoer"
    assert "Siem Roelfsma" in records[0]["citations"][0]["quote"]
    for record in records:
        assert set(record) >= RECORD
        for citation in record["citations"]:
            assert sample.text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_wrong_batch_names_every_line_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"id": "1", "question": "Wat?"}\n{kapot\n{"question": "Wie?"}\n{"id": "4"}\n[]\n', encoding="utf-8"
    )
    target.write_text("oud")
    done = run_in(folder, "ask", "--batch", str(source), "--out", str(target))
    assert done.returncode == 2
    assert all(f"regel {number}" in done.stderr for number in (2, 3, 4, 5))
    assert target.read_text() == "oud"
    assert list(tmp_path.iterdir()) == [source, target] or set(tmp_path.iterdir()) == {source, target}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask",), "Geef één vraag"),
        (("ask", "Wat?", "--batch", "x"), "Geef één vraag"),
        (("ask", "--batch", "weg.jsonl", "--out", "uit.jsonl"), "kan dit bestand niet lezen"),
        (("index", "weg"), "bestaat niet"),
        (("eval", "weg.jsonl"), "kan dit bestand met gouden vragen niet lezen"),
    ],
)
def test_wrong_use_is_told_in_dutch_with_exit_code_2(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run_in(folder, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_are_wrong_are_named(folder: Path, tmp_path: Path) -> None:
    done = run_in(folder, "ask", "Wat?", BRONVAST_THREADS="veel")
    assert done.returncode == 2
    assert "threads" in done.stderr
    file = tmp_path / "eigen.toml"
    file.write_text("vensters = 3\n")
    done = run_in(folder, "ask", "Wat?", BRONVAST_CONFIG=str(file))
    assert done.returncode == 2
    assert "vensters" in done.stderr
    file.write_text("= kapot")
    assert run_in(folder, "ask", "Wat?", BRONVAST_CONFIG=str(file)).returncode == 2
    assert run_in(folder, "ask", "Wat?", BRONVAST_CONFIG=str(tmp_path / "weg.toml")).returncode == 2


def test_the_service_starts_shows_an_example_answers_and_stops(folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--example", "--port", str(port)],
        cwd=folder, env=os.environ | QUICK, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        response = None
        for _ in range(300):
            with suppress(httpx.TransportError):
                response = httpx.post(f"http://127.0.0.1:{port}/v1/antwoorden", json={"question": "Wat kost een rit?"})
                break
            time.sleep(0.1)
        assert response is not None
        assert "1,50 euro" in response.json()["citations"][0]["quote"]
    finally:
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Vraag: Hoeveel mensen reisden er in 2022 met de buurtbus?" in output
    assert "(p. 2)" in output
    assert "Bronvast is gestopt." in errors
    assert "Traceback" not in errors


def test_an_address_in_use_is_told_before_anything_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run_in(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert "Documenten uit" not in done.stderr


def test_answering_imports_no_more_than_it_needs(folder: Path) -> None:
    code = (
        "import sys; from api.console import answerer_for; print(answerer_for().answer('Wat kost een rit?').status); "
        "print([m for m in ('llama_index', 'torch', 'transformers', 'pandas', 'fastapi') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=os.environ | QUICK, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["answered", "[]"]


def test_what_keeps_the_answering_processes_from_starting_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = run_in(folder, "serve", "--port", str(port), BRONVAST_RERANKER=str(tmp_path / "leeg"))
    assert done.returncode == 4
    assert "laat de instelling reranker leeg" in done.stderr
    assert "luistert" not in done.stderr
    assert "Traceback" not in done.stderr


def test_help_is_dutch(tmp_path: Path) -> None:
    done = run_in(tmp_path, "--help")
    assert "Opdrachten" in done.stdout
    for command in ("index", "ask", "serve", "eval"):
        assert command in done.stdout
