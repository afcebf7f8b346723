"""The outer edge: every response leaves with its headers, is counted and logged, and no fault leaves with its text."""

import asyncio
import logging
import time
from collections.abc import Mapping
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.chat_problems import refusal_response
from api.pool import Answered
from api.problems import FAILED, RefusedError
from api.record import fault, write
from api.schema import API_VERSION
from api.service import Service

HSTS = "max-age=31536000; includeSubDomains"
API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; frame-ancestors {ancestors}"
)
# A reader that takes in nothing for this long is let go.
SEND_SECONDS = 30
OTHER = "overig"
QUIET = ("/healthz", "/readyz", "/metrics")


class Border:
    """Gives a request its id, and a response its headers (its own win); writes one log line for each."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        ancestors = " ".join(service.settings.frame_ancestors) or "'none'"
        self._page_policy = PAGE_POLICY.format(ancestors=ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["id"] = str(uuid4())
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._defaults(scope, headers).items():
                    headers.setdefault(name, value)
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        wrong = None
        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            wrong = error
            if not status:
                await refusal_response(scope["path"], RefusedError(500, FAILED))(scope, receive, send_with_headers)
        self._note(scope, status, time.perf_counter() - started, wrong)

    def _note(self, scope: Scope, status: int, seconds: float, wrong: Exception | None) -> None:
        route = _pattern(scope)
        self._service.metrics.count_request(route, scope["method"] if route != OTHER else OTHER, status, seconds)
        if route in QUIET and not wrong:
            return
        line = {"id": scope["state"]["id"], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        answered = scope["state"].get("answered")
        if isinstance(answered, Answered):
            answer = answered.answer
            line |= {"result": str(answer.status), "reason": str(answer.reason or ""), "quotes": len(answer.citations)}
        write(line | (fault(wrong) if wrong else {}), logging.ERROR if wrong else logging.INFO)

    def _defaults(self, scope: Scope, headers: MutableHeaders) -> Mapping[str, str]:
        page = headers.get("content-type", "").startswith("text/html")
        common = {
            "Content-Security-Policy": self._page_policy if page else API_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Strict-Transport-Security": HSTS,
            "Cache-Control": "no-cache" if scope["path"].startswith(("/static/", "/widget/")) else "no-store",
        }
        if not page:
            common["X-Frame-Options"] = "DENY"
        if scope["path"].startswith("/v1"):
            common["API-Version"] = API_VERSION
        return common


def _pattern(scope: Scope) -> str:
    """The pattern of the address that answered, never the address itself: that may hold anything."""
    pattern = getattr(scope.get("route"), "path", None)
    if pattern is None:
        return OTHER
    prefix = "/v1" if scope.get("root_path", "").endswith("/v1") else ""
    return f"{prefix}{pattern}"
