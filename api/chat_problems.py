"""Errors in the form that OpenAI's clients read."""

from collections.abc import Mapping

from fastapi.responses import JSONResponse
from starlette.responses import Response

from api.problems import RefusedError, problem_response

PATHS = ("/v1/chat/", "/v1/models")
SORTS = {401: "authentication_error", 429: "rate_limit_error"}
CODES = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded", 503: "overloaded"}


def chat_error(
    status: int, message: str, headers: Mapping[str, str] | None = None, param: str | None = None
) -> JSONResponse:
    """`{"error": {...}}`, as the OpenAI API answers."""
    sort = SORTS.get(status) or ("server_error" if status >= 500 else "invalid_request_error")
    error = {"message": message, "type": sort, "param": param, "code": CODES.get(status)}
    return JSONResponse({"error": error}, status, headers)


def refusal_response(path: str, error: RefusedError) -> Response:
    """A refusal in the form that belongs to the address."""
    if path.startswith(PATHS):
        return chat_error(error.status, error.detail, error.headers)
    return problem_response(error.status, error.detail, error.headers)
