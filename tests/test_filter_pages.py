"""Filters on the pages and in the element: what is searched is shown, and a filter from the question can be removed."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from browsing import Site, ask, listen, started_site, violations
from fakes import FakeEncoder, answerer_on
from live import client_of
from qa.answer import Answerer
from qa.model import Reason
from qa.phrase import WHY
from reports import build_reports
from test_page import STATIC

FIRST = "Hoe lang is het fietspad in de evaluatie van 2018?"
TOLD = "Alleen gezocht in: evaluatie van 2018."
REMOVE = "Haal dit filter weg"
LEAVE = "Hoeveel uur verlof krijgt een medewerker voor een verhuizing?"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return answerer_on(build_reports(tmp_path_factory.mktemp("stukken")), FakeEncoder())


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> TestClient:
    return client_of(answerer)


@pytest.fixture(scope="module")
def shelf(answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with started_site(answerer, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def page(browser: Any, shelf: Site) -> Iterator[Any]:
    context = browser.new_context(locale="nl-NL", reduced_motion="reduce", color_scheme="light")
    context.set_default_timeout(10_000)
    said: list[str] = []
    context.on("console", lambda line: said.append(line.text))
    yield context.new_page()
    context.close()
    assert said == []


@pytest.mark.parametrize("path", ["/", "/insluiten"])
def test_a_page_of_one_collection_shows_and_searches_its_documents_only(client: TestClient, path: str) -> None:
    page = client.get(path, params={"collectie": "verkeer"})
    assert "Hier zoeken wij alleen in de collectie verkeer." in page.text
    assert "verlof" not in page.text.lower()
    assert html.fromstring(page.content).xpath("//vraag-widget/@collectie") == ["verkeer"]
    action = html.fromstring(page.content).xpath("//form[contains(@class, 'ask')]/@action")[0]
    assert action == f"{path}?collectie=verkeer"
    answered = html.fromstring(client.post(action, data={"question": LEAVE}).content)
    assert answered.xpath("//a[contains(@href, 'handreiking-verlof')]") == []
    assert answered.xpath("//form[contains(@class, 'ask')]/@action") == [action]


def test_without_a_collection_a_page_names_every_document(client: TestClient) -> None:
    page = client.get("/").text
    assert "Handreiking verlof" in page
    assert "collectie" not in page


@pytest.mark.parametrize("path", ["/", "/insluiten"])
def test_an_unknown_collection_is_told_with_those_that_there_are(client: TestClient, path: str) -> None:
    response = client.get(path, params={"collectie": "<b>zorg"})
    assert response.status_code == 404
    assert "hr-organisatie, verkeer" in response.text
    assert "<b>" not in response.text
    assert client.post(path, params={"collectie": "zorg"}, data={"question": LEAVE}).status_code == 404


def test_the_element_learns_of_its_collection_only(client: TestClient) -> None:
    setup = client.get("/opzet", params={"collectie": "hr-organisatie"}).json()
    assert [document["id"] for document in setup["documenten"]] == ["handreiking-verlof"]
    assert all("fiets" not in question.lower() or "De fiets" in question for question in setup["voorbeelden"])
    assert len(client.get("/opzet").json()["documenten"]) == 3
    assert client.get("/opzet", params={"collectie": "zorg"}).status_code == 404


def test_a_form_shows_the_filter_and_takes_it_away(client: TestClient) -> None:
    page = html.fromstring(client.post("/", data={"question": FIRST, "earlier": ["Eerst?"]}).content)
    form = page.xpath("//form[contains(@class, 'filter')]")[0]
    assert TOLD in "".join(form.itertext())
    sent = {field.get("name"): field.get("value") for field in form.xpath(".//input | .//button")}
    assert sent == {"question": FIRST, "earlier": "Eerst?", "filter": "weg"}
    again = html.fromstring(client.post("/", data=sent).content)
    assert again.xpath("//form[contains(@class, 'filter')]") == []
    assert again.xpath("//a[contains(@href, 'evaluatie-fietsplan-2022')]")


def test_the_element_and_the_answer_give_the_same_reasons() -> None:
    script = (STATIC / "widget.js").read_text(encoding="utf-8")
    for language in ("nl", "en"):
        for reason in (Reason.NOT_FOUND, Reason.OTHER_SUBJECT, Reason.FALSE_PREMISE):
            assert f'"{reason}": "{WHY[language][reason]}"' in script


def test_a_filter_from_the_question_is_shown_and_taken_away(page: Any, shelf: Site) -> None:
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if "antwoorden" in request.url else None)
    page.goto(shelf.url)
    page.get_by_label("Uw vraag", exact=True).wait_for()
    listen(page)
    ask(page, FIRST)
    button = page.get_by_role("button", name=REMOVE)
    button.wait_for()
    described = button.get_attribute("aria-describedby")
    assert page.locator(f"#{described}").text_content() == TOLD
    assert page.locator(".turn").get_by_role("link", name="2018").count() > 0
    assert page.locator(".turn").get_by_role("link", name="2022").count() == 0
    heard = page.evaluate("said")
    assert len(heard) == 2
    assert heard[1].startswith(TOLD)
    assert violations(page) == []
    button.focus()
    page.keyboard.press("Enter")
    page.locator(".turn").get_by_role("link", name="2022").first.wait_for()
    assert page.get_by_text(TOLD).count() == 0
    assert page.locator(".turn").count() == 1
    assert [(one["herkenFilter"], one["earlier"]) for one in sent] == [(True, []), (False, [])]
    assert page.get_by_label("Uw vraag", exact=True).evaluate("field => field.getRootNode().activeElement === field")


def test_a_filter_of_an_earlier_answer_is_taken_away_in_a_new_one(page: Any, shelf: Site) -> None:
    page.goto(shelf.url)
    ask(page, FIRST)
    page.get_by_role("button", name=REMOVE).wait_for()
    ask(page, LEAVE)
    page.locator(".answer[aria-busy=false]").nth(1).wait_for()
    page.get_by_role("button", name=REMOVE).click()
    page.locator(".answer[aria-busy=false]").nth(2).wait_for()
    assert page.locator(".turn").count() == 3
    assert page.locator(".turn").last.get_by_text(FIRST).count() == 1


def test_the_element_searches_its_collection(page: Any, shelf: Site) -> None:
    page.goto(f"{shelf.url}/insluiten?collectie=verkeer")
    page.get_by_text("Hier zoeken wij alleen in de collectie verkeer.").wait_for()
    ask(page, LEAVE)
    page.locator(".answer[aria-busy=false]").wait_for()
    assert page.locator(".turn").get_by_role("link", name="verlof").count() == 0
    assert violations(page) == []


@pytest.mark.parametrize("question", [FIRST, "Hoe bak ik pannenkoeken?"])
def test_the_form_without_scripts_has_no_violation(browser: Any, shelf: Site, question: str) -> None:
    """The script is kept away instead of turned off: axe-core is one itself."""
    context = browser.new_context(locale="nl-NL", reduced_motion="reduce", color_scheme="light")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(f"{shelf.url}/?collectie=verkeer")
    assert violations(page) == []
    page.get_by_label("Uw vraag", exact=True).fill(question)
    page.get_by_role("button", name="Verstuur").click()
    page.locator("article.turn").wait_for()
    assert page.get_by_role("button", name=REMOVE).count() == (question == FIRST)
    assert violations(page) == []
    context.close()


def test_a_filter_fits_a_narrow_screen(page: Any, shelf: Site) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(shelf.url)
    ask(page, FIRST)
    page.get_by_role("button", name=REMOVE).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.get_by_role("button", name=REMOVE).bounding_box()["height"] >= 24


def test_an_element_with_an_unknown_collection_says_which_there_are(browser: Any, shelf: Site) -> None:
    context = browser.new_context(locale="nl-NL", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"{shelf.host}/")
    page.evaluate(
        """() => { const own = document.createElement('vraag-widget');
             own.setAttribute('modus', 'inline'); own.setAttribute('collectie', 'zorg');
             document.querySelector('vraag-widget').replaceWith(own); }"""
    )
    ask(page, LEAVE)
    page.locator(".turn .error").get_by_text("Kies uit: hr-organisatie, verkeer.").wait_for()
    context.close()
