"""Who may ask, how often and how much, and what bad input gets: the right status, a problem document, no loss."""

import json
import logging
import re
import socket
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import protocol
from api.guard import is_loopback
from api.keys import make_key, read_keys, who
from api.rates import MOST_ASKERS, Rates
from api.record import JsonLines
from api.serve import check_access
from corpus.errors import InputError
from fakes import run_in
from live import client_of, listening, local
from qa.answer import Answerer
from qa.settings import Settings

PROBLEM = "application/problem+json"
ASK = {"question": "Wat kost een rit met de buurtbus?"}
MARKER = "zonderlingmerkwoord"


def test_a_key_opens_and_its_hash_does_not_tell_it() -> None:
    key, line = make_key("intranet")
    known = read_keys([line])
    assert key not in line
    assert who(f"Bearer {key}", known) == "intranet"
    assert who("Basic " + b64encode(f"iemand:{key}".encode()).decode(), known) == "intranet"
    for wrong in ("", "Bearer", "Bearer x", f"Digest {key}", "Basic %%%", "Basic " + b64encode(b"\xff").decode(), key):
        assert who(wrong, known) is None
    for name in ("", "een naam", "x" * 65, "naam:"):
        with pytest.raises(InputError):
            make_key(name)
    with pytest.raises(InputError):
        read_keys(["intranet:geheim"])


def test_the_command_prints_a_key_and_the_line_for_the_settings(tmp_path: Path) -> None:
    done = run_in(tmp_path, "sleutel", "maak", "intranet")
    line = re.search(r'keys = \["(.*)"\]', done.stderr)
    assert line is not None
    assert who(f"Bearer {done.stdout.strip()}", read_keys([line[1]])) == "intranet"


def test_with_keys_everything_that_tells_something_needs_one(fake_sample_answerer: Answerer) -> None:
    key, line = make_key("test")
    client = client_of(fake_sample_answerer, keys=(line,))
    for path in ("/", "/v1/documenten", "/metrics", "/v1/models", "/v1/documenten/x/bestand"):
        response = client.get(path)
        assert response.status_code == 401, path
        assert response.headers["www-authenticate"]
    for path in ("/v1/antwoorden", "/v1/chat/completions", "/mcp", "/"):
        assert client.post(path, json=ASK).status_code == 401, path
    assert client.post("/v1/antwoorden", json=ASK, headers={"authorization": f"Bearer {key}"}).status_code == 200
    for path in ("/healthz", "/readyz", "/v1/openapi.json", "/v1/documentatie"):
        assert client.get(path).status_code == 200, path
    assert client_of(fake_sample_answerer, keys=(line,), open=True).get("/v1/documenten").status_code == 200


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ({"host": "127.0.0.1"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "192.168.1.4"}, False),
        ({"host": "0.0.0.0", "open": True}, True),
        ({"host": "0.0.0.0", "keys": (make_key("a")[1],)}, True),
        ({"host": "127.0.0.1", "keys": ("kapot",)}, False),
    ],
)
def test_a_network_is_not_answered_without_keys_unless_chosen(settings: dict, allowed: bool) -> None:
    assert is_loopback(settings["host"]) == (settings["host"] == "127.0.0.1")
    if allowed:
        check_access(Settings(**settings))
    else:
        with pytest.raises(InputError):
            check_access(Settings(**settings))


def test_a_bucket_lets_so_many_through_and_fills_evenly() -> None:
    now = 0.0
    rates = Rates(60, lambda: now)
    assert [rates.wait("a") for _ in range(61)] == [0.0] * 60 + [1.0]
    assert rates.wait("b") == 0.0
    now = 1.0
    assert (rates.wait("a"), rates.wait("a")) == (0.0, 1.0)
    now = 1000.0
    assert [rates.wait("a") for _ in range(61)].count(0.0) == 60
    for number in range(MOST_ASKERS + 5):
        rates.wait(str(number))
    assert len(rates._buckets) == MOST_ASKERS
    assert Rates(0).wait("a") == 0.0


