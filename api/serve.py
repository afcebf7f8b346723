"""Runs the service: opens the index, starts the answering processes, listens, and stops in good order."""

import signal
import socket
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING

from corpus.errors import InputError

if TYPE_CHECKING:
    from api.service import Service
    from qa.settings import Settings

STOP_SECONDS = 20


def check_address(host: str, port: int) -> None:
    """Find out before the index is made whether the service can listen here. Raises InputError."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise InputError(
            f"Bronvast kan niet luisteren op {host}:{port} ({error.strerror}). Kies een andere poort met --port, "
            f"of een ander adres met --host."
        ) from error


def check_access(settings: "Settings") -> None:
    """Refuse to answer a whole network without keys, unless that is what the operator says. Raises InputError."""
    from api.guard import is_loopback
    from api.keys import read_keys

    read_keys(settings.keys)
    if not is_loopback(settings.host) and not settings.keys and not settings.open:
        raise InputError(
            f"Op {settings.host} kan iedereen in het netwerk vragen stellen. Maak een sleutel met: "
            "bronvast sleutel maak NAAM. Of kies daar bewust voor: --open, of open = true in de instellingen."
        )


def run(service: "Service") -> None:
    """Listen until SIGINT or SIGTERM; then take no new requests, and finish those that are being answered."""
    import uvicorn

    from api.app import create_app
    from api.protocol import PatientProtocol
    from api.record import start_log

    settings = service.settings
    app = create_app(service)
    start_log()
    _on_signals(service)
    with suppress(KeyboardInterrupt):  # uvicorn stops in good order first, and raises it again
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            http=PatientProtocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=list(settings.proxies) or None,
            timeout_graceful_shutdown=STOP_SECONDS,
        )


def _on_signals(service: "Service") -> None:
    def reload(_number: int, _frame: FrameType | None) -> None:
        service.reload()

    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, reload)
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)  # uvicorn has stopped when this is reached
