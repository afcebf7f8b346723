"""The pages for people: the chat page, the page for a frame, the source, and the last evaluation."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Query
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, select_autoescape

from api.citing import page_address, source_address, true_quotes, true_sentences
from api.examples import examples_for
from api.feedback import add_feedback
from api.last_run import read_evaluation
from api.problems import RefusedError
from api.service import NO_NAME, Service
from api.source_page import original_pdf, source_page
from api.widget import add_widget
from qa.model import Answer
from qa.phrase import RETRY, filter_phrase, place_phrase, why_phrase
from qa.selection import Selection

MOST_EARLIER = 5
Offsets = Annotated[list[int], Query(default_factory=list)]
UNFILTERED = "weg"
Filtered = Annotated[str, Form(alias="filter")]
Earlier = Annotated[list[str], Form(default_factory=list)]


def add_pages(app: FastAPI, service: Service) -> None:
    """Add the pages and what they load. All of them work without JavaScript."""
    templates = Environment(
        loader=PackageLoader("api", "static"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    templates.globals.update(place_phrase=place_phrase, source_address=source_address, page_address=page_address)
    templates.globals.update(why_phrase=why_phrase, filter_phrase=filter_phrase, RETRY=RETRY)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    add_widget(app, service)
    add_feedback(app, service)
    add_chat(app, service, templates, "/", "page.html")
    add_chat(app, service, templates, "/insluiten", "frame.html")
    add_source(app, service, templates)

    @app.get("/evaluatie", include_in_schema=False)
    def show_evaluation() -> HTMLResponse:
        evaluation = read_evaluation(service.settings.evaluation)
        return HTMLResponse(templates.get_template("evaluation.html").render(evaluation=evaluation))


def add_chat(app: FastAPI, service: Service, templates: Environment, path: str, template: str) -> None:
    """A page with the element, and inside it a form that gives the same answer where scripts do not run.

    With `?collectie=` it shows and searches the documents of one collection.
    """

    def page(
        answer: Answer | None,
        earlier: list[str],
        collection: str,
        language: str = "nl",
        refused: RefusedError | None = None,
        asked: str = "",
    ) -> HTMLResponse:
        known = service.answerer.index.documents
        try:
            documents = service.chosen(Selection(collection=collection))
        except RefusedError as error:
            return HTMLResponse(templates.get_template("missing.html").render(detail=error.detail), 404)
        quotes = true_quotes(answer.citations, known) if answer else []
        page = templates.get_template(template).render(
            answer=answer,
            quotes=quotes,
            said=true_sentences(answer, quotes) if answer else [],
            nearest=true_quotes(answer.nearest, known) if answer else [],
            earlier=[*earlier, answer.question][-MOST_EARLIER:] if answer else earlier,
            documents=documents,
            examples=examples_for(documents, service.settings.examples),
            settings=service.settings,
            path=f"{path}?{urlencode({'collectie': collection})}" if collection else path,
            collection=collection,
            taal=language,
            problem=refused.detail if refused else "",
            question=asked,
        )
        # Without a referrer a form would be sent from "null", and refused as coming from elsewhere.
        headers = {"Referrer-Policy": "same-origin", **(refused.headers if refused else {})}
        return HTMLResponse(page, refused.status if refused else 200, headers)

    @app.get(path, include_in_schema=False)
    def show(taal: str = "nl", collectie: str = "") -> HTMLResponse:
        return page(None, [], collectie, taal)

    @app.post(path, include_in_schema=False)
    async def ask(
        earlier: Earlier, question: Annotated[str, Form()] = "", chosen: Filtered = "", collectie: str = ""
    ) -> HTMLResponse:
        asked = earlier[-MOST_EARLIER:]
        selection = Selection(collection=collectie, recognise=chosen != UNFILTERED)
        try:
            return page((await service.ask(question, asked, NO_NAME, selection)).answer, asked, collectie)
        except RefusedError as error:
            return page(None, asked, collectie, refused=error, asked=question)


def add_source(app: FastAPI, service: Service, templates: Environment) -> None:
    """The documents as readable pages, and the PDF they were read from where there is one."""

    def missing(detail: str) -> HTMLResponse:
        return HTMLResponse(templates.get_template("missing.html").render(detail=detail), 404)

    @app.get("/bron/{name}", include_in_schema=False)
    def show_source(name: str, van: Offsets, tot: Offsets, passage: str = "", versie: str = "") -> HTMLResponse:
        document = service.answerer.index.documents.get(name)
        if document is None:
            return missing("Dit document staat niet meer in de lijst.")
        spans = list(zip(van, tot, strict=False))
        page = source_page(service.answerer.index, document, spans, passage, versie)
        return HTMLResponse(templates.get_template("source.html").render(page=page))

    @app.get("/bron/{name}/pdf", include_in_schema=False)
    def show_original(name: str) -> Response:
        path = original_pdf(service.answerer.index, name)
        if path is None:
            return missing("Van dit document is hier geen pdf.")
        return FileResponse(path, media_type="application/pdf", filename=path.name, content_disposition_type="inline")
