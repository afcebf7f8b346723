"""The OpenAPI document of version 1, and the page that shows it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from jinja2 import Environment, PackageLoader, select_autoescape

from api.problems import PROBLEM, TITLES
from api.schema import Problem

ALWAYS = (400, 401, 403, 404, 429, 500)
FOR_QUESTIONS = (406, 408, 413, 415, 503)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
TAGS = [
    {"name": "antwoorden", "description": "Vragen stellen."},
    {"name": "documenten", "description": "De documenten waarin gezocht wordt, en de plaatsen daarin."},
    {"name": "evaluaties", "description": "Hoe goed de antwoorden zijn, gemeten op gouden vragen."},
]
ABOUT = """\
Bronvast beantwoordt vragen over rapporten met letterlijke citaten en hun vindplaats. Elk citaat is letter voor letter
gecontroleerd met de bron. Staat het antwoord er niet, dan is `status` gelijk aan `refused` en zegt `reason` waarom.

Stuur de vraag in de inhoud van het verzoek, nooit in het adres. Er wordt niets van een vraag bewaard, tenzij de
beheerder daarvoor kiest. De dienst onthoudt geen gesprek: stuur de eerdere vragen mee in `earlier` of `turns`.

Is er een sleutel nodig, stuur die dan mee: `Authorization: Bearer SLEUTEL`.
"""
VERSION_HEADER = {"API-Version": {"description": "De versie van de API.", "schema": {"type": "string"}}}


def description_router(app: FastAPI, contact: str) -> APIRouter:
    """`/openapi.json` for programs, `/documentatie` for people."""
    router = APIRouter(include_in_schema=False)
    here = Path(__file__).parent / "reference"
    templates = Environment(loader=PackageLoader("api", "reference"), autoescape=select_autoescape(), trim_blocks=True)

    @router.get("/openapi.json")
    def show_document(request: Request) -> JSONResponse:
        return JSONResponse(describe(app, contact, request), headers={"Access-Control-Allow-Origin": "*"})

    @router.get("/documentatie")
    def show_page(request: Request) -> HTMLResponse:
        document = describe(app, contact, request)
        return HTMLResponse(
            templates.get_template("reference.html").render(document=document, variants=_variants(document))
        )

    @router.get("/documentatie/stijl")
    def show_style() -> FileResponse:
        return FileResponse(here / "reference.css", media_type="text/css")

    return router


def describe(app: FastAPI, contact: str, request: Request) -> dict[str, Any]:
    """The OpenAPI document, complete by the Dutch API Design Rules."""
    if app.openapi_schema is None:
        app.openapi_schema = _document(app)
    email = EMAIL.search(contact)
    host = request.url.hostname or ""
    domain = host if re.search(r"\.[a-z]", host) else "localhost.localdomain"
    about = {
        "name": "Beheerder van Bronvast",
        "url": f"{request.url.scheme}://{request.url.netloc}/v1/documentatie",
        "email": email.group() if email else f"postmaster@{domain}",
    }
    return {**app.openapi_schema, "info": {**app.openapi_schema["info"], "contact": about}}


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes, tags=TAGS)
    document["info"]["license"] = {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/nl/"}
    document["servers"] = [{"url": "/v1", "description": "Deze dienst"}]
    schemas = document["components"]["schemas"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    problem = Problem.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    document["components"]["securitySchemes"] = {
        "sleutel": {"type": "http", "scheme": "bearer", "description": "Alleen als de beheerder sleutels gebruikt."}
    }
    document["security"] = [{}, {"sleutel": []}]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _complete(operation, method, path)
    return document


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    """Errors as problem documents, the version on every response, a readable operationId."""
    words = re.findall(r"\w+", re.sub(r"\{.*?\}", "een", path))
    operation["operationId"] = f"{method}_{'_'.join(words)}"
    responses = operation["responses"]
    responses.pop("422", None)
    for status in (*ALWAYS, *(FOR_QUESTIONS if method == "post" else ())):
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _example(status)}}
        responses[str(status)] = {"description": TITLES[status], "content": content}
    for response in responses.values():
        response["headers"] = {**response.get("headers", {}), **VERSION_HEADER}
        if response["description"] == "Successful Response":
            response["description"] = "Gelukt"


def _example(status: int) -> dict[str, Any]:
    return {"type": "about:blank", "status": status, "title": TITLES[status], "detail": f"{TITLES[status]}."}


def _variants(document: dict[str, Any]) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """The schemas of which a message is one."""

    def variants(schema: dict[str, Any]) -> list[dict[str, Any]]:
        names = [one["$ref"].rpartition("/")[2] for one in schema.get("oneOf", [schema])]
        return [document["components"]["schemas"][name] for name in names]

    return variants
