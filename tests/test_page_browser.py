"""The page, the element and the source in a real browser, as people use them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.keys import make_key
from browsing import (
    Site,
    answered,
    answers_with,
    ask,
    fails_with,
    listen,
    message,
    refused,
    started_site,
    wait_for_element,
)
from qa.answer import Answerer
from qa.phrase import place_phrase

QUESTION = "Wat kost een rit met de buurtbus?"
BUSY = "Bezig met zoeken in de documenten."
WHOLE = "Evaluatie regioplan veenkamp, Samenvatting, Wat het plan heeft opgeleverd (p. 1)"


@pytest.fixture
def page(browser: Any, site: Site) -> Iterator[Any]:
    """A page that may say nothing in the console and ask nothing of others."""
    yield from watched(browser, site)


def watched(browser: Any, site: Site, **chosen: Any) -> Iterator[Any]:
    context = browser.new_context(locale="nl-NL", **{"reduced_motion": "reduce", **chosen})
    context.set_default_timeout(10_000)
    page = context.new_page()
    said: list[str] = []
    context.on("console", lambda line: said.append(line.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.said = said
    yield page
    context.close()
    assert page.said == []
    known = (site.url, site.host, site.stranger, "data:")
    assert [address for address in asked if not address.startswith(known)] == []


def first_quote(page: Any) -> Any:
    """The first quote of an answer that is whole: one that still arrives is put there anew."""
    return page.locator(".answer[aria-busy=false] blockquote").first


def test_a_question_streams_an_answer_and_its_citation_leads_to_the_marked_words(page: Any, site: Site) -> None:
    page.goto(site.url)
    ask(page, QUESTION)
    first_quote(page).wait_for()
    assert "1,50 euro" in page.locator("blockquote").first.text_content()
    quotes = page.locator("figure").all()
    for figure in quotes:
        quote = figure.locator("blockquote").text_content()
        with page.context.expect_page() as opened:
            figure.get_by_role("link").first.click()
        source = opened.value
        source.wait_for_load_state()
        marked = " ".join(mark.text_content() for mark in source.locator("mark").all())
        assert marked.split() == quote.split()
        assert source.evaluate("document.activeElement.id") == "citaat"
        assert source.locator("mark").first.evaluate(
            "m => { const r = m.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"
        )
        source.close()


def test_the_quotes_come_before_the_whole_answer(page: Any, site: Site) -> None:
    """With the stream held open after `bronnen`, the quotes already stand there."""
    page.goto(site.url)
    page.get_by_label("Uw vraag", exact=True).wait_for()
    record = message(answered(site.document))
    page.evaluate(
        """citations => {
          const sent = new TextEncoder().encode('event: bronnen\\ndata: ' + JSON.stringify(citations) + '\\n\\n');
          const open = new ReadableStream({start: control => control.enqueue(sent)});
          window.fetch = async () => new Response(open, {headers: {'content-type': 'text/event-stream'}});
        }""",
        record["citations"],
    )
    ask(page, QUESTION)
    page.locator("blockquote").first.wait_for()
    assert page.locator(".answer").get_attribute("aria-busy") == "true"
    assert page.get_by_role("button", name="Stop").is_visible()


def test_an_answer_shows_all_that_it_has(page: Any, site: Site) -> None:
    page.goto(site.url)
    answer = answered(site.document)
    answers_with(page, message(answer))
    ask(page, answer.question)
    first_quote(page).wait_for()
    shown = page.locator(".turn").inner_text()
    assert "Wie dit zegt: Bram Oldekamp, schooldirecteur" in shown
    assert "Met de kolommen erbij: 2019 (Reizigers: 22.700; Vrijwilligers: 94)" in shown
    assert "Ook in:" in shown
    places = [citation.place for citation in answer.citations]
    places.insert(1, answer.citations[0].also[0])
    links = page.locator("figure a").all()
    assert [link.text_content() for link in links] == [
        f"{place_phrase(place)} (opent in een nieuw venster)" for place in places
    ]
    assert [quote.text_content() for quote in page.locator("blockquote").all()] == [c.quote for c in answer.citations]
    for link in links:
        assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
        assert "(opent in een nieuw venster)" in link.inner_text()  # for who sees as well as for who hears


def test_a_quote_that_is_not_whole_is_never_shown(page: Any, site: Site) -> None:
    page.goto(site.url)
    record = message(answered(site.document))
    record["citations"][0]["quote"] += " En dat is goed."
    record["citations"][1]["quote"] = record["citations"][1]["quote"][:-1]
    answers_with(page, record)
    ask(page, QUESTION)
    page.get_by_text("Een citaat klopte niet met de bron.").wait_for()
    assert [quote.text_content() for quote in page.locator("blockquote").all()] == [record["citations"][2]["quote"]]


def test_a_refusal_shows_what_comes_nearest_and_whom_to_ask(page: Any, site: Site) -> None:
    page.goto(site.url)
    answers_with(page, message(refused(site.document)))
    ask(page, "Hoe bak ik pannenkoeken?")
    page.get_by_text("Geen antwoord gevonden.").first.wait_for()
    shown = page.locator(".turn").inner_text()
    assert "Het is geen antwoord op uw vraag." in shown
    assert "informatiepunt@lauwerdam.example" in shown
    assert page.locator(".near blockquote").count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_refusal_names_each_nearest_place_once(browser: Any, site: Site, scripts: bool) -> None:
    for page in watched(browser, site, java_script_enabled=scripts):
        page.goto(site.url)
        if scripts:
            wait_for_element(page)
        page.get_by_label("Uw vraag", exact=True).fill("Wat kostte de nieuwe sporthal?")
        page.get_by_role("button", name="Verstuur").click()
        page.locator(".near blockquote").first.wait_for()
        shown = page.locator(".turn").inner_text()
        places = [link.text_content().partition(" (opent")[0] for link in page.locator(".near a").all()]
        assert places
        assert [shown.count(place) for place in places] == [1] * len(places)
        assert shown.count("Probeer andere woorden, of één vraag tegelijk.") == 1


def test_a_conversation_sends_the_turns_before_and_shows_the_completed_question(page: Any, site: Site) -> None:
    sent: list[Any] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if "antwoorden" in request.url else None)
    page.goto(site.url)
    answers_with(page, message(answered(site.document)))
    ask(page, "Hoe gaat het met de buurtbus?")
    page.locator(".line").last.get_by_text("Dit staat erover").wait_for()
    ask(page, "En in 2019?")
    page.get_by_text("Gezocht is op: Hoe gaat het met de buurtbus?").wait_for()
    assert [one["earlier"] for one in sent] == [[], ["Hoe gaat het met de buurtbus?"]]
    page.get_by_role("button", name="Gesprek wissen").click()
    assert page.locator(".turn").count() == 0
    assert page.get_by_text("U kunt bijvoorbeeld vragen:").is_visible()
    ask(page, "Opnieuw?")
    page.locator(".line").last.get_by_text("Dit staat erover").wait_for()
    assert sent[-1]["earlier"] == []


def test_what_is_typed_before_the_script_comes_stays(page: Any, site: Site) -> None:
    waiting: list[Any] = []
    page.route("**/widget.js", lambda route: waiting.append(route))
    page.goto(site.url, wait_until="commit")
    page.get_by_label("Uw vraag", exact=True).fill(QUESTION)
    waiting[0].continue_()
    page.locator("vraag-widget [role=log]").wait_for(state="attached")
    field = page.get_by_label("Uw vraag", exact=True)
    assert field.input_value() == QUESTION
    assert focused(page) == "TEXTAREA"
    field.press("Enter")
    first_quote(page).wait_for()


def test_an_example_is_asked_with_one_press(page: Any, site: Site) -> None:
    page.goto(site.url)
    wait_for_element(page)
    page.get_by_role("button", name="Wie is de wethouder van Meerwaard?").click()
    first_quote(page).wait_for()
    assert page.get_by_role("heading", name="Wie is de wethouder van Meerwaard?").is_visible()


def test_a_search_can_be_stopped_and_tried_again(page: Any, site: Site) -> None:
    page.goto(site.url)
    page.route("**/v1/antwoorden", lambda _route: None)
    ask(page, QUESTION)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("U hebt het zoeken gestopt.").first.wait_for()
    assert page.get_by_label("Uw vraag", exact=True).input_value() == QUESTION
    page.unroute("**/v1/antwoorden")
    page.get_by_role("button", name="Probeer opnieuw").click()
    first_quote(page).wait_for()
    assert page.locator(".turn").count() == 1


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (429, {"Retry-After": "12"}, "Het is nu druk. Probeer het over 12 seconden opnieuw."),
        (503, {"Retry-After": "1"}, "Het is nu druk. Probeer het over 1 seconden opnieuw."),
        (500, {}, "Er ging iets mis bij de dienst. Uw vraag is er nog. Probeer het opnieuw."),
        (401, {}, "Deze dienst werkt alleen met een sleutel."),
        (400, {}, "Uw vraag kan niet."),
        (0, {}, "Er is geen verbinding. Controleer uw netwerk. Probeer het dan opnieuw."),
    ],
)
def test_what_goes_wrong_is_told_kindly_and_the_question_stays(
    page: Any, site: Site, status: int, headers: dict[str, str], said: str
) -> None:
    page.goto(site.url)
    if status:
        fails_with(page, status, "Uw vraag kan niet.", **headers)
    else:
        page.context.set_offline(True)
    page.get_by_label("Uw vraag", exact=True).wait_for()
    listen(page)
    ask(page, QUESTION)
    page.locator(".turn .error").get_by_text(said).wait_for()
    assert page.get_by_label("Uw vraag", exact=True).input_value() == QUESTION
    heard = page.evaluate("said")
    assert heard[0] == BUSY
    assert len(heard) == 2
    assert heard[1].startswith(said)
    page.said.clear()  # the browser itself notes a failed request


def test_an_answer_is_announced_exactly_twice(page: Any, site: Site) -> None:
    page.goto(site.url)
    page.get_by_label("Uw vraag", exact=True).wait_for()
    for _ in range(2):
        listen(page)
        ask(page, QUESTION)
        page.locator(".answer[aria-busy=false]").last.wait_for()
        page.wait_for_timeout(150)
        heard = page.evaluate("said")
        assert len(heard) == 2, heard
        assert heard[0] == BUSY
        assert re.fullmatch(r"Dit staat erover in de documenten: .*1,50.* (1 citaat|\d citaten)\.", heard[1], re.DOTALL)
        page.reload()
        page.get_by_label("Uw vraag", exact=True).wait_for()


def test_an_answer_is_shown_as_it_comes_no_timer_holds_it_back(page: Any, site: Site) -> None:
    page.goto(site.url)
    page.get_by_label("Uw vraag", exact=True).wait_for()
    page.evaluate("window.setTimeout = window.setInterval = window.requestAnimationFrame = () => 0")
    ask(page, QUESTION)
    first_quote(page).wait_for()


def test_everything_works_with_the_keyboard_alone(page: Any, site: Site) -> None:
    page.goto(f"{site.host}/")
    page.get_by_role("button", name="Stel een vraag (AI)").wait_for()
    for _ in range(10):
        page.keyboard.press("Tab")
        if focused(page) == "Stel een vraag (AI)":
            break
    page.keyboard.press("Enter")
    assert focused(page) == "TEXTAREA"
    page.keyboard.press("Enter")
    page.get_by_text("Typ eerst een vraag.").wait_for()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Shift+Enter")
    assert page.get_by_label("Uw vraag", exact=True).input_value().endswith("\n")
    page.keyboard.press("Enter")
    first_quote(page).wait_for()
    assert focused(page) == "TEXTAREA"
    page.keyboard.press("F6")
    assert focused(page) == "log"
    page.keyboard.press("Tab")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.close()
    page.keyboard.press("F6")
    assert focused(page) == "TEXTAREA"
    page.keyboard.press("Escape")
    assert focused(page) == "Stel een vraag (AI)"
    assert not page.get_by_label("Uw vraag", exact=True).is_visible()
    assert page.get_by_role("button", name="Stel een vraag (AI)").get_attribute("aria-expanded") == "false"


def test_focus_leaves_the_open_panel(page: Any, site: Site) -> None:
    page.goto(f"{site.host}/")
    page.get_by_role("button", name="Stel een vraag (AI)").click()
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(focused(page))
    assert "" in seen  # out of the element, to the browser or the page


def focused(page: Any) -> str:
    """The name of what has focus inside the element: its role, tag or text."""
    return str(
        page.evaluate(
            """() => { const at = document.querySelector('vraag-widget')?.shadowRoot?.activeElement;
                return !at ? '' : at.getAttribute('role') ??
                  (at.tagName === 'TEXTAREA' ? 'TEXTAREA' : at.textContent) }"""
        )
    )


def test_the_host_page_hears_what_happens_but_never_the_question(page: Any, site: Site) -> None:
    page.goto(f"{site.host}/")
    page.evaluate(
        """() => { window.heard = []; for (const name of ['vraag-klaar', 'bron-geopend'])
             document.addEventListener(name, event => window.heard.push([name, event.detail])); }"""
    )
    page.get_by_role("button", name="Stel een vraag (AI)").click()
    ask(page, QUESTION)
    first_quote(page).wait_for()
    with page.context.expect_page() as opened:
        page.locator("figcaption a").first.click()
    opened.value.close()
    (done, answer), (opening, source) = page.evaluate("heard")
    assert (done, answer["status"], opening) == ("vraag-klaar", "answered", "bron-geopend")
    assert answer["citaten"] >= 1
    assert source["adres"].startswith(f"{site.url}/bron/")
    assert QUESTION not in str((answer, source))


def looks(page: Any) -> list[Any]:
    """How the parts of the open element look and where they stand."""
    return list(
        page.evaluate(
            """() => [...document.querySelector('vraag-widget').shadowRoot.querySelectorAll('.panel *')].map(part => {
                 const style = getComputedStyle(part), box = part.getBoundingClientRect();
                 return [part.tagName, style.display, style.color, style.backgroundColor, style.fontFamily,
                   style.fontSize, style.letterSpacing, Math.round(box.width), Math.round(box.height)] })"""
        )
    )


def test_a_hostile_host_page_changes_nothing_inside(page: Any, site: Site) -> None:
    found = []
    for address in (f"{site.host}/", f"{site.host}/?vijandig"):
        page.goto(address)
        page.get_by_role("button", name="Stel een vraag (AI)").click()
        ask(page, QUESTION)
        page.locator(".answer[aria-busy=false]").wait_for()
        found.append(looks(page))
    assert found[0] == found[1]


def test_the_host_page_chooses_colours_with_tokens(page: Any, site: Site) -> None:
    page.goto(f"{site.host}/")
    button = page.get_by_role("button", name="Stel een vraag (AI)")
    button.wait_for()
    token = "--basis-color-action-1-inverse-bg-default"
    page.locator("vraag-widget").evaluate("(own, name) => own.style.setProperty(name, '#7a1e5a')", token)
    assert button.evaluate("b => getComputedStyle(b).backgroundColor") == "rgb(122, 30, 90)"


def test_an_unlisted_origin_is_refused(page: Any, site: Site) -> None:
    page.goto(f"{site.stranger}/?frame")
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelector('vraag-widget').shadowRoot") is None
    assert any("CORS policy" in line for line in page.said)
    assert any("frame-ancestors" in line for line in page.said)
    assert page.frames[1].url.startswith("chrome-error:")
    page.said.clear()


def test_a_listed_origin_may_show_the_frame(page: Any, site: Site) -> None:
    page.goto(f"{site.host}/?frame")
    frame = page.frame_locator("iframe")
    field = frame.get_by_label("Uw vraag", exact=True)
    field.fill(QUESTION)
    field.press("Enter")
    frame.locator("blockquote").first.wait_for()


def test_english_where_the_page_asks_for_it(page: Any, site: Site) -> None:
    page.goto(f"{site.url}/insluiten?taal=en")
    ask(page, QUESTION, "Your question")
    first_quote(page).wait_for()
    assert page.locator(".line").text_content() == "This is what the documents say:"
    assert first_quote(page).get_attribute("lang") == "nl"
    assert page.locator("vraag-widget").get_attribute("lang") == "en"


def test_a_quote_is_copied_with_its_reference(page: Any, site: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site.url)
    answer = answered(site.document)
    answers_with(page, message(answer))
    ask(page, answer.question)
    first_quote(page).wait_for()
    page.get_by_role("button", name="Kopieer met bronvermelding").first.click()
    page.get_by_role("button", name="Gekopieerd").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"“{answer.citations[0].quote}” ({WHOLE}) {site.url}/bron/")


def test_without_a_safe_clipboard_copying_still_works_or_says_so(page: Any, site: Site) -> None:
    page.goto(site.url)
    answers_with(page, message(answered(site.document)))
    page.get_by_label("Uw vraag", exact=True).wait_for()
    page.evaluate(
        "() => { document.execCommand = () => false; Object.defineProperty(navigator, 'clipboard', {value: null}); }"
    )
    ask(page, QUESTION)
    first_quote(page).wait_for()
    page.get_by_role("button", name="Kopieer met bronvermelding").first.click()
    page.get_by_role("button", name="Kopiëren lukt niet. Selecteer de tekst zelf.").wait_for()


def test_a_rating_is_kept_with_what_the_reader_was_told(page: Any, site: Site) -> None:
    page.goto(site.url)
    ask(page, QUESTION)
    page.get_by_role("button", name="Nee").click()
    page.get_by_label("Wat kan beter? (hoeft niet)").fill("Te lang.")
    assert page.get_by_text("Wij bewaren uw oordeel, uw vraag en uw toelichting.").is_visible()
    page.get_by_role("button", name="Verstuur oordeel").click()
    page.locator(".feedback").get_by_text("Bedankt voor uw oordeel.").wait_for()
    kept = site.feedback.read_text(encoding="utf-8")
    assert '"oordeel": "fout"' in kept
    assert QUESTION in kept


def test_a_question_that_is_too_long_is_told_before_it_is_sent(page: Any, site: Site) -> None:
    page.goto(site.url)
    ask(page, "x" * 1001)
    page.get_by_text("Uw vraag is te lang. Gebruik hoogstens 1000 tekens.").wait_for()
    field = page.get_by_label("Uw vraag", exact=True)
    assert field.get_attribute("aria-invalid") == "true"
    assert len(field.input_value()) == 1001


def test_find_in_the_document_goes_from_place_to_place(page: Any, site: Site) -> None:
    page.goto(f"{site.url}/bron/{site.document.id}")
    page.get_by_label("Zoek in dit document").fill("BUURTBUS")
    total = site.document.text.lower().count("buurtbus")
    for place in (1, 2):
        page.get_by_role("button", name="Volgende").click()
        page.get_by_text(f"Plaats {place} van {total}.").wait_for()
    assert page.evaluate("[...CSS.highlights.get('here')][0].toString()").lower() == "buurtbus"
    page.get_by_label("Zoek in dit document").fill("pannenkoek")
    page.get_by_role("button", name="Volgende").click()
    page.get_by_text("Niet gevonden.").wait_for()


def test_a_name_and_key_open_the_page_where_keys_are_on(
    browser: Any, sample_answerer: Answerer, tmp_path: Path
) -> None:
    key, line = make_key("redactie")
    with started_site(sample_answerer, tmp_path, keys=(line,)) as locked:
        for page in watched(browser, locked, http_credentials={"username": "redactie", "password": key}):
            page.goto(locked.url)
            ask(page, QUESTION)
            first_quote(page).wait_for()
            assert page.goto(f"{locked.url}/evaluatie").status == 200
        for page in watched(browser, locked):
            assert page.request.get(f"{locked.url}/evaluatie").status == 401


def test_without_scripts_a_form_gives_the_answer(browser: Any, site: Site) -> None:
    for page in watched(browser, site, java_script_enabled=False):
        page.goto(site.url)
        page.get_by_label("Uw vraag", exact=True).fill(QUESTION)
        page.get_by_role("button", name="Verstuur").click()
        assert "1,50 euro" in page.locator("blockquote").first.text_content()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name=re.compile("De buurtbus")).first.click()
        assert opened.value.locator("#citaat").is_visible()


def widths(page: Any) -> tuple[int, int]:
    seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return int(seen[0]), int(seen[1])


@pytest.mark.parametrize("path", ["/", "/insluiten", "/evaluatie", "/bron/evaluatie-regioplan-veenkamp"])
@pytest.mark.parametrize("way", ["320 px", "200% text"])
def test_a_narrow_screen_and_large_text_need_no_sideways_scrolling(
    browser: Any, site: Site, path: str, way: str
) -> None:
    size = {"width": 320, "height": 640} if way == "320 px" else {"width": 640, "height": 640}
    for page in watched(browser, site, viewport=size):
        page.goto(site.url + path)
        if way != "320 px":
            page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        if path in ("/", "/insluiten"):
            answers_with(page, message(answered(site.document)))
            ask(page, "Hoe gaat het met de buurtbus in de achttien dorpen van Veenkamp?")
            first_quote(page).wait_for()
        needed, given = widths(page)
        assert needed <= given


def test_the_open_panel_fits_a_phone(browser: Any, site: Site) -> None:
    for page in watched(browser, site, viewport={"width": 320, "height": 568}):
        page.goto(f"{site.host}/")
        page.get_by_role("button", name="Stel een vraag (AI)").click()
        box = page.locator(".panel").bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= 320
        ask(page, QUESTION)
        first_quote(page).wait_for()
        assert widths(page) == (320, 320)


def test_dark_follows_the_reader_on_our_pages_and_the_host_elsewhere(browser: Any, site: Site) -> None:
    for page in watched(browser, site, color_scheme="dark"):
        page.goto(site.url)
        wait_for_element(page)
        assert light(page.locator("vraag-widget .panel")) < 60
        page.goto(f"{site.host}/")
        page.get_by_role("button", name="Stel een vraag (AI)").click()
        assert light(page.locator("vraag-widget .panel")) == 255


def light(part: Any) -> int:
    """The lightness of a part's ground, 0 to 255."""
    colour = part.evaluate("p => getComputedStyle(p).backgroundColor")
    return max(int(number) for number in re.findall(r"\d+", colour)[:3])


