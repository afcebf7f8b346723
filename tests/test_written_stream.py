"""What a language model writes goes over HTTP as it comes: the citations first, then each sentence that was checked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripted import Asked, Script, holding, sentences, serving

from api.worker import ProcessWorker
from corpus.structure import read_document
from fakes import MADE_UP, FakeEncoder, answerer_on, as_file, build
from live import client_of, listening, local
from qa.answer import Answerer
from qa.selection import EVERYTHING
from qa.settings import Settings
from qa.steps import Before, Quoted, Sentence
from qa.written.open import wrapped
from qa.written.servers import open_model

QUESTION = "Wat kostte het werk aan de brug over de Lauwe?"
COST = "Het werk kostte 12 miljoen euro"
TRUE, FALSE = "Het werk aan de brug kostte 12 miljoen euro.", "De brug was gratis en kwam van Rotterdam."
WAIT = 10.0


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    document = read_document("brug", "De brug", MADE_UP)
    index = build(tmp_path_factory.mktemp("stream") / "index", [as_file(document)], FakeEncoder())
    return answerer_on(index, FakeEncoder())


def both(asked: Asked) -> str:
    anchor = [(holding(asked.data, COST), COST)]
    return sentences((TRUE, anchor), (FALSE, anchor))


@contextmanager
def writing(plain: Answerer, script: Script) -> Iterator[Answerer]:
    with serving(script) as server:
        yield wrapped(plain, open_model(server.options(timeout=WAIT)))


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """The name and the data of each server-sent event; "" for one without a name."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
            yield name, data if data == "[DONE]" else json.loads(data)


@contextmanager
def held(plain: Answerer) -> Iterator[tuple[str, Callable[[], None]]]:
    """A service whose model says its first sentence, and the second when it is let go."""
    free: list[bool] = []

    def script(asked: Asked) -> None:
        whole = both(asked)
        cut = whole.index("}]}") + 3
        asked.open()
        asked.event(whole[:cut])
        while not free and not asked.stopped.is_set():
            asked.wait(0.02)
        asked.event(whole[cut:])
        asked.raw("data: [DONE]\n\n")

    with writing(plain, script) as writer, listening(local(writer, hosts=("127.0.0.1",))) as address:
        yield address, lambda: free.append(True)


def test_citations_come_before_the_model_writes_and_sentences_before_it_is_done(plain: Answerer) -> None:
    quoted = [citation.quote for citation in plain.answer(QUESTION).citations]
    with held(plain) as (address, let_go):
        ask = {"json": {"question": QUESTION}, "headers": {"accept": "text/event-stream"}}
        with httpx.stream("POST", f"{address}/v1/antwoorden", **ask, timeout=WAIT) as response:
            coming = events(response.iter_lines())
            name, first = next(coming)
            assert (name, [one["quote"] for one in first]) == ("bronnen", quoted)
            name, sentence = next(coming)
            assert (name, sentence["text"]) == ("zin", TRUE)
            assert sentence["level"] in ("letterlijk", "gesteund")
            let_go()
            rest = list(coming)
    assert [name for name, _ in rest if name == "zin"] == []
    citations = [*first, *sentence["added"]]
    whole = rest[-1][1]
    assert rest[-1][0] == "antwoord"
    assert whole["citations"] == citations
    assert all(COST in citations[number - 1]["quote"] for number in sentence["citations"])
    assert [one["text"] for one in whole["written"]["sentences"]] == [TRUE, ""]
    assert "".join(one["tekst"] for name, one in rest if name == "tekst") == whole["answer"]
    again = [data for name, data in rest if name == "bronnen"]
    assert again == ([citations] if sentence["added"] else [])
    assert FALSE not in json.dumps(rest, ensure_ascii=False)


