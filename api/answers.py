"""Ask over HTTP: the whole answer as JSON, or in pieces as server-sent events."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from api.accept import JSON, wanted
from api.events import MEDIA_TYPE as EVENTS
from api.events import event, pieces
from api.following import Following
from api.pool import Answered, busy
from api.problems import FAILED, RefusedError, problem
from api.schema import AnswerOut, AskedIn, ConversationIn, QuestionIn, in_camel_case
from api.service import Service
from qa.evidence import evidence
from qa.model import Citation
from qa.steps import Quoted

STREAMED: dict[str, Any] = {
    "description": "Het antwoord, of een weigering met een reden. Met `Accept: text/event-stream` komt het in stukken: "
    "eerst `bronnen` (de citaten), dan `tekst` (stukken van het antwoord), dan `antwoord` (alles samen). Schrijft een "
    "taalmodel mee, dan komt na de eerste `bronnen` elke zin als `zin` zodra hij is nagegaan, en daarna opnieuw "
    "`bronnen` als er citaten bij kwamen. Gaat er nog iets mis, dan komt er `fout`.",
    "links": {
        "passage": {
            "operationId": "get_documenten_een_passages_een",
            "description": "De passage van het eerste citaat, in haar omgeving.",
            "parameters": {
                "documentId": "$response.body#/citations/0/document",
                "passageId": "$response.body#/citations/0/passageId",
            },
        }
    },
    "content": {
        EVENTS: {"schema": {"type": "string"}, "example": 'event: tekst\ndata: {"tekst":"Een rit kost "}\n\n'},
    },
}


def answers_router(service: Service) -> APIRouter:
    """`POST /antwoorden`."""
    router = APIRouter(tags=["antwoorden"])

    @router.post("/antwoorden", summary="Stel een vraag", response_model=AnswerOut, responses={200: STREAMED})
    async def answer_question(question: AskedIn, request: Request) -> Response:
        """Beantwoord een vraag met letterlijke citaten, of zeg waarom dat niet kan."""
        kind = wanted(request.headers.get("accept", ""), (JSON, EVENTS))
        asked, earlier = question.asked
        following = Following[dict[str, Any]]() if kind == EVENTS else None
        listener = following.tell if following else None
        answered = service.submit(asked, earlier, request.state.id, question.selection, listener)
        coming = _message(answered, service, question, request)
        if following:
            return StreamingResponse(_events(following, coming), media_type=EVENTS)
        return JSONResponse(await coming)

    return router


def as_message(answered: Answered, name: str) -> dict[str, Any]:
    """The answer's record as it goes over HTTP: an AnswerOut, without the cost of checking what was built right."""
    message: dict[str, Any] = in_camel_case(answered.answer.to_record(name, answered.took_ms))
    return message


def _message(
    coming: Awaitable[Answered], service: Service, question: QuestionIn | ConversationIn, request: Request
) -> Awaitable[dict[str, Any]]:
    """The message that is coming, with its evidence where that was asked for; that keeps the names of the record."""

    async def message() -> dict[str, Any]:
        answered = request.state.answered = await coming
        content = as_message(answered, request.state.id)
        if question.evidence:
            content["evidence"] = _evidence(answered, service, question.asked[1])
        return content

    return message()


def _evidence(answered: Answered, service: Service, earlier: Sequence[str]) -> dict[str, Any]:
    """The evidence, by the index that gave the answer. Raises RefusedError (503) when that was just replaced."""
    index = service.answerer.index
    if index.fingerprint != answered.build:
        raise busy("De index is net vervangen.")
    return evidence(index, answered.answer, earlier)


async def _events(following: Following[dict[str, Any]], coming: Awaitable[dict[str, Any]]) -> AsyncIterator[str]:
    message: dict[str, Any] = {}
    shown: list[Any] | None = None
    try:
        async for step in following.follow(coming):
            if isinstance(step, dict):
                message = step
            elif isinstance(step, Quoted):
                shown = _citations(step.answer.citations)
                yield event("bronnen", shown)
            else:
                yield event("zin", {**step.sentence.to_record(), "added": _citations(step.citations)})
    except RefusedError as error:
        yield event("fout", problem(error.status, error.detail))
        return
    except Exception:
        yield event("fout", problem(500, FAILED))
        raise
    if shown != message["citations"]:
        yield event("bronnen", message["citations"])
    for piece in pieces(message["answer"]):
        yield event("tekst", {"tekst": piece})
    yield event("antwoord", message)


def _citations(citations: Sequence[Citation]) -> list[Any]:
    return [in_camel_case(citation.to_record()) for citation in citations]
