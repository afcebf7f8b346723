"""The outer edge: every response leaves with its headers, and no fault leaves with its text."""

from collections.abc import Mapping
from importlib.metadata import version

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import FAILED, problem_response

HSTS = "max-age=31536000; includeSubDomains"
API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; frame-ancestors {ancestors}"
)


class Border:
    """Puts the security headers and the API's version on every response; a response's own headers win."""

    def __init__(self, app: ASGIApp, frame_ancestors: tuple[str, ...] = ()) -> None:
        self._app = app
        self._page_policy = PAGE_POLICY.format(ancestors=" ".join(frame_ancestors) or "'none'")
        self._version = version("bronvast")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._defaults(scope, headers).items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            if not started:
                await problem_response(500, FAILED)(scope, receive, send_with_headers)

    def _defaults(self, scope: Scope, headers: MutableHeaders) -> Mapping[str, str]:
        page = headers.get("content-type", "").startswith("text/html")
        common = {
            "Content-Security-Policy": self._page_policy if page else API_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Strict-Transport-Security": HSTS,
            "Cache-Control": "no-cache" if scope["path"].startswith("/static/") else "no-store",
        }
        if not page:
            common["X-Frame-Options"] = "DENY"
        if scope["path"].startswith("/v1"):
            common["API-Version"] = self._version
        return common
