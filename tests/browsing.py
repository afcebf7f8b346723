"""A browser, a service to look at, and an intranet page of another origin around the element."""

import importlib.resources
import json
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from api.schema import answer_out
from api.service import local_service
from corpus.model import Document
from live import listening
from qa.answer import Answerer
from qa.model import Answer, Citation, Reason, Status, place_of
from qa.settings import Settings
from qa.written.model import Level, Usage, Written, WrittenSentence

CHROMIUM = os.environ.get("BRONVAST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
MUST = bool(os.environ.get("CI") or os.environ.get("BRONVAST_REQUIRE_BROWSER"))
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
DEMO = Path(__file__).resolve().parent.parent / "docs" / "demo"
HOST_POLICY = (
    "default-src 'none'; script-src {service}; connect-src {service}; frame-src {service}; style-src 'self'; "
    "img-src data:; base-uri 'none'; require-trusted-types-for 'script'"
)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "EN-301-549", "best-practice"]


@dataclass(frozen=True, slots=True)
class Site:
    """A running service, the intranet page on a listed origin, and the same page on one that is not listed."""

    url: str
    host: str
    stranger: str
    document: Document
    feedback: Path
    evaluation: Path


def skip_without_browser() -> None:
    if CHROMIUM is None:
        reason = "er is geen Chromium: apt-get install chromium, of noem hem in BRONVAST_CHROMIUM"
        (pytest.fail if MUST else pytest.skip)(reason)


@contextmanager
def started_browser() -> Iterator[Any]:
    """Chromium, with nothing of its own over the network."""
    skip_without_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def started_site(answerer: Answerer, folder: Path, **chosen: Any) -> Iterator[Site]:
    """The whole app as it listens, with what an operator would set for the intranet page, and that page."""
    handler = type("Handler", (_Intranet,), {})
    intranet = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    port = intranet.server_address[1]
    threading.Thread(target=intranet.serve_forever, daemon=True).start()
    settings: dict[str, Any] = {
        "origins": (f"http://127.0.0.1:{port}",),
        "frame_ancestors": (f"http://127.0.0.1:{port}",),
        "feedback": folder / "oordelen.jsonl",
        "evaluation": folder / "evaluatie.json",
        "contact": "informatiepunt@lauwerdam.example",
        "rate": 0,
        **chosen,
    }
    with listening(local_service(answerer, Settings(**settings))) as url:
        handler.service = url
        yield Site(
            url=url,
            host=f"http://127.0.0.1:{port}",
            stranger=f"http://localhost:{port}",
            document=next(iter(answerer.index.documents.values())),
            feedback=settings["feedback"],
            evaluation=settings["evaluation"],
        )
    intranet.shutdown()
    intranet.server_close()