def test_who_asks_too_often_is_told_when_to_come_back(fake_sample_answerer: Answerer) -> None:
    client = client_of(fake_sample_answerer, rate=2)
    statuses = [client.post("/v1/antwoorden", json=ASK).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    response = client.get("/v1/documenten")
    assert int(response.headers["retry-after"]) >= 1
    assert response.headers["content-type"] == PROBLEM
    assert client.get("/healthz").status_code == 200


def test_host_and_origin_that_are_not_ours_are_refused(fake_sample_answerer: Answerer) -> None:
    client = client_of(fake_sample_answerer)
    assert client.get("/v1/documenten", headers={"host": "kwaad.example"}).status_code == 400
    assert client.get("/v1/documenten", headers={"host": ""}).status_code == 400
    assert client.get("/v1/documenten", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/v1/documenten", headers={"host": "[::1]:8000"}).status_code == 200
    for origin in ("https://kwaad.example", "null", "http://testserver.kwaad.example", "x"):
        for path in ("/v1/antwoorden", "/mcp", "/"):
            assert client.post(path, json=ASK, headers={"origin": origin}).status_code == 403
    assert client.post("/v1/antwoorden", json=ASK, headers={"origin": "http://testserver"}).status_code == 200


DEEP = b'{"question": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"question": "' + b"x" * 5_000_000 + b'"}', 413),
        (b'{"question": "' + b"x" * 1_048_576 + b'"}', 413),
        (DEEP, 400),
        (b'{"question": "\xff\xfe"}', 400),
        (b'{"question": "\\ud800"}', 400),
        (b'{"question": "wat\\u0000is"}', 200),
        (b'{"question": "' + b"x" * 1_000_000 + b'"}', 200),  # too long for a question: refused as anywhere else
        (json.dumps({"turns": ["wat?"] * 10_000}).encode(), 400),
        (json.dumps({"turns": ["wat?"] * 50}).encode(), 200),
        (b'{"question": "a", "question": "b"}', 200),
        (b"[]", 400),
        (b"null", 400),
        (b"NaN", 400),
        (b'{"question": NaN}', 400),
        (b"\x00", 400),
    ],
)
def test_bad_input_gets_the_right_status(fake_sample_answerer: Answerer, content: bytes, status: int) -> None:
    client = client_of(fake_sample_answerer)
    response = client.post("/v1/antwoorden", content=content, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert response.headers["content-type"] == (PROBLEM if status >= 400 else "application/json")
    chat = client.post("/v1/chat/completions", content=content, headers={"content-type": "application/json"})
    assert chat.status_code in (400, 413)
    assert chat.json()["error"]["message"]
    assert client.post("/v1/antwoorden", json=ASK).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/v1/documenten/..%2f..%2fetc%2fpasswd",
        "/v1/documenten/..%2f..%2fetc%2fpasswd/bestand",
        "/v1/documenten/evaluatie-regioplan-veenkamp/passages/..%2f..%2f..",
        "/v1/documenten/%00/bestand",
        "//etc/passwd",
        "/v1//documenten",
        "/%0d%0aset-cookie:x=1",
    ],
)
def test_tricks_with_paths_find_nothing(fake_sample_answerer: Answerer, path: str) -> None:
    response = client_of(fake_sample_answerer).get(path)
    assert response.status_code == 404
    assert "set-cookie" not in response.headers
    assert "root:" not in response.text


def test_a_document_that_changed_is_not_handed_out(fake_sample_answerer: Answerer) -> None:
    service = local(fake_sample_answerer)
    manifest = service.answerer.index.manifest
    entry = manifest["documents"][0]
    client = client_of(fake_sample_answerer)
    address = f"/v1/documenten/{entry['id']}/bestand"
    assert client.get(address).content == Path(entry["file"]).read_bytes()
    before = dict(entry)
    try:
        entry["file_sha256"] = "0" * 64
        assert client.get(address).status_code == 404
        entry["file"] = "/weg/weg.txt"
        assert client.get(address).status_code == 404
    finally:
        entry.update(before)


def _raw(address: str, content: bytes, wait: float = 5) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=wait) as connection:
        connection.sendall(content)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)


@pytest.fixture(scope="module")
def address(fake_sample_answerer: Answerer) -> Iterator[str]:
    with listening(local(fake_sample_answerer, hosts=("127.0.0.1",), body_seconds=0.3)) as address:
        yield address


HEAD = b"POST /v1/antwoorden HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\r\n b\x00c\r\n\r\n", 400),
        (b"ONZIN\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Lang: " + b"x" * 100_000 + b"\r\n\r\n", 431),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400),
        (HEAD + b"Content-Length: 100\r\n\r\n{", 408),
        (b"GET /v1/documenten HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
    ],
)
def test_what_is_no_good_http_is_a_problem_document_too(address: str, content: bytes, status: int) -> None:
    head, _, body = _raw(address, content).partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == str(status).encode()
    assert PROBLEM.encode() in head.lower()
    assert json.loads(body)["status"] == status


