"""A span of a document to a citation that has passed the last gate."""

from corpus.model import Document, Section
from qa.check import check_citation
from qa.model import Citation, Place, place_of


def cite(
    document: Document,
    section: Section,
    span: tuple[int, int],
    passage_id: str,
    speaker: str = "",
    also: tuple[Place, ...] = (),
) -> Citation:
    """The quote at a span, with its place in a section. Raises QuoteError when it is not verbatim."""
    start, end = span
    citation = Citation(
        quote=document.text[start:end],
        place=place_of(document, section, document.pages(start, end)),
        passage_id=passage_id,
        start=start,
        end=end,
        source_spans=document.source_spans(start, end),
        sha256=document.sha256,
        speaker=speaker,
        also=also,
    )
    check_citation(citation, document)
    return citation
