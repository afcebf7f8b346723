"""The OpenAI-compatible addresses, asked by the clients that people use."""

import json
from collections.abc import Iterator

import httpx
import pytest
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike
from lxml import html
from openai import AuthenticationError, BadRequestError, NotFoundError, OpenAI, UnprocessableEntityError

from api.keys import make_key
from live import listening, local
from qa.answer import Answerer

QUESTION = "Wat kost een rit met de buurtbus?"
NOWHERE = "Hoe bak ik pannenkoeken?"
ASK = {"model": "bronvast", "messages": [{"role": "user", "content": QUESTION}]}


@pytest.fixture(scope="module")
def address(fake_sample_answerer: Answerer) -> Iterator[str]:
    with listening(local(fake_sample_answerer, hosts=("127.0.0.1",))) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="geen", max_retries=0) as client:
        yield client


def test_the_official_client_gets_answer_markers_and_sources(
    client: OpenAI, fake_sample_answerer: Answerer, address: str
) -> None:
    done = client.chat.completions.create(**ASK)
    answer = fake_sample_answerer.answer(QUESTION)
    message = done.choices[0].message
    assert done.choices[0].finish_reason == "stop"
    assert message.refusal is None
    text = message.content or ""
    for number, (citation, annotation) in enumerate(zip(answer.citations, message.annotations or [], strict=True), 1):
        cited = annotation.url_citation
        assert text[cited.start_index : cited.end_index] == f"“{citation.quote}” [{number}]"
        marks = html.fromstring(httpx.get(cited.url).content).iter("mark")
        assert " ".join("".join(mark.itertext()) for mark in marks).split() == citation.quote.split()
    unmarked = text
    for number in range(1, len(answer.citations) + 1):
        unmarked = unmarked.replace(f" [{number}]", "", 1)
    assert unmarked == answer.text
    assert done.usage is not None
    assert done.usage.total_tokens == done.usage.prompt_tokens + done.usage.completion_tokens > 0


def test_sources_stand_where_perplexity_and_azure_put_them(client: OpenAI) -> None:
    done = client.chat.completions.create(**ASK).to_dict()
    own = done["bronvast"]
    quotes = [citation["quote"] for citation in own["citations"]]
    message = done["choices"][0]["message"]
    assert [result["snippet"] for result in done["search_results"]] == quotes
    assert done["citations"] == [result["url"] for result in done["search_results"]]
    assert [one["content"] for one in message["context"]["citations"]] == quotes
    assert {one["filepath"] for one in message["context"]["citations"]} == {"evaluatie-regioplan-veenkamp"}


def test_a_stream_brings_the_sources_before_the_text(client: OpenAI) -> None:
    whole = client.chat.completions.create(**ASK).choices[0].message
    chunks = list(client.chat.completions.create(**ASK, stream=True, stream_options={"include_usage": True}))
    first = chunks[0].to_dict()
    assert len(first["citations"]) == len(first["choices"][0]["delta"]["annotations"]) > 0
    assert not first["choices"][0]["delta"]["content"]
    texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(texts) == whole.content
    assert len([text for text in texts if text]) > 1
    assert [chunk.usage is None for chunk in chunks] == [True] * (len(chunks) - 1) + [False]
    assert chunks[-1].choices == []
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert len({chunk.id for chunk in chunks}) == 1


def test_without_asking_a_stream_has_no_usage(client: OpenAI) -> None:
    assert all(chunk.usage is None for chunk in client.chat.completions.create(**ASK, stream=True))


def test_a_refusal_fills_refusal(client: OpenAI, fake_sample_answerer: Answerer) -> None:
    ask = {**ASK, "messages": [{"role": "user", "content": NOWHERE}]}
    message = client.chat.completions.create(**ask).choices[0].message
    assert message.refusal == fake_sample_answerer.answer(NOWHERE).text
    assert message.content == message.refusal  # many clients show only this
    assert not message.annotations
    deltas = [chunk.choices[0].delta for chunk in client.chat.completions.create(**ask, stream=True)]
    assert "".join(delta.refusal or "" for delta in deltas) == message.refusal


