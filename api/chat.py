"""`/v1/chat/completions` and `/v1/models`: Bronvast as a model that any program for the OpenAI API can use."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import ValidationError

from api.answers import as_message
from api.chat_problems import chat_error
from api.chat_schema import ChatIn, usage
from api.events import MEDIA_TYPE, nameless, pieces
from api.pool import Answered
from api.problems import FAILED, RefusedError, as_text, wrong_fields
from api.service import Service
from qa.model import Answer, Citation, Status
from qa.phrase import filter_phrase, place_phrase
from qa.selection import Selection

MODEL = "bronvast"
Link = Callable[[Request, Citation], str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a conversation gets back: `text` holds a marker like [1] for each source."""

    text: str
    refusal: str | None
    annotations: list[dict[str, Any]]
    sources: dict[str, Any]
    context: dict[str, Any]


def chat_router(service: Service, link: Link) -> APIRouter:
    """The addresses that OpenAI's clients use."""
    router = APIRouter(include_in_schema=False)

    @router.get("/models")
    def list_models() -> JSONResponse:
        return JSONResponse({"object": "list", "data": [_model(service, name) for name in models(service)]})

    @router.get("/models/{name:path}")
    def show_model(name: str) -> JSONResponse:
        return JSONResponse(_model(service, name)) if name in models(service) else _unknown(name, service)

    @router.post("/chat/completions")
    async def complete(request: Request) -> Response:
        try:
            chat = ChatIn.model_validate_json(await request.body())
        except ValidationError as error:
            wrong = wrong_fields(error)
            return chat_error(400, "; ".join(f"{one['in']}: {one['detail']}" for one in wrong), param=wrong[0]["in"])
        if chat.model not in models(service):
            return _unknown(chat.model, service)
        question, earlier = chat.asked
        if not question:
            return chat_error(
                400, "Er staat geen vraag in messages. Verwacht een bericht met role user.", param="messages"
            )
        if chat.n not in (None, 1):
            return chat_error(400, "Bronvast geeft op elke vraag één antwoord: laat n weg.", param="n")
        selection = Selection(collection=chat.model.removeprefix(MODEL).removeprefix("/"))
        coming = service.submit(question, earlier, request.state.id, selection)
        head = _head(request.state.id, chat.model)
        if chat.stream:
            return StreamingResponse(_stream(coming, chat, head, request, link), media_type=MEDIA_TYPE)
        answered = request.state.answered = await coming
        return JSONResponse(_whole(reply_to(answered, request, link), chat, head))

    return router


def reply_to(answered: Answered, request: Request, link: Link) -> Reply:
    """The reply for an answer."""
    answer = answered.answer
    shown = answer.citations or answer.nearest
    urls = [link(request, citation) for citation in shown]
    text, spans = with_markers(answer)
    names = [f"{c.place.document_title}, {place_phrase(c.place)}" for c in shown]
    annotations = [
        {"type": "url_citation", "url_citation": {"start_index": a, "end_index": b, "title": name, "url": url}}
        for (a, b), name, url in zip(spans, names, urls, strict=False)
        if a < b
    ]
    results = [
        {"title": name, "url": url, "snippet": c.quote, "date": None}
        for c, name, url in zip(shown, names, urls, strict=True)
    ]
    contents = [
        {"content": c.quote, "title": name, "url": url, "filepath": c.place.document, "chunk_id": c.passage_id}
        for c, name, url in zip(shown, names, urls, strict=True)
    ]
    text = "\n\n".join(filter(None, (text, filter_phrase(answer.filter, answer.language))))
    sources = {"citations": urls, "search_results": results, "bronvast": as_message(answered, request.state.id)}
    refusal = answer.text if answer.status is Status.REFUSED else None
    return Reply(
        text, refusal, annotations, sources, {"citations": contents, "intent": answer.searched or answer.question}
    )


def with_markers(answer: Answer) -> tuple[str, list[tuple[int, int]]]:
    """The answer's own text with a marker like [1] after each quote, and where quote and marker stand in it.

    A text that a language model wrote has its markers already; the span of a quote it does not use is empty.
    """
    if answer.written and not answer.written.fallback:
        return answer.text, [_mark(answer.text, number) for number in range(1, len(answer.citations) + 1)]
    text, spans, since = answer.text, [], 0
    for number, citation in enumerate(answer.citations, 1):
        shown = f"“{citation.quote}”"
        start = text.find(shown, since)
        if start < 0:  # the text says it in other words: the marker follows at the end
            text, start = f"{text} ", len(text) + 1
            shown = ""
        end = start + len(shown)
        marker = f" [{number}]" if shown else f"[{number}]"
        text = f"{text[:end]}{marker}{text[end:]}"
        since = end + len(marker)
        spans.append((start, since))
    return text, spans


def _mark(text: str, number: int) -> tuple[int, int]:
    """Where a marker stands first; an empty span when it does not."""
    start = text.find(f"[{number}]")
    return (start, start + len(f"[{number}]")) if start >= 0 else (0, 0)


def models(service: Service) -> list[str]:
    """The names to ask by: one for all documents, and one for each collection."""
    return [MODEL, *(f"{MODEL}/{name}" for name in service.answerer.catalogue.collections)]


def _head(name: str, model: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{name}", "created": int(time.time()), "model": model}


def _whole(reply: Reply, chat: ChatIn, head: dict[str, Any]) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": reply.text,
        "refusal": reply.refusal,
        "annotations": reply.annotations,
        "context": reply.context,
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        **head,
        "object": "chat.completion",
        "choices": [choice],
        "usage": usage(chat, reply.text),
        **reply.sources,
    }


async def _stream(coming: Any, chat: ChatIn, head: dict[str, Any], request: Request, link: Link) -> AsyncIterator[str]:
    try:
        answered = request.state.answered = await coming
        reply = reply_to(answered, request, link)
    except RefusedError as error:
        yield nameless(bytes(chat_error(error.status, error.detail).body).decode())
        return
    except Exception:
        yield nameless(bytes(chat_error(500, FAILED).body).decode())
        raise
    for chunk in _chunks(reply, chat, head):
        yield nameless(as_text(chunk))
    yield nameless("[DONE]")


def _chunks(reply: Reply, chat: ChatIn, head: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Citations first, then the text, then the end."""
    base = {**head, "object": "chat.completion.chunk"} | ({"usage": None} if chat.with_usage else {})

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**base, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}

    first = {"role": "assistant", "content": "", "annotations": reply.annotations, "context": reply.context}
    yield {**chunk(first), **reply.sources}
    for piece in pieces(reply.text):
        yield chunk({"content": piece})
    if reply.refusal:
        yield chunk({"refusal": reply.refusal})
    yield chunk({}, "stop")
    if chat.with_usage:
        yield {**base, "choices": [], "usage": usage(chat, reply.text)}


def _model(service: Service, name: str) -> dict[str, Any]:
    made = datetime.fromisoformat(service.answerer.index.manifest["created"])
    return {"id": name, "object": "model", "created": int(made.timestamp()), "owned_by": MODEL}


def _unknown(name: str, service: Service) -> JSONResponse:
    known = models(service)
    told = f"Het model van deze dienst heet {MODEL}." if len(known) == 1 else f"Kies uit: {', '.join(known)}."
    return chat_error(404, f"Dit model is er niet: {name[:100]}. {told}", param="model")
