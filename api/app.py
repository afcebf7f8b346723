"""The HTTP service: one endpoint for programs and one page for people."""

import time
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from fastapi import FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.exceptions import HTTPException

from api.schema import AnswerOut, Problem, QuestionIn, answer_out
from qa.answer import Answerer
from qa.model import Answer
from qa.phrase import place_phrase

PROBLEM = "application/problem+json"
TITLES = {
    400: "Ongeldig verzoek",
    404: "Niet gevonden",
    405: "Methode niet toegestaan",
    413: "Verzoek te groot",
    415: "Verkeerd soort inhoud",
    500: "Interne fout",
}
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(answerer: Answerer) -> FastAPI:
    """The app around an answerer; keeps nothing of a question after it is answered, and logs none."""
    app = FastAPI(
        title="Bronvast",
        version=version("bronvast"),
        description="Beantwoordt vragen over rapporten met letterlijke citaten en hun vindplaats.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        redirect_slashes=False,
    )
    templates = Environment(loader=PackageLoader("api", "static"), autoescape=select_autoescape(), trim_blocks=True)
    templates.globals["place_phrase"] = place_phrase
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    _add_errors(app)

    @app.middleware("http")
    async def add_headers(request: Request, call_next):  # type: ignore[no-untyped-def]
        response: Response = await call_next(request)
        response.headers.update(SECURITY_HEADERS)
        return response

    @app.post("/v1/antwoorden", response_model_by_alias=True, responses={400: {"model": Problem}})
    def answer_question(question: QuestionIn) -> AnswerOut:
        """Beantwoord één vraag met letterlijke citaten, of zeg waarom dat niet kan."""
        started = time.perf_counter()
        answer = answerer.answer(question.question, question.earlier)
        return answer_out(answer.to_record(str(uuid4()), (time.perf_counter() - started) * 1000))

    def page(answer: Answer | None) -> HTMLResponse:
        documents = answerer.index.documents.values()
        return HTMLResponse(templates.get_template("page.html").render(answer=answer, documents=documents))

    @app.get("/", include_in_schema=False)
    def show_page() -> HTMLResponse:
        return page(None)

    @app.post("/", include_in_schema=False)
    def ask_on_page(question: str = Form(default="")) -> HTMLResponse:
        return page(answerer.answer(question))

    return app


def _add_errors(app: FastAPI) -> None:
    """Every error is a problem document in Dutch, and wrong input is 400 with all that is wrong (RFC 9457)."""

    def problem(status: int, detail: str) -> JSONResponse:
        body = Problem(status=status, title=TITLES.get(status, "Fout"), detail=detail)
        return JSONResponse(body.model_dump(), status, media_type=PROBLEM, headers=SECURITY_HEADERS)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        return problem(400, f'{wrong}. Verwacht: {{"question": "uw vraag"}}.')

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, f"{request.method} {request.url.path} kan niet.")

    @app.exception_handler(Exception)
    async def failed(_request: Request, _error: Exception) -> JSONResponse:
        return problem(500, "Er ging iets mis. Probeer het later opnieuw.")
