"""What an embedding page loads: the element's script, its one style sheet, and what it must know of this service."""

from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from api.examples import examples_for
from api.service import Service
from corpus.model import Document, Kind
from qa.selection import Selection

STATIC = files("api").joinpath("static")


def add_widget(app: FastAPI, service: Service) -> None:
    """Version 1 of the contract in docs/insluiten.md. Files are asked for again each time, and sent when changed.

    The files are the same for everyone; what names documents is not under /widget/, so that a key guards it.
    """
    script = STATIC.joinpath("widget.js").read_text(encoding="utf-8")
    styles = "".join(STATIC.joinpath(name).read_text(encoding="utf-8") for name in ("nlds.css", "widget.css"))

    @app.get("/widget/v1/widget.js", include_in_schema=False)
    def show_script(request: Request) -> Response:
        return _file(request, script, "text/javascript")

    @app.get("/widget/v1/widget.css", include_in_schema=False)
    def show_styles(request: Request) -> Response:
        return _file(request, styles, "text/css")

    @app.get("/opzet", include_in_schema=False)
    def show_setup(collectie: str = "") -> dict[str, Any]:
        documents = service.chosen(Selection(collection=collectie))
        return {
            "documenten": [
                {"id": document.id, "titel": document.title, "delen": _chapters(document)} for document in documents
            ],
            "voorbeelden": examples_for(documents, service.settings.examples),
            "beoordelen": service.settings.feedback is not None,
            "bewaarDagen": service.settings.keep_days,
            "langsteVraag": service.settings.max_question,
            "taalmodel": bool(service.settings.taalmodel.url),
        }


def _chapters(document: Document) -> dict[str, str]:
    """The titles of numbered chapters: a citation names the number alone."""
    return {s.number: s.title for s in document.sections if s.kind is Kind.CHAPTER and s.number}


def _file(request: Request, text: str, kind: str) -> Response:
    tag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)