class _Intranet(BaseHTTPRequestHandler):
    """docs/demo under a strict policy; `?vijandig` adds hostile styles, `?frame` a frame with the service."""

    service = ""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        name = path.strip("/") or "intranet.html"
        text = (DEMO / name).read_text(encoding="utf-8").replace("{{dienst}}", self.service)
        if "vijandig" in query:
            text = text.replace("</head>", '<link rel="stylesheet" href="vijandig.css"></head>')
        if "frame" in query:
            frame = f'<iframe src="{self.service}/insluiten" title="Stel uw vraag (AI-systeem)"></iframe>'
            text = text.replace("<vraag-widget", frame + "<vraag-widget")
        self.send_response(200)
        self.send_header("Content-Type", "text/css" if name.endswith(".css") else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", HOST_POLICY.format(service=self.service))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_arguments: Any) -> None:
        pass


def cite(document: Document, words: str, **more: Any) -> Citation:
    """The sentence or row of the document that holds these words, as a citation."""
    at = document.text.index(words)
    unit = next(u for u in document.units if u.start <= at < u.end)
    return Citation(
        quote=document.text[unit.start : unit.end],
        place=place_of(document, document.sections[unit.section], document.pages(unit.start, unit.end)),
        passage_id=f"{document.id}/proef",
        start=unit.start,
        end=unit.end,
        source_spans=document.source_spans(unit.start, unit.end),
        sha256=document.sha256,
        **more,
    )


def answered(
    document: Document, question: str = "Hoe gaat het met de buurtbus?", earlier: Sequence[str] = ()
) -> Answer:
    """A made-up answer on the sample document that has everything an answer can have."""
    bus = cite(document, "41.000 reizigers", also=(cite(document, "2022 41.200").place,))
    school = cite(document, "Oldekamp", speaker="Bram Oldekamp, schooldirecteur")
    table = cite(document, "2019 22.700", row="2019 (Reizigers: 22.700; Vrijwilligers: 94)")
    quotes = (bus, school, table)
    return Answer(question, Status.ANSWERED, None, "Zie de citaten.", 0.9, quotes, (), searched=question)


def written(document: Document) -> Answer:
    """The same with what a language model made of it: two sentences, and one that no quote bore."""
    plain = answered(document)
    sentences = (
        WrittenSentence("In 2022 reden er 41.200 reizigers mee.", (1,), Level.SUPPORTED),
        WrittenSentence("", (), Level.UNSUPPORTED, "een getal dat nergens staat"),
        WrittenSentence("In 2019 waren dat er nog 22.700.", (3, 1), Level.LITERAL),
    )
    note = "Eén zin is weggelaten, want die volgde niet uit de citaten."
    return replace(plain, written=Written(sentences, "proef", "0" * 64, Usage(), note=note))


def refused(document: Document, question: str = "Hoe bak ik pannenkoeken?") -> Answer:
    """A made-up refusal with the nearest quotes."""
    text = "In de documenten staat geen antwoord op deze vraag."
    near = (cite(document, "Bewoners richtten"),)
    contact = "informatiepunt@lauwerdam.example"
    return Answer(question, Status.REFUSED, Reason.NOT_FOUND, text, 0.1, (), (), nearest=near, contact=contact)


def message(answer: Answer) -> dict[str, Any]:
    """An answer as it goes over HTTP."""
    return answer_out(answer.to_record("proef", 1.0)).model_dump(by_alias=True, mode="json")


def stream(record: dict[str, Any]) -> str:
    """A message as server-sent events."""
    events: Sequence[tuple[str, Any]] = (
        ("bronnen", record["citations"]),
        ("tekst", {"tekst": record["answer"]}),
        ("antwoord", record),
    )
    return "".join(f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n" for name, data in events)


def answers_with(page: Any, record: dict[str, Any]) -> None:
    """From now on the service answers the page with this record."""
    page.unroute("**/v1/antwoorden")
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
    page.route(
        "**/v1/antwoorden",
        lambda route: route.fulfill(body=stream(record), content_type="text/event-stream", headers=headers),
    )


def fails_with(page: Any, status: int, detail: str = "", **headers: str) -> None:
    """From now on the service answers the page with this problem."""
    page.unroute("**/v1/antwoorden")
    body = json.dumps({"status": status, "title": "", "detail": detail})
    more = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After", **headers}
    page.route(
        "**/v1/antwoorden",
        lambda route: route.fulfill(status=status, body=body, content_type="application/problem+json", headers=more),
    )


def wait_for_element(page: Any) -> None:
    """Wait for the element; before it is there, its form for pages without scripts is."""
    page.locator("vraag-widget [role=log]").wait_for(state="attached")


def ask(page: Any, question: str, label: str = "Uw vraag") -> None:
    """Type a question in the element and press Enter."""
    wait_for_element(page)
    field = page.get_by_label(label, exact=True)
    field.fill(question)
    field.press("Enter")


def violations(page: Any) -> list[str]:
    """What axe-core finds in every frame of the page: all rules in the light, and contrast again in the dark."""
    script = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    for frame in page.frames:
        frame.evaluate(f"{script};0")
    found = _run_axe(page, {"type": "tag", "values": AXE_TAGS})
    page.emulate_media(color_scheme="dark")
    found += [f"dark {one}" for one in _run_axe(page, {"type": "rule", "values": ["color-contrast"]})]
    page.emulate_media(color_scheme="light")
    return found


def _run_axe(page: Any, only: dict[str, Any]) -> list[str]:
    run = "only => axe.run(document, {iframes: false, resultTypes: ['violations'], runOnly: only})"
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]}"
        for frame in page.frames
        for one in frame.evaluate(run, only)["violations"]
        for node in one["nodes"]
    ]


# Counts what a screen reader would say: every change of a live region to another text.
LISTEN = """() => {
  const root = document.querySelector('vraag-widget').shadowRoot;
  window.said = [];
  for (const region of root.querySelectorAll('[role=status],[role=alert],[role=log]')) {
    if (region.getAttribute('aria-live') === 'off') continue;
    new MutationObserver(() => { if (region.textContent) window.said.push(region.textContent); })
      .observe(region, {childList: true, subtree: true, characterData: true});
  }
}"""


def listen(page: Any) -> None:
    """From now on `said` in the page holds what a screen reader would say; waits for the element to be there."""
    page.locator("vraag-widget [role=status]").first.wait_for(state="attached")
    page.evaluate(LISTEN)
