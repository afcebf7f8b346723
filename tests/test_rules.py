"""The Dutch API Design Rules (2.1), over live responses and the OpenAPI document."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from api.schema import EXAMPLE_PASSAGE
from live import client_of
from qa.answer import Answerer

QUESTION = {"question": "Wat kost een rit met de buurtbus?"}
DOCUMENT = "/v1/documenten/evaluatie-regioplan-veenkamp"
SITE = "https://intranet.example"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def client(fake_sample_answerer: Answerer) -> TestClient:
    return client_of(fake_sample_answerer, origins=(SITE,), contact="informatiepunt@gemeente.example")


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict:
    return client.get("/v1/openapi.json").json()


@pytest.fixture(scope="module")
def responses(client: TestClient) -> dict[str, Response]:
    """One response of every kind."""
    ask = {"url": "/v1/antwoorden", "json": QUESTION}
    return {
        "answer": client.post(**ask),
        "events": client.post(**ask, headers={"accept": "text/event-stream"}),
        "documents": client.get("/v1/documenten"),
        "document": client.get(DOCUMENT),
        "file": client.get(f"{DOCUMENT}/bestand"),
        "description": client.get("/v1/openapi.json"),
        "400": client.post("/v1/antwoorden", json={}),
        "403": client.post(**ask, headers={"origin": "https://elders.example"}),
        "404": client.get("/v1/weg"),
        "405": client.get("/v1/antwoorden"),
        "406": client.post(**ask, headers={"accept": "text/csv"}),
        "413": client.post("/v1/antwoorden", json={"question": "x" * 1_100_000}),
        "415": client.post("/v1/antwoorden", content="vraag"),
        "outside 404": client.get("/weg"),
        "outside 405": client.put("/healthz"),
    }


def errors(responses: dict[str, Response]) -> Iterator[tuple[str, Response]]:
    yield from ((name, one) for name, one in responses.items() if one.status_code >= 400)


def test_each_error_has_the_status_it_should(responses: dict[str, Response]) -> None:
    for name, response in errors(responses):
        assert str(response.status_code) in name


# /core/uri-version, /core/publish-openapi
def test_the_document_is_public_under_the_version(client: TestClient, described: dict) -> None:
    response = client.get("/v1/openapi.json", headers={"origin": "https://elders.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-type"] == "application/json"
    assert described["openapi"].startswith("3.")
    assert described["servers"][0]["url"] == "/v1"


# /core/no-trailing-slash
@pytest.mark.parametrize(
    "path", ["/v1/", "/v1/documenten/", f"{DOCUMENT}/", "/v1/antwoorden/", "/v1/evaluaties/laatste/", "/healthz/"]
)
def test_a_trailing_slash_is_not_found(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert client.request(method, path, json=QUESTION, follow_redirects=False).status_code == 404


# /core/path-segments-kebab-case, /core/naming-resources, /core/query-keys-camel-case
def test_names_are_dutch_kebab_and_camel_case(described: dict) -> None:
    words = {segment for path in described["paths"] for segment in path.split("/") if not segment.startswith("{")}
    assert words - {""} == {"antwoorden", "documenten", "passages", "bestand", "evaluaties", "laatste"}
    parameters = [p for item in described["paths"].values() for o in item.values() for p in o.get("parameters", [])]
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9]*", parameter["name"]) for parameter in parameters)
    fields = {name for schema in described["components"]["schemas"].values() for name in schema["properties"]}
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9]*", name) for name in fields)


# /core/error-handling/problem-details
def test_every_error_is_a_problem_document_in_dutch(responses: dict[str, Response]) -> None:
    for _name, response in errors(responses):
        assert response.headers["content-type"] == PROBLEM
        body = response.json()
        assert body["status"] == response.status_code
        assert body["title"]
        assert body["detail"]
        assert not re.search(r"\b(the|not|should|invalid|request|field)\b", f"{body['title']} {body['detail']}", re.I)


# /core/error-handling/invalid-input
def test_wrong_input_names_every_fault_at_once(client: TestClient) -> None:
    body = client.post("/v1/antwoorden", json={"question": 3, "earlier": "x", "vraag": 1}).json()
    assert {error["in"] for error in body["errors"]} == {"inhoud: question", "inhoud: earlier", "inhoud: vraag"}
    assert "422" not in str(client.get("/v1/openapi.json").json()["paths"])


# /core/version-header, /core/semver
def test_every_response_has_the_version(responses: dict[str, Response], described: dict) -> None:
    assert re.fullmatch(r"1\.\d+\.\d+", described["info"]["version"])
    for name, response in responses.items():
        if not name.startswith("outside"):
            assert response.headers["api-version"] == described["info"]["version"], name


# /core/doc-openapi-contact, /core/doc-language
def test_the_document_says_whom_to_ask_and_is_dutch(described: dict) -> None:
    contact = described["info"]["contact"]
    assert contact["email"] == "informatiepunt@gemeente.example"
    assert contact["url"].startswith("http")
    assert contact["name"]
    for item in described["paths"].values():
        for operation in item.values():
            assert operation["summary"]
            assert operation["description"]
            assert operation["tags"]
            assert {"400", "404", "429", "500"} <= set(operation["responses"])
            for response in operation["responses"].values():
                assert "API-Version" in response["headers"]
    for name, schema in described["components"]["schemas"].items():
        assert schema["description"], name


def test_the_examples_are_accepted(client: TestClient, described: dict) -> None:
    schemas = described["components"]["schemas"]
    examples = [*schemas["QuestionIn"]["examples"], *schemas["ConversationIn"]["examples"]]
    assert len(examples) == 3
    for example in examples:
        assert client.post("/v1/antwoorden", json=example).status_code == 200


def test_the_example_passage_is_in_the_sample(client: TestClient) -> None:
    assert client.get(f"{DOCUMENT}/passages/{EXAMPLE_PASSAGE}").json()["heading"] == "De buurtbus"


# /core/transport/security-headers
def test_every_response_has_the_security_headers(responses: dict[str, Response]) -> None:
    for name, response in responses.items():
        headers = response.headers
        assert headers["cache-control"] == "no-store", name
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "max-age=31536000" in headers["strict-transport-security"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


# /core/transport/cors
def test_only_listed_sites_may_read_answers(client: TestClient) -> None:
    ask = {"url": "/v1/antwoorden", "json": QUESTION}
    assert client.post(**ask, headers={"origin": SITE}).headers["access-control-allow-origin"] == SITE
    assert "access-control-allow-origin" not in client.post(**ask).headers
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    allowed = client.options("/v1/antwoorden", headers={"origin": SITE, **asks})
    assert allowed.status_code == 200
    assert "access-control-allow-credentials" not in allowed.headers
    for origin, method in (("https://elders.example", "POST"), (SITE, "DELETE")):
        wish = {**asks, "origin": origin, "access-control-request-method": method}
        refused = client.options("/v1/antwoorden", headers=wish)
        assert refused.status_code == 403
        assert refused.headers["content-type"] == PROBLEM
        assert "access-control-allow-origin" not in refused.headers
    full = client.post("/v1/antwoorden", json={}, headers={"origin": SITE})
    assert full.headers["access-control-allow-origin"] == SITE  # a page may also read what went wrong


# /core/transport/no-sensitive-uris
def test_a_question_never_stands_in_an_address(client: TestClient, described: dict) -> None:
    assert list(described["paths"]["/antwoorden"]) == ["post"]
    assert client.post("/v1/antwoorden?question=geheim", json={}).status_code == 400


# /core/http-methods, /core/http-response-code
def test_methods_that_are_not_there_are_told_which_are(client: TestClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        response = client.request(method, "/v1/antwoorden")
        assert response.status_code == 405
        assert response.headers["allow"] == "POST"
    assert client.post("/v1/documenten").headers["allow"] == "GET"


# /core/date-time
def test_times_are_utc(client: TestClient) -> None:
    indexed = client.get("/v1/documenten").json()["indexed"]
    assert indexed.endswith("Z")
    assert datetime.fromisoformat(indexed).utcoffset().total_seconds() == 0  # type: ignore[union-attr]


# /core/hide-implementation
def test_a_fault_says_nothing_of_itself(fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_question: object) -> None:
        raise RuntimeError("geheim pad /root")

    client = client_of(fake_sample_answerer)
    monkeypatch.setattr(Answerer, "answer", fail)
    response = client.post("/v1/antwoorden", json=QUESTION)
    assert response.status_code == 500
    assert response.headers["content-type"] == PROBLEM
    assert response.headers["api-version"]
    assert "geheim" not in response.text


def test_the_documentation_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/v1/documentatie")
    assert page.status_code == 200
    assert 'lang="nl"' in page.text
    assert "<script" not in page.text
    assert "require-trusted-types-for 'script'" in page.headers["content-security-policy"]
    links = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert {link for link in links if not link.startswith(("/", "mailto:"))} == set()
    assert client.get("/v1/documentatie/stijl").headers["content-type"].startswith("text/css")
    for path in client.get("/v1/openapi.json").json()["paths"]:
        assert f"/v1{path}" in page.text