def test_in_a_conversation_the_pieces_are_the_whole_text(plain: Answerer) -> None:
    body = {"model": "bronvast", "messages": [{"role": "user", "content": QUESTION}]}
    with held(plain) as (address, let_go):
        url = f"{address}/v1/chat/completions"
        with httpx.stream("POST", url, json=body | {"stream": True}, timeout=WAIT) as response:
            coming = events(response.iter_lines())
            first = next(coming)[1]
            assert first["citations"]
            assert first["choices"][0]["delta"]["context"]["citations"]
            second = next(coming)[1]["choices"][0]["delta"]["content"]
            assert second.startswith(f"{TRUE} [")
            let_go()
            rest = [data for _, data in coming]
        whole = httpx.post(url, json=body, timeout=WAIT).json()
    assert rest.pop() == "[DONE]"
    said = second + "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in rest)
    assert said == whole["choices"][0]["message"]["content"]
    assert rest[-1]["choices"][0]["finish_reason"] == "stop"
    assert rest[-2]["choices"][0]["delta"]["annotations"] == whole["choices"][0]["message"]["annotations"]
    assert rest[-2]["search_results"] == whole["search_results"]


@pytest.mark.parametrize("script", [lambda a: a.status(500), lambda a: a.say("niets"), lambda a: a.wait(20)])
def test_without_a_sentence_the_stream_ends_in_the_quotes_and_says_why(plain: Answerer, script: Script) -> None:
    with serving(script) as server:
        writer = wrapped(plain, open_model(server.options(timeout=1)))
        ask = {"json": {"question": QUESTION}, "headers": {"accept": "text/event-stream"}}
        text = client_of(writer).post("/v1/antwoorden", **ask).text
    told = list(events(iter(text.splitlines())))
    assert [name for name, _ in told if name != "tekst"] == ["bronnen", "antwoord"]
    assert told[0][1] == told[-1][1]["citations"]
    assert told[-1][1]["written"]["fallback"]


def test_a_refusal_is_one_event_as_ever(plain: Answerer) -> None:
    with writing(plain, lambda a: a.wait(20)) as writer:
        ask = {"json": {"question": "Dank u wel!"}, "headers": {"accept": "text/event-stream"}}
        told = list(events(iter(client_of(writer).post("/v1/antwoorden", **ask).text.splitlines())))
    assert [name for name, _ in told if name != "tekst"] == ["bronnen", "antwoord"]
    assert told[0][1] == []


@pytest.mark.parametrize(
    ("script", "outcome"), [(lambda a: a.say(both(a)), "zinnen"), (lambda a: a.say("niets"), "terugval")]
)
def test_tokens_and_cost_are_counted(plain: Answerer, script: Script, outcome: str) -> None:
    with serving(script) as server:
        client = client_of(wrapped(plain, open_model(server.options(price_in=1e6, price_out=1e6))))
        used = client.post("/v1/antwoorden", json={"question": QUESTION}).json()["written"]["usage"]
        figures = client.get("/metrics").text
    assert (used["promptTokens"], used["completionTokens"]) == (100, 20)
    assert 'bronvast_tokens_total{richting="heen"} 100.0' in figures
    assert 'bronvast_tokens_total{richting="terug"} 20.0' in figures
    assert f"bronvast_kosten_total {used['cost']}" in figures
    assert f'bronvast_geschreven_total{{uitkomst="{outcome}"}} 1.0' in figures


@pytest.mark.model
def test_an_answering_process_tells_too(folder: Path) -> None:
    question = "Wat kost een rit met de buurtbus?"
    anchor = "Een rit kost"

    def script(asked: Asked) -> None:
        passage = next(p for p in asked.data["passages"] if anchor in p["tekst"])
        start = passage["tekst"].index(anchor)
        literal = passage["tekst"][start:].split(". ")[0].replace("\n", " ")
        asked.say(sentences((f"{literal}.", [(passage["nummer"], literal)])))

    told: list[Before] = []
    with serving(script) as server:
        settings = Settings(index=folder / "var" / "index", threads=1, taalmodel=server.options(timeout=WAIT))
        worker = ProcessWorker(settings, 60)
        while not worker.start():
            pass
        answered = worker.answer(question, (), EVERYTHING, told.append)
        worker.close()
    assert [type(step) for step in told] == [Quoted, Sentence]
    assert answered.answer.written is not None
    assert [told[-1].sentence] == list(answered.answer.written.sentences)  # type: ignore[union-attr]