def test_a_client_that_sends_no_header_is_let_go(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    started = time.monotonic()
    assert _raw(address, b"GET / HTTP/1.1\r\nHost: 127") == b""
    assert 0.2 < time.monotonic() - started < 4


def test_a_second_request_gets_no_more_time_than_the_first(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.3)
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=4) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        first = b""
        while not first.endswith(b"\r\n\r\nok\n"):
            first += connection.recv(65536)
        assert first.startswith(b"HTTP/1.1 200")
        for piece in (b"GET / ", b"HTTP", b"/1.1"):
            connection.sendall(piece)
        assert connection.recv(65536) == b""


def test_nothing_of_a_question_or_its_asker_is_logged_counted_or_traced(
    fake_sample_answerer: Answerer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from api.app import create_app
    from api.tracing import trace_with

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    service = local(fake_sample_answerer)
    service.trace = trace_with(provider)
    client = TestClient(create_app(service), raise_server_exceptions=False)
    caplog.set_level(logging.DEBUG, "bronvast.dienst")
    question = f"Wat is {MARKER}?"
    chat = {"model": "bronvast", "messages": [{"role": "user", "content": question}]}
    with client:
        client.post("/v1/antwoorden", json={"question": question})
        client.post("/v1/antwoorden", json=ASK)
        client.post("/v1/antwoorden", json={MARKER: 1})
        client.post("/v1/antwoorden", json={"question": question}, headers={"accept": "text/event-stream"})
        client.post("/v1/chat/completions", json=chat)
        client.post("/", data={"question": question})
        client.get(f"/{MARKER}")
        client.get(f"/v1/documenten/{MARKER}")
        client.get("/v1/documenten", headers={"host": MARKER})

        def fail(*_question: object) -> None:
            raise RuntimeError(question)

        monkeypatch.setattr(Answerer, "answer", fail)
        client.post("/v1/antwoorden", json={"question": question})
        figures = client.get("/metrics").text
    lines = [JsonLines().format(record) for record in caplog.records if record.name == "bronvast.dienst"]
    assert len(lines) == 10
    spans = [span.to_json() for span in exporter.get_finished_spans()]
    assert len(spans) == 5 * 3
    for text in (*lines, *spans, figures):
        assert MARKER not in text
        assert "testclient" not in text
        assert "buurtbus" not in text
    records = [json.loads(line) for line in lines]
    assert {"id", "time", "route", "status", "ms", "result", "reason", "quotes"} <= set(records[1])
    assert records[-1]["error"] == "RuntimeError"
    assert any("test_guard" in place for place in records[-1]["at"])
    assert re.search(r'bronvast_antwoorden_total\{reden="[a-z-]+",status="refused"\} 4\.0', figures)
    for stage in ("wachtrij", "zoeken_en_citeren"):
        assert f'bronvast_fase_seconds_count{{fase="{stage}"}}' in figures
    assert "bronvast_index_leeftijd_seconds" in figures


def test_answers_are_kept_only_when_chosen_and_no_longer(fake_sample_answerer: Answerer, tmp_path: Path) -> None:
    client_of(fake_sample_answerer, keep_folder=tmp_path / "a").post("/v1/antwoorden", json=ASK)
    assert not (tmp_path / "a").exists()
    folder = tmp_path / "b"
    folder.mkdir()
    today = datetime.now(UTC).date()
    for days in (1, 2, 400):
        (folder / f"{today - timedelta(days=days)}.jsonl").write_text("oud\n")
    (folder / "iets-anders.jsonl").write_text("blijft\n")
    body = client_of(fake_sample_answerer, keep_folder=folder, keep_days=2).post("/v1/antwoorden", json=ASK).json()
    names = {file.name for file in folder.iterdir()}
    assert names == {f"{today}.jsonl", f"{today - timedelta(days=1)}.jsonl", "iets-anders.jsonl"}
    kept = json.loads((folder / f"{today}.jsonl").read_text(encoding="utf-8"))
    assert (kept["id"], kept["question"], kept["status"]) == (body["id"], ASK["question"], "answered")
