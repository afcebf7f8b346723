"""Errors over HTTP: problem documents in Dutch (RFC 9457), with everything that is wrong at once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from qa.selection import SelectionError

PROBLEM = "application/problem+json"
TITLES = {
    400: "Ongeldig verzoek",
    401: "Sleutel nodig",
    403: "Niet toegestaan",
    404: "Niet gevonden",
    405: "Methode niet toegestaan",
    406: "Vorm van antwoord niet mogelijk",
    408: "Verzoek duurt te lang",
    413: "Verzoek te groot",
    415: "Verkeerd soort inhoud",
    429: "Te veel verzoeken",
    431: "Te veel kopregels",
    500: "Interne fout",
    503: "Even niet beschikbaar",
}
# pydantic's sorts of errors, in Dutch; whatever is not here keeps the general sentence.
WRONG = {
    "missing": "dit veld ontbreekt",
    "extra_forbidden": "dit veld bestaat niet",
    "string_type": "dit moet tekst zijn",
    "string_unicode": "dit is geen geldige tekst (Unicode)",
    "string_too_short": "dit is te kort (minstens {min_length} tekens)",
    "string_too_long": "dit is te lang (hoogstens {max_length} tekens)",
    "list_type": "dit moet een lijst zijn",
    "too_long": "dit zijn er te veel (hoogstens {max_length})",
    "too_short": "dit zijn er te weinig (minstens {min_length})",
    "json_invalid": "dit is geen geldige JSON",
    "model_attributes_type": "dit moet een JSON-object zijn",
    "dict_type": "dit moet een JSON-object zijn",
    "bool_type": "dit moet true of false zijn",
    "bool_parsing": "dit moet true of false zijn",
    "int_type": "dit moet een geheel getal zijn",
    "int_parsing": "dit moet een geheel getal zijn",
    "literal_error": "dit moet een van deze zijn: {expected}",
    "value_error": "{error}",
}
FAILED = "Er ging iets mis. Probeer het later opnieuw."
SORTS = ("vraag", "gesprek")  # which message was meant; no part of the place
PLACES = {"body": "inhoud", "query": "vraagdeel van het adres", "path": "adres", "header": "kopregel"}


class RefusedError(Exception):
    """A request that is not carried out; becomes a problem document with this status, detail and headers."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


@contextmanager
def told() -> Iterator[None]:
    """A selection that the index does not have becomes a RefusedError (404), which names what it has."""
    try:
        yield
    except SelectionError as error:
        raise RefusedError(404, f"{error}") from error


def problem(status: int, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """The members of a problem document; `errors` names each wrong field."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": "about:blank", "status": status, "title": title, "detail": detail}
    return {**body, "errors": [dict(error) for error in errors]} if errors else body


def problem_response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, errors: Sequence[Mapping[str, str]] = ()
) -> JSONResponse:
    """A problem document as a response."""
    return JSONResponse(problem(status, detail, errors), status, headers, media_type=PROBLEM)


def wrong_fields(error: RequestValidationError | ValidationError) -> list[dict[str, str]]:
    """Every wrong field with what is wrong, in Dutch; what was sent is never repeated."""
    return [{"in": _place(item["loc"]), "detail": _what(item)} for item in error.errors()]


def _place(location: Sequence[str | int]) -> str:
    first, *rest = location or ("body",)
    rest = rest[1:] if rest and rest[0] in SORTS else rest
    inside = ".".join(str(part) for part in rest if not isinstance(part, int) or part < 10**6)
    return f"{PLACES.get(str(first), str(first))}: {inside}" if inside else PLACES.get(str(first), str(first))


def _what(item: Mapping[str, Any]) -> str:
    context = item.get("ctx", {})
    try:
        return WRONG.get(item["type"], "dit klopt niet").format(**context)
    except KeyError:
        return "dit klopt niet"


def add_errors(app: FastAPI) -> None:
    """Make every error of an app a problem document; wrong input is 400 and names all that is wrong."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = wrong_fields(error)
        detail = "; ".join(f"{one['in']}: {one['detail']}" for one in wrong)
        return problem_response(400, f"{detail}.", errors=wrong)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        return problem_response(error.status_code, _plain(request, error), error.headers)

    @app.exception_handler(RefusedError)
    async def not_done(_request: Request, error: RefusedError) -> JSONResponse:
        return problem_response(error.status, error.detail, error.headers)

    @app.exception_handler(Exception)
    async def failed(_request: Request, _error: Exception) -> JSONResponse:
        return problem_response(500, FAILED)


def _plain(request: Request, error: HTTPException) -> str:
    if error.status_code == 400:
        return "De inhoud is niet te lezen. Verwacht: een JSON-object in UTF-8, niet te diep genest."
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return f"{request.method} kan hier niet." + (f" Wel mogelijk: {allowed}." if allowed else "")
    if error.status_code == 404:
        return "Dit adres bestaat niet. Zie /v1/openapi.json voor de adressen die er wel zijn."
    return TITLES.get(error.status_code, "Dit kan niet") + "."


def as_text(body: Mapping[str, Any]) -> str:
    """One line of JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
