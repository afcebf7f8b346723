"""The service as a client meets it: in process, and really listening."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi.testclient import TestClient

from api.app import create_app
from api.protocol import PatientProtocol
from api.service import Service, local_service
from qa.answer import Answerer
from qa.settings import Settings


def local(answerer: Answerer, **chosen: object) -> Service:
    """A service that answers in this process, under the name that a test client calls it by."""
    return local_service(answerer, Settings(**{"hosts": ("testserver",), "rate": 0, **chosen}))  # type: ignore[arg-type]


def client_of(answerer: Answerer, **chosen: object) -> TestClient:
    """A client of such a service; a fault comes back as a response."""
    return TestClient(create_app(local(answerer, **chosen)), raise_server_exceptions=False)


@contextmanager
def listening(service: Service) -> Iterator[str]:
    """The address of a service that listens, with everything that `bronvast serve` puts around it."""
    config = uvicorn.Config(
        create_app(service), port=0, http=PatientProtocol, ws="none", log_config=None, server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
