"""`/v1/chat/completions` and `/v1/models`: Bronvast as a model that any program for the OpenAI API can use."""

import time
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import ValidationError

from api.chat_problems import chat_error
from api.chat_reply import Link, Reply, reply_to
from api.chat_schema import ChatIn, usage
from api.chat_stream import stream
from api.events import MEDIA_TYPE
from api.following import Following
from api.pool import Answered
from api.problems import wrong_fields
from api.service import Service
from qa.selection import Selection

MODEL = "bronvast"


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
        following = Following[Answered]() if chat.stream else None
        listener = following.tell if following else None
        coming = service.submit(question, earlier, request.state.id, selection, listener)
        head = _head(request.state.id, chat.model)
        if following:
            steps = following.follow(coming)
            return StreamingResponse(stream(steps, chat, head, request, link), media_type=MEDIA_TYPE)
        answered = request.state.answered = await coming
        return JSONResponse(_whole(reply_to(answered, request, link), chat, head))

    return router


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


def _model(service: Service, name: str) -> dict[str, Any]:
    made = datetime.fromisoformat(service.answerer.index.manifest["created"])
    return {"id": name, "object": "model", "created": int(made.timestamp()), "owned_by": MODEL}


def _unknown(name: str, service: Service) -> JSONResponse:
    known = models(service)
    told = f"Het model van deze dienst heet {MODEL}." if len(known) == 1 else f"Kies uit: {', '.join(known)}."
    return chat_error(404, f"Dit model is er niet: {name[:100]}. {told}", param="model")
