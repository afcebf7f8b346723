"""Who may ask, how often and how much: everything that is refused before any work is done."""

import asyncio
import math
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.chat_problems import refusal_response
from api.keys import read_keys, who
from api.pool import Pool, busy
from api.problems import RefusedError
from api.rates import Rates
from qa.settings import Settings

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FREE = ("/healthz", "/readyz", "/static/", "/widget/", "/v1/openapi.json", "/v1/documentatie")
COUNTED_NOT = ("/healthz", "/readyz", "/static/", "/widget/", "/metrics")
SAFE = ("GET", "HEAD", "OPTIONS")
ASKS = ("/v1/antwoorden", "/v1/chat/completions")
JSON_ONLY = (*ASKS, "/mcp")


def is_loopback(host: str) -> bool:
    """Whether an address is only reached from this machine."""
    return host in LOOPBACK or host.startswith("127.")


class Guard:
    """Checks, in this order: host, origin, rate, key, room, size and sort of content."""

    def __init__(self, app: ASGIApp, settings: Settings, pool: Pool) -> None:
        self._app = app
        self._pool = pool
        self._keys = {} if settings.open else read_keys(settings.keys)
        self._origins = frozenset(origin.rstrip("/").lower() for origin in settings.origins)
        local = LOOPBACK if is_loopback(settings.host) else ()
        self._hosts = frozenset(host.lower() for host in (*settings.hosts, *local)) if settings.hosts or local else None
        self._rates = Rates(settings.rate)
        self._most_bytes = settings.max_body_kb * 1024
        self._body_seconds = settings.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._check(scope, headers)
            if scope["method"] not in SAFE:
                receive = _replay(await self._body(headers, receive), receive)
        except RefusedError as error:
            await refusal_response(scope["path"], error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        path, method = scope["path"], scope["method"]
        self._check_host(headers.get("host", ""))
        self._check_origin(headers, method)
        if method == "OPTIONS":
            return
        name = None
        if self._keys and not path.startswith(FREE):
            name = who(headers.get("authorization", ""), self._keys)
        if not path.startswith(COUNTED_NOT):
            self._check_rate(name or (scope.get("client") or ("onbekend",))[0])
        if self._keys and not path.startswith(FREE) and name is None:
            raise RefusedError(
                401,
                "Hier is een sleutel voor nodig: Authorization: Bearer SLEUTEL. Vraag er een aan de beheerder.",
                {"WWW-Authenticate": 'Bearer realm="Bronvast"' if path.startswith(("/v1", "/mcp")) else BASIC},
            )
        if method == "POST" and path in JSON_ONLY and not _is_json(headers.get("content-type", "")):
            raise RefusedError(415, "Dit adres neemt alleen JSON aan. Stuur mee: Content-Type: application/json")
        if method == "POST" and path in ASKS and self._pool.full:
            raise busy("Er wachten nu te veel vragen.")

    def _check_host(self, host: str) -> None:
        if self._hosts is not None and _name_of(host) not in self._hosts:
            raise RefusedError(400, "Deze dienst heet anders. Noem de naam in de instelling hosts als hij klopt.")

    def _check_origin(self, headers: Headers, method: str) -> None:
        """A web page elsewhere may only ask when its site is in `origins`."""
        origin = headers.get("origin")
        asks_leave = method == "OPTIONS" and "access-control-request-method" in headers
        if origin is None or (method in SAFE and not asks_leave):
            return
        if urlsplit(origin).netloc.lower() == headers.get("host", "").lower():
            return
        if origin.rstrip("/").lower() not in self._origins:
            raise RefusedError(403, "Deze website mag hier niets vragen. De beheerder kan haar noemen in origins.")

    def _check_rate(self, asker: str) -> None:
        if seconds := self._rates.wait(asker):
            wait = str(math.ceil(seconds))
            raise RefusedError(429, f"U vraagt te vaak. Probeer het over {wait} s opnieuw.", {"Retry-After": wait})

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        """The whole body. Raises RefusedError when it is too large, or comes too slowly."""
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._most_bytes:
            raise self._too_large()
        parts: list[bytes] = []
        size, more = 0, True
        try:
            async with asyncio.timeout(self._body_seconds):
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        break
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    more = message.get("more_body", False)
                    if size > self._most_bytes:
                        raise self._too_large()
        except TimeoutError:
            raise RefusedError(408, "De inhoud kwam niet op tijd binnen.", CLOSE) from None
        return b"".join(parts)

    def _too_large(self) -> RefusedError:
        return RefusedError(413, f"Het verzoek mag hoogstens {self._most_bytes // 1024} kB groot zijn.", CLOSE)


BASIC = 'Basic realm="Bronvast", charset="UTF-8"'
CLOSE: Mapping[str, str] = {"Connection": "close"}


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _name_of(host: str) -> str:
    """The name in a Host header, without the port: "[::1]:80" is "::1"."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower()


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body as if it came now; after it, whatever the connection says."""
    pending = [body]

    async def replayed() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return replayed