def test_the_last_question_is_asked_with_those_before_it(
    client: OpenAI, fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    answer = Answerer.answer

    def remember(self: Answerer, question: str, earlier: tuple[str, ...] = ()) -> object:
        asked.append((question, tuple(earlier)))
        return answer(self, question, earlier)

    monkeypatch.setattr(Answerer, "answer", remember)
    messages = [
        {"role": "system", "content": "Wees beleefd."},
        {"role": "user", "content": "Wat is de buurtbus?"},
        {"role": "assistant", "content": "Een bus."},
        {"role": "user", "content": [{"type": "text", "text": "Wat kost een rit?"}]},
    ]
    client.chat.completions.create(model="bronvast", messages=messages)  # type: ignore[arg-type]
    assert asked == [("Wat kost een rit?", ("Wat is de buurtbus?",))]


def test_models_are_listed_and_shown(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["bronvast"]
    assert client.models.retrieve("bronvast").owned_by == "bronvast"
    with pytest.raises(NotFoundError):
        client.models.retrieve("ander-model")


def test_errors_have_the_form_that_clients_read(client: OpenAI) -> None:
    with pytest.raises(NotFoundError) as unknown:
        client.chat.completions.create(model="gpt-4o", messages=ASK["messages"])  # type: ignore[arg-type]
    assert "bronvast" in unknown.value.message
    assert unknown.value.param == "model"
    for wrong in (
        {**ASK, "messages": []},
        {**ASK, "messages": [{"role": "system", "content": "x"}]},
        {**ASK, "messages": [{"role": "user", "content": 3}]},
        {**ASK, "n": 2},
    ):
        with pytest.raises(BadRequestError) as error:
            client.chat.completions.create(**wrong)
        assert error.value.type == "invalid_request_error"
    assert not issubclass(BadRequestError, UnprocessableEntityError)


def test_a_missing_key_is_an_authentication_error(fake_sample_answerer: Answerer) -> None:
    key, line = make_key("test")
    with listening(local(fake_sample_answerer, hosts=("127.0.0.1",), keys=(line,))) as address:
        with pytest.raises(AuthenticationError):
            OpenAI(base_url=f"{address}/v1", api_key="fout", max_retries=0).chat.completions.create(**ASK)
        assert OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0).chat.completions.create(**ASK).choices


def test_llama_index_works_unchanged(address: str, fake_sample_answerer: Answerer) -> None:
    llm = OpenAILike(model="bronvast", api_base=f"{address}/v1", api_key="geen", is_chat_model=True, max_retries=0)
    said = llm.chat([ChatMessage(role="user", content=QUESTION)]).message.content or ""
    assert fake_sample_answerer.answer(QUESTION).citations[0].quote in said
    streamed = [piece.delta or "" for piece in llm.stream_chat([ChatMessage(role="user", content=QUESTION)])]
    assert "".join(streamed) == said
    assert NOWHERE not in llm.complete(NOWHERE).text


def test_what_open_webui_sends_is_answered_as_it_reads_it(address: str) -> None:
    """Open WebUI adds fields of its own, and takes `annotations` of a delta for its list of sources."""
    body = {
        **ASK,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.7,
        "max_tokens": 512,
        "seed": None,
        "chat_id": "c1",
        "session_id": "s1",
        "metadata": {"features": {"web_search": False}},
        "features": {"image_generation": False},
        "variables": {"{{USER_NAME}}": "J. Jansen"},
        "tool_ids": [],
        "files": [],
        "background_tasks": {"title_generation": True},
    }
    headers = {"authorization": "Bearer sk-niets", "x-openwebui-user-name": "J. Jansen"}
    with httpx.stream("POST", f"{address}/v1/chat/completions", json=body, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in response.iter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"
    first = json.loads(lines[0][6:])
    sources = [one["url_citation"] for one in first["choices"][0]["delta"]["annotations"]]
    assert all(source["url"].startswith("http") and source["title"] for source in sources)