def test_forced_colours_keep_edges_and_the_mark(browser: Any, site: Site) -> None:
    for page in watched(browser, site, forced_colors="active"):
        page.goto(site.url)
        ask(page, QUESTION)
        first_quote(page).wait_for()
        for part in (page.get_by_role("button", name="Verstuur"), page.locator(".quote").first):
            assert part.evaluate("p => parseFloat(getComputedStyle(p).borderInlineStartWidth)") >= 1
        page.goto(page.locator("figcaption a").first.get_attribute("href"))
        ground = page.locator("mark").first.evaluate("m => getComputedStyle(m).backgroundColor")
        assert ground != page.locator("body").evaluate("b => getComputedStyle(b).backgroundColor")


def test_nothing_moves_for_who_wants_no_motion(page: Any, site: Site) -> None:
    page.goto(site.url)
    page.get_by_label("Uw vraag", exact=True).wait_for()
    page.evaluate(
        """() => { window.ways = []; const own = Element.prototype.scrollIntoView;
             Element.prototype.scrollIntoView = function (how) {
               window.ways.push(how.behavior); own.call(this, how); }; }"""
    )
    ask(page, QUESTION)
    page.locator(".answer[aria-busy=false]").wait_for()
    assert set(page.evaluate("ways")) == {"auto"}
    assert page.evaluate("document.getAnimations().length") == 0
