"""The source view: all of the text, each quote marked letter by letter, links that last."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.citing import source_address, true_quotes
from api.service import local_service
from api.source import Block, Piece, contents_of, marked
from api.source_blocks import blocks_of
from api.source_page import in_pdf, source_page
from browsing import cite
from corpus.load import load_documents
from corpus.model import Document, Kind
from corpus.offsets import OffsetMap
from corpus.parts import Parts
from corpus.structure import read_document
from eval.gold import bundled_gold, read_gold
from fakes import MADE_UP, FakeEncoder, as_file, build
from qa.answer import Answerer


def every_piece(blocks: Sequence[Block]) -> Iterator[Piece]:
    for block in blocks:
        yield from block.pieces
        for row in block.rows:
            for cell in row:
                yield from cell
        yield from every_piece(block.blocks)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def assert_whole(document: Document) -> None:
    blocks = blocks_of(document, [(3, 40), (50, 51)])
    pieces = list(every_piece(blocks))
    assert squeezed("".join(piece.text for piece in pieces)) == squeezed(document.text)
    pages = [int(piece.name) for piece in pieces if piece.kind == "page"]
    with_text = {document.page_of(run[1]) for run in document.offsets.runs}
    assert sorted(pages) == sorted(with_text)


@pytest.mark.parametrize("name", ["sample", "made_up"])
def test_the_blocks_hold_every_letter_in_its_order_and_every_page(name: str, request: pytest.FixtureRequest) -> None:
    assert_whole(request.getfixturevalue(name))


def test_the_blocks_of_the_report_hold_every_letter(report: Document) -> None:
    assert_whole(report)
    kinds = {block.kind for block in blocks_of(report)}
    assert {"heading", "paragraph", "list", "table", "box", "footnote"} <= kinds


def test_a_table_keeps_its_values_under_their_columns(sample: Document) -> None:
    table = next(block for block in blocks_of(sample) if block.kind == "table")
    grid = [["".join(p.text for p in cell) for cell in line.rows[0]] for line in table.blocks if line.rows]
    assert grid[0] == ["Jaar", "Reizigers", "Vrijwilligers"]
    assert grid[1] == ["2018", "9.300", "58"]
    assert {len(row) for row in grid} == {3}


def test_contents_name_every_chapter_subheading_box_and_table(sample: Document) -> None:
    shown = [s for s in sample.sections if s.kind in (Kind.CHAPTER, Kind.SUBHEADING, Kind.BOX, Kind.TABLE)]
    assert len(contents_of(sample)) == len(shown)


@pytest.fixture(scope="module")
def client(sample_answerer: Answerer) -> TestClient:
    return TestClient(create_app(local_service(sample_answerer)), base_url="http://127.0.0.1")


def marks_at(client: TestClient, address: str) -> list[str]:
    page = html.fromstring(client.get(address.partition("#")[0]).content)
    return ["".join(mark.itertext()) for mark in page.iter("mark")]


def test_a_link_marks_the_quote_and_names_it_for_the_fragment(client: TestClient, sample: Document) -> None:
    citation = cite(sample, "41.000 reizigers")
    page = html.fromstring(client.get(source_address(citation)).content)
    (mark,) = page.iter("mark")
    assert "".join(mark.itertext()) == citation.quote
    assert (mark.get("id"), mark.get("tabindex")) == ("citaat", "-1")
    assert "Samenvatting" in page.findtext(".//title")


def test_a_row_of_a_table_is_marked_cell_by_cell(client: TestClient, sample: Document) -> None:
    assert marks_at(client, source_address(cite(sample, "2019 22.700"))) == ["2019", "22.700", "94"]


def test_a_link_survives_another_reading_of_the_same_source(tmp_path: Path) -> None:
    document = read_document("brug", "De brug", MADE_UP)
    citation = cite(document, "12 miljoen")
    # The same source read with another text before it: every offset and passage moves, but not those in the source.
    moved = len("Voorwoord\n")
    runs = tuple((text + moved, source, length) for text, source, length in document.offsets.runs)
    other = Document(
        document.id,
        document.title,
        document.source,
        "Voorwoord\n" + document.text,
        OffsetMap(runs),
        tuple(replace(s, start=s.start + moved, end=s.end + moved) for s in document.sections),
        tuple(replace(u, start=u.start + moved, end=u.end + moved) for u in document.units),
        document.page_starts,
        Parts(),
    )
    index = build(tmp_path / "index", [as_file(other)], FakeEncoder())
    query = parse_qsl(urlsplit(source_address(citation)).query)
    spans = list(zip([int(v) for k, v in query if k == "van"], [int(v) for k, v in query if k == "tot"], strict=True))
    page = source_page(index, other, spans, dict(query)["passage"], dict(query)["versie"])
    assert "".join(p.text for p in every_piece(page.blocks) if p.name and p.kind != "page") == citation.quote


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("van=10&tot=20&versie=000000000000", "veranderd"),
        ("van=20&tot=10", "staat niet meer"),
        ("van=0&tot=99999999", "staat niet meer"),
        ("van=-5&tot=3", "staat niet meer"),
        ("passage=weg", "staat niet meer"),
    ],
)
def test_a_place_that_is_gone_marks_nothing_and_says_so(client: TestClient, query: str, said: str) -> None:
    address = f"/bron/evaluatie-regioplan-veenkamp?{query}"
    assert marks_at(client, address) == []
    assert said in client.get(address).text


def test_a_passage_can_be_marked_by_its_name(client: TestClient, sample_answerer: Answerer) -> None:
    passage = sample_answerer.index.passages[3]
    said = marks_at(client, f"/bron/{passage.document_id}?passage={passage.id}")
    assert squeezed("".join(said)) == squeezed(sample_answerer.index.text(passage))


@pytest.mark.parametrize("address", ["/bron/weg", "/bron/weg/pdf", "/bron/evaluatie-regioplan-veenkamp/pdf"])
def test_what_is_not_there_is_404(client: TestClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Dit is hier niet" in response.text


def test_the_pdf_opens_at_the_page_of_the_quote(tmp_path: Path) -> None:
    path = tmp_path / "brief.pdf"
    typeset(path)
    (file,) = load_documents([path])
    index = build(tmp_path / "index", [file], FakeEncoder())
    citation = cite(file.document, "tweede bladzijde")
    page = source_page(index, file.document, citation.source_spans)
    words = "Dit%20is%20de%20tweede%20bladzijde."
    assert page.pdf == f"/bron/{file.document.id}/pdf#page=2&search={words}&phrase=true:~:text={words}"
    assert source_page(index, file.document, []).pdf == f"/bron/{file.document.id}/pdf#page=1"


def test_a_long_quote_is_found_in_the_pdf_by_its_first_and_last_words() -> None:
    place = in_pdf(
        7, ["de", "nood-brug,", "aan", "de", "noordkant", "(zie", "kaart", "2)", "is", "dit", "jaar", "weer", "open"]
    )
    found = "de%20nood-brug%2C%20aan%20de%20noordkant"
    assert place == (
        f"page=7&search={found}&phrase=true:~:text={found.replace('-', '%2D')},is%20dit%20jaar%20weer%20open"
    )


def typeset(path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), invariant=True)
    for number, words in enumerate(("Dit is de eerste bladzijde.", "Dit is de tweede bladzijde."), 1):
        canvas.drawString(72, 760, f"{number} Deel")
        canvas.drawString(72, 700, words)
        canvas.showPage()
    canvas.save()


def quotes_on_pages(answerer: Answerer) -> Iterator[tuple[str, str]]:
    """For every gold question: each quote on the page of the answer, and what its link marks in the document."""
    client = TestClient(create_app(local_service(answerer)), base_url="http://127.0.0.1")
    marks: dict[str, str] = {}
    (document,) = answerer.index.documents.values()
    hashes = {document.sha256}
    for file in bundled_gold():
        for gold in read_gold(file).questions:
            if gold.document_sha256 not in hashes:
                continue
            question, earlier = gold.turns[-1], list(gold.turns[:-1])
            page = html.fromstring(client.post("/", data={"question": question, "earlier": earlier}).content)
            for figure in page.iter("figure"):
                quote = "".join(figure.find("blockquote").itertext())
                address = figure.find("blockquote").get("cite")
                if address not in marks:
                    query = parse_qsl(urlsplit(address).query)
                    pairs = zip(
                        [int(v) for k, v in query if k == "van"], [int(v) for k, v in query if k == "tot"], strict=True
                    )
                    spans = marked(document, list(pairs))
                    marks[address] = " ".join(document.text[slice(*span)] for span in spans)
                yield quote, marks[address]


@pytest.mark.model
def test_every_quote_on_the_page_is_what_the_sample_says(sample_answerer: Answerer) -> None:
    both = list(quotes_on_pages(sample_answerer))
    assert len(both) > 30
    assert [quote for quote, source in both if quote != source] == []


@pytest.mark.model
def test_every_quote_on_the_page_is_what_the_report_says(report_answerer: Answerer) -> None:
    both = list(quotes_on_pages(report_answerer))
    assert len(both) > 300
    assert [quote for quote, source in both if quote != source] == []


def test_a_quote_that_fails_the_check_is_never_shown(sample: Document) -> None:
    true = cite(sample, "41.000 reizigers")
    false = [
        replace(true, quote=true.quote.replace("41.000", "14.000")),
        replace(true, start=true.start + 1, end=true.end + 1),
        replace(true, sha256="0" * 64),
        replace(true, place=replace(true.place, document="een-ander")),
    ]
    assert true_quotes([*false, true], {sample.id: sample}) == [true]
