"""Ask over HTTP."""

from uuid import uuid4

from fastapi import APIRouter

from api.schema import AnswerOut, QuestionIn, answer_out
from api.service import Service


def answers_router(service: Service) -> APIRouter:
    """`POST /antwoorden`."""
    router = APIRouter()

    @router.post("/antwoorden")
    async def answer_question(question: QuestionIn) -> AnswerOut:
        """Beantwoord één vraag met letterlijke citaten, of zeg waarom dat niet kan."""
        answered = await service.ask(question.question, question.earlier)
        return answer_out(answered.answer.to_record(str(uuid4()), answered.took_ms))

    return router
