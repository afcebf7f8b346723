"""Makes the six screenshots in this folder: `make beeld` (needs Chromium). Look at them before you commit them.

The document is the sample that ships with Bronvast; the answers are real ones of the service.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from browsing import Site, ask, started_browser, started_site
from corpus.find import sample_documents
from corpus.load import load_documents
from fakes import answerer_on, build
from index.encode import load_encoder
from index.models import find_model
from qa.settings import Settings

HERE = Path(__file__).resolve().parent
QUESTION = "Hoe is de verbouwing van de melkfabriek betaald?"
DESKTOP = {"width": 1200, "height": 820}
PHONE = {"width": 390, "height": 844}


def start(page: Any, site: Site) -> None:
    """The chat page before the first question."""
    page.goto(site.url)
    page.get_by_label("Uw vraag", exact=True).wait_for()


def answer(page: Any, site: Site) -> None:
    """An answer on the chat page."""
    start(page, site)
    ask(page, QUESTION)
    page.get_by_role("button", name="Ja").wait_for()


def refusal(page: Any, site: Site) -> None:
    """A refusal, on a phone, in the dark."""
    start(page, site)
    ask(page, "Hoe bak ik pannenkoeken?")
    page.get_by_role("button", name="Ja").wait_for()


def intranet(page: Any, site: Site) -> None:
    """The element on an intranet page."""
    page.goto(f"{site.host}/")
    page.get_by_role("button", name="Stel een vraag (AI)").click()
    ask(page, "Wie is de wethouder van Meerwaard?")
    page.locator("blockquote").first.wait_for()


def source(page: Any, site: Site) -> None:
    """The quote in its document."""
    answer(page, site)
    page.goto(page.locator("figcaption a").first.get_attribute("href"))


def failure(page: Any, site: Site) -> None:
    """No connection."""
    start(page, site)
    page.context.set_offline(True)
    ask(page, QUESTION)
    page.get_by_role("button", name="Probeer opnieuw").wait_for()


SHOTS: dict[str, tuple[Callable[[Any, Site], None], dict[str, Any]]] = {
    "1-begin": (start, {"viewport": DESKTOP}),
    "2-antwoord": (answer, {"viewport": DESKTOP}),
    "3-weigering-donker": (refusal, {"viewport": PHONE, "color_scheme": "dark"}),
    "4-intranet": (intranet, {"viewport": DESKTOP}),
    "5-bron": (source, {"viewport": DESKTOP}),
    "6-geen-verbinding": (failure, {"viewport": PHONE}),
}


def main() -> None:
    """Write every picture anew."""
    settings = Settings()
    encoder = load_encoder(find_model("bundled", settings.cache, lambda _message: None), "onnx", settings.thread_count)
    with TemporaryDirectory() as name, started_browser() as browser:
        folder = Path(name)
        index = build(folder / "index", load_documents(sample_documents()), encoder)
        with started_site(answerer_on(index, encoder), folder) as site:
            for shot, (state, chosen) in SHOTS.items():
                context = browser.new_context(locale="nl-NL", reduced_motion="reduce", **chosen)
                page = context.new_page()
                state(page, site)
                page.wait_for_timeout(300)
                page.screenshot(path=HERE / f"{shot}.png")
                context.close()


if __name__ == "__main__":
    main()
