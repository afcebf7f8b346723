"""The pages for people."""

from pathlib import Path

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, select_autoescape

from api.service import Service
from qa.model import Answer
from qa.phrase import place_phrase


def add_pages(app: FastAPI, service: Service) -> None:
    """Add the chat page, which works without JavaScript, and the static files."""
    templates = Environment(loader=PackageLoader("api", "static"), autoescape=select_autoescape(), trim_blocks=True)
    templates.globals["place_phrase"] = place_phrase
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")

    def page(answer: Answer | None) -> HTMLResponse:
        documents = service.answerer.index.documents.values()
        return HTMLResponse(templates.get_template("page.html").render(answer=answer, documents=documents))

    @app.get("/", include_in_schema=False)
    def show_page() -> HTMLResponse:
        return page(None)

    @app.post("/", include_in_schema=False)
    async def ask_on_page(question: str = Form(default="")) -> HTMLResponse:
        return page((await service.ask(question)).answer)
