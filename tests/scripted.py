"""An OpenAI-compatible server that does as a test says: it streams what it is told, or breaks in the way it is told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from qa.written.options import LanguageModelOptions

Script = Callable[["Asked"], None]


@dataclass
class Asked:
    """One request, and the ways to answer it."""

    body: dict[str, Any]
    handler: BaseHTTPRequestHandler
    stopped: threading.Event

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def data(self) -> dict[str, Any]:
        """The question and the passages as they were fenced."""
        return json.loads(self.body["messages"][-1]["content"])

    def status(self, code: int, body: bytes = b'{"error": {"message": "geheim"}}', **headers: str) -> None:
        self.handler.send_response(code)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | headers).items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def open(self) -> None:
        """Start a stream of events that ends when the connection closes."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()

    def raw(self, text: str) -> None:
        self.handler.wfile.write(text.encode())
        self.handler.wfile.flush()

    def event(self, delta: str, **more: Any) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", "content": delta}, "finish_reason": None}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]} | more
        self.raw(f"data: {json.dumps(chunk)}\n\n")

    def say(self, text: str, size: int = 7) -> None:
        """A whole, proper reply in pieces of `size` letters, with token counts."""
        self.open()
        for start in range(0, len(text), size):
            self.event(text[start : start + size])
        self.event("", choices=[], usage={"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120})
        self.raw("data: [DONE]\n\n")

    def wait(self, seconds: float) -> None:
        """Do nothing, until the test is over."""
        self.stopped.wait(seconds)


@dataclass
class Server:
    """A running scripted server; `asked` are the bodies it got."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    models: list[str] = field(default_factory=lambda: ["m"])

    def options(self, **more: Any) -> LanguageModelOptions:
        return LanguageModelOptions(**({"url": self.url, "model": "m", "timeout": 5} | more))


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """Run a script for every request until the block ends."""
    stopped = threading.Event()
    server = Server("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(body)
            server.headers.append(dict(self.headers))
            with suppress(OSError):  # the client hung up, as it should
                script(Asked(body, self, stopped))

        def do_GET(self) -> None:
            rows = [{"id": name} for name in server.models]
            Asked({}, self, stopped).status(200, json.dumps({"data": rows}).encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    thread = threading.Thread(target=lambda: http.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stopped.set()
        http.shutdown()
        http.server_close()


def sentences(*pairs: tuple[str, list[tuple[int, str]]]) -> str:
    """A reply in the form that is asked for."""
    rows = [
        {"tekst": text, "bewijs": [{"passage": number, "anker": anchor} for number, anchor in anchors]}
        for text, anchors in pairs
    ]
    return json.dumps({"zinnen": rows}, ensure_ascii=False)


def holding(data: dict[str, Any], words: str) -> int:
    """The number of the first passage that holds the words, 0 for none."""
    return next((p["nummer"] for p in data["passages"] if words in p["tekst"].replace("\n", " ")), 0)


def forever(step: Callable[[], None], stopped: threading.Event, pause: float = 0.02) -> None:
    """Repeat until the other side hangs up or the test is over."""
    while not stopped.is_set():
        step()
        time.sleep(pause)
