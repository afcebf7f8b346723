"""The pages as a program sees them: what they hold, without JavaScript, and what they weigh."""

import gzip
import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.examples import examples_for
from api.keys import make_key
from api.last_run import read_evaluation
from api.pool import busy
from api.service import local_service
from corpus.model import Document
from eval.gold import bundled_gold, read_gold
from qa.answer import Answerer
from qa.settings import Settings

STATIC = Path(__file__).resolve().parent.parent / "api" / "static"
QUESTION = "Wat kost een rit met de buurtbus?"
CHOSEN = json.loads((STATIC.parent / "examples.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def client(sample_answerer: Answerer) -> TestClient:
    return TestClient(create_app(local_service(sample_answerer)), base_url="http://127.0.0.1")


def client_with(answerer: Answerer, **chosen: object) -> TestClient:
    return TestClient(create_app(local_service(answerer, Settings(**chosen))), base_url="http://127.0.0.1")  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/", "/insluiten"])
def test_a_form_gives_the_answer_of_the_api_as_html(client: TestClient, sample_answerer: Answerer, path: str) -> None:
    page = html.fromstring(client.post(path, data={"question": QUESTION}).content)
    quotes = ["".join(quote.itertext()) for quote in page.iter("blockquote")]
    assert quotes == [citation.quote for citation in sample_answerer.answer(QUESTION).citations]
    assert not list(page.iter("script"))
    assert page.xpath("//input[@name='earlier']/@value") == [QUESTION]


def test_a_form_holds_the_conversation(client: TestClient) -> None:
    turns = [f"Vraag {n} over de buurtbus?" for n in range(7)]
    page = html.fromstring(client.post("/", data={"question": QUESTION, "earlier": turns}).content)
    assert page.xpath("//input[@name='earlier']/@value") == [*turns[-4:], QUESTION]


def test_a_refusal_says_why(client: TestClient) -> None:
    page = client.post("/", data={"question": "Hoe bak ik pannenkoeken?"}).text
    assert "Geen antwoord gevonden." in page


def test_an_empty_form_is_no_fault(client: TestClient) -> None:
    assert client.post("/", data={}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/insluiten", "/evaluatie", "/bron/evaluatie-regioplan-veenkamp"])
def test_a_page_asks_nothing_of_others_and_has_nothing_inline(client: TestClient, path: str) -> None:
    page = html.fromstring(client.get(path).content)
    assert page.get("lang") == "nl"
    loaded = [*page.xpath("//script/@src"), *page.xpath("//link/@href"), *page.xpath("//img/@src")]
    assert all(address.startswith(("/", "data:,")) and not address.startswith("//") for address in loaded)
    assert all(client.get(address).status_code == 200 for address in loaded if address.startswith("/"))
    assert not page.xpath("//*[@style] | //style | //script[not(@src)] | //*[starts-with(name(@*), 'on')]")
    assert len(page.xpath("//h1")) == 1


def test_the_page_says_what_it_is_before_the_first_question(client: TestClient, sample: Document) -> None:
    page = html.fromstring(client.get("/").content)
    text = " ".join(page.itertext())
    assert "geautomatiseerd systeem (AI)" in text
    assert "Uw vraag wordt niet bewaard." in text
    assert sample.title in text
    assert page.xpath("//button[@name='question']/@value") == examples_for([sample])


def test_examples_are_answerable_gold_questions_of_their_document() -> None:
    gold = {
        (question.document_sha256, question.question)
        for path in bundled_gold()
        for question in read_gold(path).questions
        if question.answerable and len(question.turns) == 1
    }
    assert CHOSEN
    assert {(known, question) for known, questions in CHOSEN.items() for question in questions} <= gold


@pytest.mark.model
def test_examples_are_answered(sample_answerer: Answerer, sample: Document) -> None:
    assert [q for q in examples_for([sample]) if not sample_answerer.answer(q).citations] == []


@pytest.mark.model
def test_examples_about_the_report_are_answered(report_answerer: Answerer, report: Document) -> None:
    assert len(examples_for([report])) == 4
    assert [q for q in examples_for([report]) if not report_answerer.answer(q).citations] == []


def test_examples_come_from_headings_where_there_is_no_gold(made_up: Document) -> None:
    assert examples_for([made_up]) == ["Wat staat er over “Gevolgen voor het verkeer”?"]
    assert examples_for([made_up], ["Wat kost de brug?"]) == ["Wat kost de brug?"]


def test_a_form_that_cannot_be_answered_now_keeps_the_question(
    sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = local_service(sample_answerer)
    client = TestClient(create_app(service), base_url="http://127.0.0.1")

    async def full(*_question: object) -> None:
        raise busy("Er wachten nu te veel vragen.")

    monkeypatch.setattr(service, "ask", full)
    response = client.post("/", data={"question": QUESTION, "earlier": ["Eerst?"]})
    page = html.fromstring(response.content)
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert page.xpath("//textarea/text()") == [QUESTION]
    assert page.xpath("//input[@name='earlier']/@value") == ["Eerst?"]
    assert "te veel vragen" in page.xpath("string(//*[@role='alert'])")


def test_a_key_guards_all_that_names_documents(sample_answerer: Answerer) -> None:
    key, line = make_key("redactie")
    locked = client_with(sample_answerer, keys=(line,))
    for path in ("/", "/insluiten", "/opzet", "/evaluatie", "/bron/evaluatie-regioplan-veenkamp"):
        assert locked.get(path).status_code == 401, path
        assert locked.get(path, auth=("redactie", key)).status_code == 200, path
    assert locked.post("/beoordelingen", json=RATING).status_code == 401
    assert locked.get("/widget/v1/widget.js").status_code == 200


def test_the_page_says_how_long_a_question_is_kept(sample_answerer: Answerer, tmp_path: Path) -> None:
    keeping = client_with(sample_answerer, keep_days=30, keep_folder=tmp_path)
    text = keeping.get("/").text
    assert text.count("Uw vraag wordt 30 dagen bewaard.") == 2
    assert "niet bewaard" not in text
    assert keeping.get("/opzet").json()["bewaarDagen"] == 30


RATING = {"antwoord": "x", "vraag": "Wat kost het?", "oordeel": "goed", "toelichting": "Helder."}


def test_a_rating_is_kept_only_where_the_operator_says_so(sample_answerer: Answerer, tmp_path: Path) -> None:
    path = tmp_path / "map" / "oordelen.jsonl"
    off, on = client_with(sample_answerer), client_with(sample_answerer, feedback=path)
    assert off.post("/beoordelingen", json=RATING).status_code == 404
    assert not off.get("/opzet").json()["beoordelen"]
    assert on.get("/opzet").json()["beoordelen"]
    assert on.post("/beoordelingen", json=RATING).status_code == 201
    assert on.post("/beoordelingen", json={**RATING, "oordeel": "fout"}).status_code == 201
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line.pop("tijd")[:2] for line in lines] == ["20", "20"]
    assert lines == [RATING, {**RATING, "oordeel": "fout"}]
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("wrong", [{"oordeel": "matig"}, {"toelichting": "x" * 2001}, {"naam": "Jan"}, {"vraag": None}])
def test_a_wrong_rating_is_not_kept(sample_answerer: Answerer, tmp_path: Path, wrong: dict[str, object]) -> None:
    path = tmp_path / "oordelen.jsonl"
    client = client_with(sample_answerer, feedback=path)
    assert client.post("/beoordelingen", json={**RATING, **wrong}).status_code == 400
    assert not path.exists()


def test_the_evaluation_page_shows_figures_losses_and_questions(sample_answerer: Answerer, tmp_path: Path) -> None:
    path = tmp_path / "evaluatie.json"
    path.write_text(json.dumps(measurement()), encoding="utf-8")
    text = client_with(sample_answerer, evaluation=path).get("/evaluatie").text
    for said in ("62,5%", "75,0%", "eerste citaat antwoordt gedaald", "Wat kost het?", "slechter: tekst anders"):
        assert said in text, said


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"questions": 3}', "\x00"])
def test_the_evaluation_page_says_how_to_measure(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "evaluatie.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert "bronvast eval --json" in read_evaluation(path).problem


def measurement() -> dict[str, object]:
    question = {
        "id": "q1", "question": "Wat kost het?", "answerable": True, "right": False, "reason": "",
        "change": {"sorts": ["tekst anders"], "verdict": "slechter", "broken": []},
        "citations": [{"quote": "Een rit kost 1,50 euro.", "sections": ["2"], "heading": "De buurtbus"}],
    }  # fmt: skip
    refusal = {**question, "id": "q2", "change": None, "citations": [], "reason": "niet-gevonden", "right": True}
    return {
        "version": "0.1.0",
        "documents": {"veenkamp": "f15d"},
        "figures": {"answering quote at 1": {"value": 0.625, "low": 0.5, "high": 0.7, "count": 2}},
        "comparison": {
            "compared": 2,
            "losses": ["eerste citaat antwoordt gedaald"],
            "differences": [{"measure": "answering quote at 1", "before": 0.75}],
        },
        "questions": [question, refusal],
    }


def zipped(*paths: str, client: TestClient) -> int:
    return sum(len(gzip.compress(client.get(path).content, 9)) for path in paths)


def test_the_element_and_the_page_are_light(client: TestClient) -> None:
    assert zipped("/widget/v1/widget.js", client=client) <= 12 * 1024
    assert zipped("/widget/v1/widget.css", "/static/page.css", client=client) <= 14 * 1024


def test_a_file_is_sent_again_only_when_it_changed(client: TestClient) -> None:
    for path in ("/widget/v1/widget.js", "/widget/v1/widget.css"):
        tag = client.get(path).headers["etag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(path, headers={"If-None-Match": '"ander"'}).status_code == 200


def test_the_scripts_never_make_elements_from_text_nor_keep_anything() -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|[sS]torage\b|cookie"
    for name in ("widget.js", "source.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.findall(forbidden, code)
        assert not re.findall(r"https?://", code)


def interface_strings() -> list[str]:
    """Every Dutch sentence of the interface: the element's texts, and what stands in the templates."""
    script = (STATIC / "widget.js").read_text(encoding="utf-8")
    dutch = script[script.index("nl: {") : script.index("en: {")]
    found = re.findall(r': "((?:[^"\\]|\\.)*)"', dutch)
    for name in ("page.html", "frame.html", "answer.html", "source.html", "evaluation.html", "missing.html"):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "\n", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"\{\{.*?\}\}", "iets", text)
        found += re.findall(r'(?:aria-label|title)="([^"]*)"', text) + re.sub(r"<[^>]*>", "\n", text).split("\n")
    searched = (STATIC / "source.js").read_text(encoding="utf-8")
    found += re.findall(r'"([A-Z][^"]*[a-z][^"]*)"', searched)
    return [one.strip() for one in found if re.search(r"[a-z]{2}", one)]


def sentences(strings: list[str]) -> list[list[str]]:
    return [re.findall(r"\w+", part) for one in strings for part in re.split(r"(?<=[.!?:])\s+", one) if part.strip()]


def test_every_string_is_short_plain_dutch() -> None:
    strings = interface_strings()
    assert len(strings) > 80
    lengths = [len(words) for words in sentences(strings)]
    assert sum(lengths) / len(lengths) <= 12
    assert max(lengths) <= 16, [words for words in sentences(strings) if len(words) > 16]
    jargon = r"\b(token|cache|server|API|embedding|retrieval|index|prompt|chatbot|query|URL|sessie|data)\b"
    assert [one for one in strings if re.search(jargon, one, re.IGNORECASE)] == []


def test_the_install_page_names_real_attributes_events_and_settings() -> None:
    text = (STATIC.parent.parent / "docs" / "insluiten.md").read_text(encoding="utf-8")
    script = (STATIC / "widget.js").read_text(encoding="utf-8")
    for name in re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE):
        assert f'getAttribute("{name}")' in script, name
    for name in re.findall(r"^\| `(\w+-\w+)` \|", text, re.MULTILINE):
        assert f'#tell("{name}"' in script, name
    for name in re.findall(r"^(\w+) = \[", text, re.MULTILINE):
        assert name in Settings.model_fields, name
    styles = (STATIC / "nlds.css").read_text(encoding="utf-8")
    for token in re.findall(r"(--[\w-]+):", text):
        assert f"{token}:" in styles, token
