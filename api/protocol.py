"""uvicorn's reading of a connection, with its gaps closed: slow and endless headers, and errors in plain text."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.border import API_POLICY
from api.problems import PROBLEM, as_text, problem

HEADER_SECONDS = 10.0
MOST_HEADER_BYTES = 64 * 1024
MOST_CONNECTIONS = 900
UNREADABLE = "Dit is geen geldig HTTP-verzoek."
TOO_LONG = "De kopregels van het verzoek zijn samen te lang."


class PatientProtocol(HttpToolsProtocol):
    """Gives a request HEADER_SECONDS and MOST_HEADER_BYTES for its header; says in Dutch what cannot be read."""

    _timer: asyncio.TimerHandle | None = None
    _header_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_header()
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._wait_for_header()
        if self._timer is not None:
            self._header_bytes += len(data)
            if self._header_bytes > MOST_HEADER_BYTES and not self._fits(data):
                return
        super().data_received(data)

    def _fits(self, data: bytes) -> bool:
        """Whether the header ends in this piece, and what is long is the body."""
        before = self._header_bytes - len(data)
        if before <= MOST_HEADER_BYTES and 0 <= data.find(b"\r\n\r\n") <= MOST_HEADER_BYTES - before:
            return True
        self.send_400_response(TOO_LONG)
        return False

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        status = 431 if msg == TOO_LONG else 400
        body = as_text(problem(status, msg if msg == TOO_LONG else UNREADABLE)).encode()
        head = (
            f"HTTP/1.1 {status} \r\ncontent-type: {PROBLEM}\r\ncontent-length: {len(body)}\r\n"
            f"content-security-policy: {API_POLICY}\r\nx-content-type-options: nosniff\r\n"
            "cache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()

    def _wait_for_header(self) -> None:
        self._header_bytes = 0
        self._timer = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
