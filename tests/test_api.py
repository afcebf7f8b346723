"""The HTTP service, in process."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from live import local
from qa.answer import Answerer


@pytest.fixture
def client(sample_answerer: Answerer) -> TestClient:
    return TestClient(create_app(local(sample_answerer)))


QUESTION = "Wat kost een rit met de buurtbus?"


def test_a_question_gets_the_same_answer_as_in_process(client: TestClient, sample_answerer: Answerer) -> None:
    body = client.post("/v1/antwoorden", json={"question": QUESTION}).json()
    answer = sample_answerer.answer(QUESTION)
    assert body["answer"] == answer.text
    assert [citation["quote"] for citation in body["citations"]] == [citation.quote for citation in answer.citations]
    first = body["citations"][0]
    assert (first["section"], first["page"]) == ("2", 2)
    assert {"passageId", "sourceStart", "sourceEnd"} <= set(first)
    assert len(body["passages"]) == 10
    assert body["tookMs"] >= 0


def test_a_refusal_has_status_200_and_no_quotes(client: TestClient) -> None:
    response = client.post("/v1/antwoorden", json={"question": "Hoe bak ik pannenkoeken?"})
    assert response.status_code == 200
    assert (response.json()["status"], response.json()["citations"]) == ("refused", [])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b'{"vraag": "x"}', "application/json"),
        (b'{"question": ""}', "application/json"),
        (b'{"question": 3}', "application/json"),
        (b'{"question": "x", "extra": 1}', "application/json"),
    ],
)
def test_wrong_input_is_a_problem_document(client: TestClient, content: bytes, kind: str) -> None:
    response = client.post("/v1/antwoorden", content=content, headers={"content-type": kind})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert {"status", "title", "detail"} <= set(response.json())


def test_other_content_than_json_is_refused(client: TestClient) -> None:
    response = client.post("/v1/antwoorden", data={"question": QUESTION})
    assert response.status_code == 415
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/weg", 404), ("GET", "/v1/antwoorden", 405), ("GET", "/v1/", 404)]
)
def test_what_is_not_there_is_a_problem_document(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_page_asks_and_shows_quotes_without_javascript(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert '<form class="ask" method="post" action="/">' in page.text
    answer = client.post("/", data={"question": QUESTION})
    assert "1,50 euro" in answer.text
    assert "deel 2, Voorzieningen en vervoer, De buurtbus (p. 2)" in answer.text


def test_the_page_shows_a_question_as_text_only(client: TestClient) -> None:
    page = client.post("/", data={"question": "<script>alert(1)</script> buurtbus?"})
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


def test_every_page_is_locked_down(client: TestClient) -> None:
    for response in (client.get("/"), client.get("/weg"), client.post("/v1/antwoorden", json={})):
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"


def test_a_fault_says_nothing_of_itself(sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_question: object) -> None:
        raise RuntimeError("geheim pad /root")

    monkeypatch.setattr(sample_answerer, "answer", fail)
    client = TestClient(create_app(local(sample_answerer)), raise_server_exceptions=False)
    response = client.post("/v1/antwoorden", json={"question": QUESTION})
    assert response.status_code == 500
    assert "geheim" not in response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_the_interface_is_described(client: TestClient) -> None:
    described = client.get("/v1/openapi.json").json()
    assert "/antwoorden" in described["paths"]
    assert "/" not in described["paths"]
