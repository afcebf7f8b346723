"""HTTP that cannot hang or flood: every answer has a moment by which it must be in, and a size it must stay under."""

import ssl
import threading
import time
from collections.abc import Iterator

import httpx

MOST_BYTES = 4 * 2**20
CONNECT_SECONDS = 5.0


class TooLateError(Exception):
    """The moment has passed."""


class TooMuchError(Exception):
    """The server sends more than any answer is."""


class BoundedTransport(httpx.BaseTransport):
    """A transport whose streams end at the deadline of the thread that reads them, and after MOST_BYTES.

    A read timeout alone does not do: a server that sends a byte now and then would never reach it.
    """

    def __init__(self) -> None:
        # The system's own certificates and SSL_CERT_FILE: a government's server has a government's certificate.
        self._inner = httpx.HTTPTransport(verify=ssl.create_default_context())
        self._own = threading.local()

    def set_deadline(self, deadline: float) -> None:
        """For the requests of this thread, by `time.monotonic()`."""
        self._own.deadline = deadline

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline = getattr(self._own, "deadline", time.monotonic() + 60)
        left = deadline - time.monotonic()
        if left <= 0:
            raise TooLateError
        connect = min(CONNECT_SECONDS, left)
        request.extensions["timeout"] = {"connect": connect, "read": left, "write": left, "pool": connect}
        request.headers["Accept-Encoding"] = "identity"  # what is packed has no size until it is unpacked
        response = self._inner.handle_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            response.close()
            raise TooMuchError
        stream = _BoundedStream(response.stream, deadline)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=stream, extensions=response.extensions
        )

    def close(self) -> None:
        self._inner.close()


class _BoundedStream(httpx.SyncByteStream):
    """The bytes of an answer, as long as there is time and room."""

    def __init__(self, inner: httpx.SyncByteStream | httpx.AsyncByteStream, deadline: float) -> None:
        assert isinstance(inner, httpx.SyncByteStream)
        self._inner = inner
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._inner:
            size += len(part)
            if size > MOST_BYTES:
                raise TooMuchError
            if time.monotonic() > self._deadline:
                raise TooLateError
            yield part

    def close(self) -> None:
        self._inner.close()


def bounded_client(transport: BoundedTransport) -> httpx.Client:
    """A client that follows nothing and nobody: no redirects, no proxies from the environment, no .netrc."""
    return httpx.Client(transport=transport, follow_redirects=False, trust_env=False)
