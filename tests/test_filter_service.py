"""Filters over HTTP, for OpenAI's clients, for assistants and on the command line."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from openai import NotFoundError, OpenAI

from api.current import Current
from api.pool import LocalWorker
from api.problems import RefusedError
from api.worker import ProcessWorker
from fakes import FakeEncoder, answerer_on, run_in
from live import client_of, listening, local
from qa.answer import Answerer
from qa.selection import EVERYTHING, Selection
from qa.settings import Settings
from reports import build_reports, write_reports

EARLY, LATE, LEAVE = "evaluatie-fietsplan-2018", "evaluatie-fietsplan-2022", "handreiking-verlof"
LENGTH = "Hoe lang is het fietspad langs de Wold?"
DATED = "Hoe lang is het fietspad in de evaluatie van 2018?"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return answerer_on(build_reports(tmp_path_factory.mktemp("stukken")), FakeEncoder())


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> TestClient:
    return client_of(answerer)


@pytest.fixture(scope="module")
def address(answerer: Answerer) -> Iterator[str]:
    with listening(local(answerer, hosts=("127.0.0.1",))) as address:
        yield address


def ask(client: TestClient, question: str = LENGTH, **more: Any) -> Any:
    return client.post("/v1/antwoorden", json={"question": question, **more})


def documents_in(message: Any) -> set[str]:
    return {one["document"] for one in [*message["citations"], *message["nearest"]]}


@pytest.mark.parametrize(
    ("chosen", "documents"),
    [
        ({"collectie": "verkeer"}, {EARLY, LATE}),
        ({"collectie": "HR & Organisatie"}, {LEAVE}),
        ({"documenten": [LATE]}, {LATE}),
        ({"jaar": 2018}, {EARLY}),
        ({"soort": "handreiking"}, {LEAVE}),
    ],
)
def test_a_question_may_choose_where_is_looked(client: TestClient, chosen: dict[str, Any], documents: set[str]) -> None:
    message = ask(client, **chosen).json()
    assert documents_in(message) <= documents
    given = message["filter"]
    assert {name: given[name] for name in chosen} == chosen
    assert (given["aantal"], given["woorden"]) == (len(documents), "")
    assert client.post("/v1/antwoorden", json={"turns": [LENGTH], **chosen}).json()["filter"] == given


def test_without_a_filter_the_message_is_as_it_was(client: TestClient, answerer: Answerer) -> None:
    message = ask(client).json()
    assert "filter" not in message
    assert [one["quote"] for one in message["citations"]] == [c.quote for c in answerer.answer(LENGTH).citations]


def test_a_filter_in_the_question_is_told_and_can_be_left_out(client: TestClient) -> None:
    message = ask(client, DATED).json()
    assert message["filter"] == {
        "collectie": "", "documenten": [], "jaar": 2018, "soort": "evaluatie", "aantal": 1,
        "woorden": "evaluatie van 2018",
    }  # fmt: skip
    assert documents_in(message) == {EARLY}
    without = ask(client, DATED, herkenFilter=False).json()
    assert "filter" not in without
    assert documents_in(without) > {EARLY}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"collectie": "zorg"}, "hr-organisatie, verkeer"),
        ({"documenten": [EARLY, "weg"]}, LEAVE),
        ({"jaar": 1999}, "2018, 2022"),
        ({"soort": "gedicht"}, "evaluatie, handreiking"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_is_not_there_is_a_problem_that_names_what_is(
    client: TestClient, wrong: dict[str, Any], told: str, accept: str
) -> None:
    response = client.post("/v1/antwoorden", json={"question": LENGTH, **wrong}, headers={"Accept": accept})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert told in response.json()["detail"]


@pytest.mark.parametrize("wrong", [{"collectie": 3}, {"documenten": "x"}, {"documenten": [""]}, {"jaar": "2018"}])
def test_a_filter_of_another_type_is_refused_by_its_field(client: TestClient, wrong: dict[str, Any]) -> None:
    response = ask(client, **wrong)
    assert response.status_code == 400
    assert next(iter(wrong)) in response.json()["errors"][0]["in"]


def test_a_worker_whose_index_lacks_what_is_chosen_says_so(answerer: Answerer) -> None:
    """The index may be replaced between the look at the border and the answer."""
    with pytest.raises(RefusedError, match="verkeer") as error:
        LocalWorker(Current(answerer)).answer(LENGTH, (), Selection(collection="zorg"))
    assert error.value.status == 404


@pytest.mark.model
def test_an_answering_process_says_so_too_and_goes_on(folder: Path) -> None:
    worker = ProcessWorker(Settings(index=folder / "var" / "index", threads=1), 60)
    while not worker.start():
        pass
    with pytest.raises(RefusedError, match="heeft geen collecties") as error:
        worker.answer(LENGTH, (), Selection(collection="zorg"))
    assert error.value.status == 404
    assert worker.answer("Wat kost een rit met de buurtbus?", (), EVERYTHING).answer.citations
    worker.close()


def test_documents_tell_their_collection_year_and_kind(client: TestClient) -> None:
    known = {d["id"]: (d["collectie"], d["jaar"], d["soort"]) for d in client.get("/v1/documenten").json()["documents"]}
    assert known[EARLY] == ("verkeer", 2018, "evaluatie")
    assert known[LEAVE] == ("hr-organisatie", None, "handreiking")


def test_each_collection_is_a_model(address: str) -> None:
    with OpenAI(base_url=f"{address}/v1", api_key="geen", max_retries=0) as client:
        names = ["bronvast", "bronvast/hr-organisatie", "bronvast/verkeer"]
        assert [model.id for model in client.models.list()] == names
        assert client.models.retrieve(names[1]).id == names[1]
        messages: Any = [{"role": "user", "content": "Wat betaalt de werkgever mee aan een fiets?"}]
        done = client.chat.completions.create(model=names[1], messages=messages).to_dict()
        assert done["model"] == names[1]
        assert documents_in(done["bronvast"]) == {LEAVE}
        for wrong in ("bronvast/zorg", "bronvast/", "bronvast/HR & Organisatie"):
            with pytest.raises(NotFoundError, match="bronvast/verkeer"):
                client.chat.completions.create(model=wrong, messages=messages)


def test_a_model_tells_which_filter_the_question_asked_for(address: str) -> None:
    with OpenAI(base_url=f"{address}/v1", api_key="geen", max_retries=0) as client:
        done = client.chat.completions.create(model="bronvast", messages=[{"role": "user", "content": DATED}])
        assert (done.choices[0].message.content or "").endswith("\n\nAlleen gezocht in: evaluatie van 2018.")


def test_an_assistant_may_choose_where_is_looked(address: str) -> None:
    async def run() -> list[Any]:
        async with streamable_http_client(f"{address}/mcp") as streams, ClientSession(*streams[:2]) as session:
            await session.initialize()
            return [
                await session.call_tool("vraag", {"vraag": LENGTH, "documenten": [LATE]}),
                await session.call_tool("zoek", {"vraag": LENGTH, "collectie": "hr-organisatie"}),
                await session.call_tool("vraag", {"vraag": LENGTH, "collectie": "zorg"}),
            ]

    asked, found, wrong = asyncio.run(run())
    assert documents_in(asked.structured_content) == {LATE}
    assert asked.structured_content["filter"]["aantal"] == 1
    assert {one["id"].split("/")[0] for one in found.structured_content["passages"]} == {LEAVE}
    assert wrong.is_error
    assert "verkeer" in wrong.content[0].text


@pytest.mark.model
def test_the_command_line_searches_where_it_is_told(tmp_path: Path) -> None:
    made = run_in(tmp_path, "index", str(write_reports(tmp_path / "stukken")))
    assert made.returncode == 0, made.stderr

    def record(*options: str) -> Any:
        done = run_in(tmp_path, "ask", "--json", *options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert documents_in(record(LENGTH, "--document", LATE)) == {LATE}
    assert documents_in(record(LENGTH, "--collectie", "hr-organisatie")) <= {LEAVE}
    assert record(DATED)["filter"]["woorden"] == "evaluatie van 2018"
    assert "filter" not in record(DATED, "--geen-filter")
    assert "Alleen gezocht in: evaluatie van 2018." in run_in(tmp_path, "ask", DATED).stdout
    wrong = run_in(tmp_path, "ask", LENGTH, "--collectie", "zorg")
    assert wrong.returncode == 2
    assert "Kies uit: hr-organisatie, verkeer." in wrong.stderr
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "1", "question": LENGTH}) + "\n", encoding="utf-8")
    batch = run_in(tmp_path, "ask", "--batch", "in.jsonl", "--out", "uit.jsonl", "--collectie", "verkeer")
    assert batch.returncode == 0, batch.stderr
    assert documents_in(json.loads((tmp_path / "uit.jsonl").read_text(encoding="utf-8"))) <= {EARLY, LATE}
