"""Accessibility in a real browser: axe-core in every state, light and dark, and the accessibility trees."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from browsing import Site, answered, answers_with, ask, fails_with, message, refused, violations, written
from test_page import measurement

TREES = Path(__file__).parent / "trees"
OPEN = "Stel een vraag (AI)"


def empty(page: Any, site: Site) -> None:
    page.get_by_label("Uw vraag", exact=True).wait_for()


def streaming(page: Any, site: Site) -> None:
    page.route("**/v1/antwoorden", lambda _route: None)
    ask(page, "Hoe gaat het met de buurtbus?")
    page.get_by_role("button", name="Stop").wait_for()


def answer(page: Any, site: Site) -> None:
    answers_with(page, message(answered(site.document)))
    ask(page, "Hoe gaat het met de buurtbus?")
    page.get_by_role("button", name="Ja").wait_for()


def with_sentences(page: Any, site: Site) -> None:
    answers_with(page, message(written(site.document)))
    ask(page, "Hoe gaat het met de buurtbus?")
    page.get_by_role("button", name="Ja").wait_for()


def rating(page: Any, site: Site) -> None:
    answer(page, site)
    page.get_by_role("button", name="Nee").click()


def refusal(page: Any, site: Site) -> None:
    answers_with(page, message(refused(site.document)))
    ask(page, "Hoe bak ik pannenkoeken?")
    page.get_by_role("button", name="Ja").wait_for()


def failure(page: Any, site: Site) -> None:
    fails_with(page, 500)
    ask(page, "Hoe gaat het met de buurtbus?")
    page.get_by_role("button", name="Probeer opnieuw").wait_for()


def wrong_input(page: Any, site: Site) -> None:
    ask(page, " ")
    page.get_by_text("Typ eerst een vraag.").wait_for()


STATES: tuple[Callable[[Any, Site], None], ...] = (
    empty, streaming, answer, with_sentences, rating, refusal, failure, wrong_input,
)  # fmt: skip


@pytest.fixture
def page(browser: Any, site: Site) -> Iterator[Any]:
    context = browser.new_context(locale="nl-NL", reduced_motion="reduce", color_scheme="light")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def assert_accessible(page: Any, found: list[str], name: str) -> None:
    found += [f"{name}: {one}" for one in violations(page)]


def test_the_chat_page_has_no_violation_in_any_state(page: Any, site: Site) -> None:
    found: list[str] = []
    for state in STATES:
        page.goto(site.url)
        state(page, site)
        assert_accessible(page, found, state.__name__)
        page.unroute_all(behavior="ignoreErrors")
    assert found == []


def test_the_element_on_an_intranet_page_has_no_violation_in_any_state(page: Any, site: Site) -> None:
    found: list[str] = []
    page.goto(f"{site.host}/")
    page.get_by_role("button", name=OPEN).wait_for()
    assert_accessible(page, found, "closed")
    for state in STATES:
        page.goto(f"{site.host}/")
        page.get_by_role("button", name=OPEN).click()
        state(page, site)
        assert_accessible(page, found, state.__name__)
        page.unroute_all(behavior="ignoreErrors")
    assert found == []


def test_the_frame_has_no_violation_in_any_state(page: Any, site: Site) -> None:
    found: list[str] = []
    for state in STATES:
        page.goto(f"{site.url}/insluiten")
        state(page, site)
        assert_accessible(page, found, state.__name__)
        page.unroute_all(behavior="ignoreErrors")
    page.goto(f"{site.host}/?frame")
    page.frame_locator("iframe").get_by_label("Uw vraag", exact=True).wait_for()
    assert_accessible(page, found, "framed")
    assert found == []


@pytest.mark.parametrize("what", ["plain", "quote", "changed"])
def test_the_source_view_has_no_violation(page: Any, site: Site, what: str) -> None:
    queries = {"plain": "", "quote": "?van=1000&tot=1200#citaat", "changed": "?van=1&tot=9&versie=0"}
    page.goto(f"{site.url}/bron/{site.document.id}{queries[what]}")
    found: list[str] = []
    assert_accessible(page, found, what)
    assert found == []


def test_the_evaluation_page_has_no_violation(page: Any, site: Site) -> None:
    site.evaluation.unlink(missing_ok=True)
    found: list[str] = []
    page.goto(f"{site.url}/evaluatie")
    assert_accessible(page, found, "none yet")
    site.evaluation.write_text(json.dumps(measurement()), encoding="utf-8")
    page.goto(f"{site.url}/evaluatie")
    page.locator("summary").first.click()
    assert_accessible(page, found, "measured")
    assert found == []


def test_pages_without_scripts_have_no_violation(browser: Any, site: Site) -> None:
    """The HTML of an answer to a form: axe needs scripts, so the page is asked for by one and shown as it came."""
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    page.route("**/widget.js", lambda route: route.abort())
    found: list[str] = []
    for question in ("Wat kost een rit met de buurtbus?", "Hoe bak ik pannenkoeken?"):
        page.goto(site.url)
        page.get_by_label("Uw vraag", exact=True).fill(question)
        page.get_by_role("button", name="Verstuur").click()
        page.get_by_role("heading", name=question).wait_for()
        assert_accessible(page, found, question)
    context.close()
    assert found == []


def test_axe_finds_what_is_wrong(browser: Any) -> None:
    """The control: a page full of faults is not silently passed."""
    page = browser.new_page()
    page.set_content("<h3>x</h3><img src='data:,'><input><button></button><p style='color:#aaa'>bleek</p>")
    rules = {line.partition(":")[0] for line in violations(page)}
    page.close()
    assert {"button-name", "image-alt", "label", "color-contrast", "html-has-lang", "document-title"} <= rules


def tree(page: Any, state: Callable[[Any, Site], None], address: str, site: Site) -> str:
    page.goto(address)
    if address == f"{site.host}/":
        page.get_by_role("button", name=OPEN).click()
    state(page, site)
    page.locator(":focus").evaluate_all("all => all.forEach(one => one.blur())")
    text = page.locator("body").aria_snapshot()
    return text.replace(site.url, "https://bronvast.example") + "\n"


@pytest.mark.parametrize(
    ("name", "state", "path"),
    [
        ("pagina-leeg", empty, "/"),
        ("pagina-antwoord", answer, "/"),
        ("pagina-weigering", refusal, "/"),
        ("pagina-fout", failure, "/"),
        ("intranet-antwoord", answer, "host"),
        ("frame-antwoord", answer, "/insluiten"),
    ],
)
def test_the_accessibility_tree_is_as_it_was_agreed(
    browser: Any, site: Site, name: str, state: Callable[[Any, Site], None], path: str
) -> None:
    """Changed on purpose? `BRONVAST_TREES=write pytest tests/test_page_access.py -k tree`, and read the difference."""
    context = browser.new_context(locale="nl-NL", reduced_motion="reduce")
    page = context.new_page()
    now = tree(page, state, f"{site.host}/" if path == "host" else site.url + path, site)
    context.close()
    file = TREES / f"{name}.yaml"
    if os.environ.get("BRONVAST_TREES") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8")
    assert now == file.read_text(encoding="utf-8")


def test_every_field_has_a_visible_label(browser: Any, site: Site) -> None:
    page = browser.new_page()
    for address in (site.url, f"{site.url}/insluiten", f"{site.url}/bron/{site.document.id}"):
        page.goto(address)
        page.wait_for_load_state("networkidle")  # the element takes the place of the form that works without scripts
        field = page.locator("textarea:visible, input:visible").first
        field.wait_for()
        label = field.evaluate("f => f.labels[0].getBoundingClientRect().height")
        assert label > 10
    page.close()
