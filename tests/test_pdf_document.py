"""The sample document, typeset as a PDF and read back, is the same document up to layout."""

import pytest

from corpus.model import Document, Kind
from corpus.pdf.read import read_pdf
from corpus.structure import assemble
from typeset import typeset

VARIANTS = {
    "outline": {"outline": True},
    "plain": {},
    "hyphens": {"hyphenate": True},
    "columns": {"columns": 2, "hyphenate": True},
}


def labels(document: Document, kind: Kind) -> list[tuple[str, str]]:
    return [(section.number, section.title) for section in document.sections if section.kind is kind]


def letters(document: Document, skip: tuple[Kind, ...] = ()) -> str:
    """The document's letters in order, without those of sections of some kinds."""
    spans = [(s.start, s.end) for s in document.sections if s.kind in skip]
    kept = (c for n, c in enumerate(document.text) if not any(start <= n < end for start, end in spans))
    return "".join(c for c in kept if c.isalnum())


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def read_back(request: pytest.FixtureRequest, sample: Document) -> Document:
    data, _ = typeset(sample, **VARIANTS[request.param])
    return assemble("sample", read_pdf("sample.pdf", data))


@pytest.mark.parametrize("kind", [Kind.CHAPTER, Kind.SUBHEADING, Kind.BOX, Kind.TABLE])
def test_headings_are_the_same(read_back: Document, sample: Document, kind: Kind) -> None:
    assert labels(read_back, kind) == labels(sample, kind)


def test_footnotes_are_the_same_and_linked(read_back: Document, sample: Document) -> None:
    def notes(document: Document) -> list[str]:
        found = [s for s in document.sections if s.kind is Kind.FOOTNOTE]
        return ["".join(document.text[s.start : s.end].split()) for s in found]

    assert notes(read_back) == notes(sample)
    linked = {link.section for link in read_back.parts.links}
    assert {n for n, s in enumerate(read_back.sections) if s.kind is Kind.FOOTNOTE} <= linked


def test_the_text_is_the_same_up_to_layout(read_back: Document, sample: Document) -> None:
    floats = (Kind.FOOTNOTE, Kind.TABLE)  # these stand elsewhere on another page
    assert letters(read_back, floats) == letters(sample, floats)


def test_sentences_are_the_same(read_back: Document, sample: Document) -> None:
    def sentences(document: Document) -> set[str]:
        return {"".join(document.text[u.start : u.end].split()) for u in document.units if u.kind == "sentence"}

    lost = sentences(sample) - sentences(read_back)
    assert len(lost) <= 0.02 * len(sentences(sample)), sorted(lost)[:5]


def test_people_are_the_same(read_back: Document, sample: Document) -> None:
    def names(document: Document) -> list[str]:
        return [document.text[slice(*person.name)] for person in document.parts.people]

    assert names(read_back) == names(sample)
