"""What a language model wrote, as the page shows it: sentences that point at their quotes, and never one without."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from browsing import Site, answered, answers_with, ask, message, written
from live import client_of
from qa.answer import Answerer
from qa.model import Answer
from qa.written.model import Usage, Written
from qa.written.trouble import Trouble

QUESTION = "Hoe gaat het met de buurtbus?"
FIRST, SECOND = "In 2022 reden er 41.200 reizigers mee.", "In 2019 waren dat er nog 22.700."
WROTE = "Een taalmodel schreef deze zinnen."


@pytest.fixture
def page(browser: Any, site: Site) -> Iterator[Any]:
    context = browser.new_context(locale="nl-NL", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    said: list[str] = []
    context.on("console", lambda line: said.append(line.text))
    yield page
    context.close()
    assert said == []


def asked(page: Any, site: Site, record: dict[str, Any]) -> None:
    page.goto(site.url)
    answers_with(page, record)
    ask(page, QUESTION)
    page.get_by_role("button", name="Ja").wait_for()


def test_each_sentence_leads_to_the_quotes_it_rests_on(page: Any, site: Site) -> None:
    answer = written(site.document)
    asked(page, site, message(answer))
    assert page.locator(".said").inner_text().split() == f"{FIRST} [1] {SECOND} [3] [1]".split()
    assert WROTE in page.locator(".answer").inner_text()
    assert "Eén zin is weggelaten" in page.locator(".answer").inner_text()
    page.get_by_role("link", name="citaat 3").click()
    focused = "document.querySelector('vraag-widget').shadowRoot.activeElement.querySelector('blockquote').textContent"
    assert page.evaluate(focused) == answer.citations[2].quote
    places = [place.inner_text() for place in page.locator("figcaption").all()]
    assert [place[:3] for place in places] == ["[1]", "[2]", "[3]"]
    status = page.locator("vraag-widget [role=status]").text_content()
    assert f"{FIRST} {SECOND}" in status
    assert "3 citaten." in status


def test_a_sentence_whose_quote_was_changed_on_the_way_is_not_shown(page: Any, site: Site) -> None:
    record = message(written(site.document))
    record["citations"][2]["quote"] += " En meer."
    asked(page, site, record)
    shown = page.locator(".turn").inner_text()
    assert FIRST in shown
    assert SECOND not in shown
    assert SECOND not in page.locator("vraag-widget [role=status]").text_content()


def test_an_answer_that_fell_back_on_its_quotes_says_why(page: Any, site: Site) -> None:
    plain = answered(site.document)
    record = message(replace(plain, written=Written((), "proef", "0" * 64, Usage(), fallback=str(Trouble.SLOW))))
    asked(page, site, record)
    shown = page.locator(".turn").inner_text()
    assert "Dit zijn alleen de citaten: het taalmodel was niet op tijd klaar." in shown
    assert WROTE not in shown
    assert page.locator(".said").count() == 0


def test_sentences_appear_while_the_model_writes(page: Any, site: Site) -> None:
    """With the stream held open after a sentence, quotes and sentence stand there; who writes is said before."""
    page.route("**/opzet*", lambda route: route.fulfill(json=route.fetch().json() | {"taalmodel": True}))
    page.goto(site.url)
    page.get_by_text("Een taalmodel schrijft er zinnen bij.").wait_for()
    record = message(written(site.document))
    sentence = record["written"]["sentences"][0] | {"added": []}
    page.evaluate(
        """([citations, sentence]) => {
          const encoder = new TextEncoder();
          const event = (name, data) => encoder.encode(`event: ${name}\\ndata: ${JSON.stringify(data)}\\n\\n`);
          const open = new ReadableStream({start: control => {
            control.enqueue(event('bronnen', citations));
            window.next = () => control.enqueue(event('zin', sentence));
          }});
          window.fetch = async () => new Response(open, {headers: {'content-type': 'text/event-stream'}});
        }""",
        [record["citations"], sentence],
    )
    ask(page, QUESTION)
    page.get_by_text("Een taalmodel schrijft nu een antwoord bij deze citaten.").wait_for()
    assert page.locator("blockquote").count() == 3
    place = page.locator("figcaption a").nth(1)
    place.focus()
    page.evaluate("window.next()")
    page.locator(".said").wait_for()
    at = "document.querySelector('vraag-widget').shadowRoot.activeElement?.href"
    assert page.evaluate(at) == place.evaluate("a => a.href")  # a sentence takes nobody away from what he reads
    assert FIRST in page.locator(".said").inner_text()
    assert page.locator("blockquote").count() == 3
    assert page.locator(".answer").get_attribute("aria-busy") == "true"


class Told(Answerer):
    """Gives the same answer to every question."""

    def __init__(self, like: Answerer, told: Answer) -> None:
        self.__dict__.update(like.__dict__)
        self._told = told

    def answer(self, _question: str, _earlier: object = ()) -> Answer:
        return self._told


def without_scripts(like: Answerer, told: Answer) -> str:
    model = {"url": "http://127.0.0.1:9/v1", "model": "proef"}
    return client_of(Told(like, told), taalmodel=model).post("/", data={"question": QUESTION}).text


def test_the_page_without_scripts_shows_the_same_sentences(fake_sample_answerer: Answerer) -> None:
    (document,) = fake_sample_answerer.index.documents.values()
    html = without_scripts(fake_sample_answerer, written(document))
    assert FIRST in html
    assert f'{SECOND} <a class="nl-link" href="#citaat-3" aria-label="citaat 3">[3]</a>' in html
    assert 'id="citaat-3"' in html
    assert "Een taalmodel schrijft er zinnen bij." in html
    assert "Uw vraag gaat ook naar het taalmodel." in html
    assert "De computer schrijft zelf niets." not in html
    assert WROTE in html


def test_nor_does_it_show_a_sentence_whose_quote_is_not_true(fake_sample_answerer: Answerer) -> None:
    (document,) = fake_sample_answerer.index.documents.values()
    told = written(document)
    changed = (*told.citations[:2], replace(told.citations[2], quote="Iets anders."))
    html = without_scripts(fake_sample_answerer, replace(told, citations=changed))
    assert FIRST in html
    assert SECOND not in html
    assert "Iets anders." not in html
