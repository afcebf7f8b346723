"""A span of a document to a citation that has passed the last gate."""

from corpus.model import Document, Kind, Section
from corpus.parts import as_pairs
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
        row=_row(document, section, span),
    )
    check_citation(citation, document)
    return citation


def _row(document: Document, section: Section, span: tuple[int, int]) -> str:
    """The one row of a table that a span lies in, with the names of its columns; "" where these are not known."""
    if section.kind is not Kind.TABLE:
        return ""
    for table in document.parts.tables:
        for row in table.rows:
            if row.start <= span[0] and span[1] <= row.end and any(cell.column >= 0 for cell in row.cells):
                return as_pairs(document.text, table, row)
    return ""
