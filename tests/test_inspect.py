"""`bronvast inspect` shows how a document was read, for people, programs and in a browser."""

import json
from html.parser import HTMLParser
from pathlib import Path

from api.inspection import counts, record, render, warnings_of
from corpus.find import sample_documents
from corpus.load import load_documents
from corpus.model import Kind
from fakes import run_in

SAMPLE = load_documents(sample_documents())[0]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.names: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.ids += [str(value) for name, value in attrs if name == "id"]
        self.targets += [str(value) for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_tree_names_every_section(tmp_path: Path) -> None:
    done = run_in(tmp_path, "inspect", str(SAMPLE.path))
    assert done.returncode == 0
    for section in SAMPLE.document.sections:
        assert (section.title or section.label)[:40] in done.stdout
    assert "6 pagina's" in done.stdout


def test_json_holds_what_the_document_holds() -> None:
    shown = json.loads(json.dumps(record(SAMPLE)))
    document = SAMPLE.document
    assert [section["title"] for section in shown["sections"]] == [section.title for section in document.sections]
    assert shown["counts"]["voetnoten"] == sum(s.kind is Kind.FOOTNOTE for s in document.sections) == 4
    assert [document.text[slice(*person["name"])] for person in shown["people"]]
    assert shown["removed"] == [] or all(piece["text"].strip() for piece in shown["removed"])
    assert shown["warnings"] == warnings_of(SAMPLE)


def test_the_page_shows_all_text_and_its_links_go_somewhere() -> None:
    page = Tags()
    page.feed(render(SAMPLE))
    shown = "".join("".join(page.text).split())
    for line in SAMPLE.document.text.splitlines():
        assert "".join(line.split()) in shown
    assert len(page.ids) == len(set(page.ids))
    assert {target[1:] for target in page.targets} <= set(page.ids)
    assert not page.names & {"script", "img", "iframe", "link"}


def test_a_document_cannot_put_its_own_markup_in_the_page(tmp_path: Path) -> None:
    path = tmp_path / "kwaad.txt"
    path.write_text("1 Kop <script>alert(1)</script>\nEen zin met <b>vet</b> & meer.\n", encoding="utf-8")
    page = render(load_documents([path])[0])
    assert "<script>" not in page
    assert "&lt;b&gt;vet" in page


def test_a_folder_or_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Een zin.", encoding="utf-8")
    many = run_in(tmp_path, "inspect", str(tmp_path))
    assert (many.returncode, "geef één document" in many.stderr) == (2, True)
    lost = run_in(tmp_path, "inspect", "a.txt", "--html", "weg/pagina.html")
    assert (lost.returncode, "kan dit bestand niet schrijven" in lost.stderr) == (2, True)


def test_counts_are_of_this_document() -> None:
    assert counts(SAMPLE.document)["delen"] == 7
