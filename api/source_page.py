"""The source view: which letters to mark, what to say about them, and the blocks of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from api.source import Block, Contents, contents_of, marked
from api.source_blocks import blocks_of
from corpus.model import Document, PageRange
from corpus.offsets import Span
from index.store import Index
from qa.model import place_of
from qa.phrase import place_phrase

CHANGED = "Het document is veranderd sinds dit citaat. Daarom is niets gemarkeerd."
UNKNOWN = "Deze plaats staat niet meer in het document. Daarom is niets gemarkeerd."


# Of a long quote the first and the last words say where it starts and ends.
EDGE = 5


@dataclass(frozen=True, slots=True)
class SourcePage:
    """What the template shows."""

    document: Document
    blocks: Sequence[Block]
    contents: Sequence[Contents]
    marked: bool
    warning: str
    place: str
    pdf: str
    page: int


def source_page(
    index: Index, document: Document, spans: Sequence[Span], passage: str = "", version: str = ""
) -> SourcePage:
    """The document with the place marked that a link asks for; never another place than that.

    Source offsets come first, for the same source; a passage's name is used where there are none.
    """
    marks, warning = _marks(index, document, spans, passage, version)
    pages = document.pages(marks[0][0], marks[-1][1]) if marks else (1, 1)
    place = _place(document, marks, pages) if marks else ""
    words = document.text[marks[0][0] : marks[0][1]].split() if marks else []
    pdf = f"/bron/{document.id}/pdf#{in_pdf(pages[0], words)}" if original_pdf(index, document.id) else ""
    return SourcePage(
        document, blocks_of(document, marks), contents_of(document), bool(marks), warning, place, pdf, pages[0]
    )


def in_pdf(page: int, words: Sequence[str]) -> str:
    """The place in a PDF as viewers understand it: the page, words to search (Firefox), and a text fragment (Chromium).

    A viewer that knows none of these opens the first page.
    """
    if not words:
        return f"page={page}"
    ends = [words] if len(words) <= 2 * EDGE else [words[:EDGE], words[-EDGE:]]
    # A hyphen would part a text fragment.
    fragment = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"page={page}&search={quote(' '.join(words[:EDGE]), safe='')}&phrase=true:~:text={fragment}"


def original_pdf(index: Index, document_id: str) -> Path | None:
    """The PDF a document was read from, if it is still there."""
    files = {one["id"]: Path(one["file"]) for one in index.manifest["documents"]}
    path = files.get(document_id)
    return path if path and path.suffix.lower() == ".pdf" and path.is_file() else None


def _marks(
    index: Index, document: Document, spans: Sequence[Span], passage: str, version: str
) -> tuple[list[Span], str]:
    same = document.sha256.startswith(version)
    if same and spans:
        right = all(0 <= start < end <= len(document.source) for start, end in spans)
        marks = marked(document, spans) if right else []
        return marks, "" if marks else UNKNOWN
    if passage:
        found = index.passages.find(passage, document.id)
        return [(found.start, found.end)] if found else [], "" if found else UNKNOWN if same else CHANGED
    return [], "" if same and not spans else CHANGED


def _place(document: Document, marks: Sequence[Span], pages: PageRange) -> str:
    section = next(
        (document.sections[u.section] for u in document.units if u.start < marks[0][1] and marks[0][0] < u.end),
        document.sections[0],
    )
    return place_phrase(place_of(document, section, pages))
