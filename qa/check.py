"""The last gate: no quote leaves the process unless its letters stand in the untouched source."""

import re

from corpus.model import Document
from qa.model import Citation

NOT_LETTERS = re.compile(r"[\s\-\u2010\u00ad]+")


class QuoteError(AssertionError):
    """A quote that is not what the document says: a fault of the program, never of the user."""


def check_citation(citation: Citation, document: Document) -> None:
    """Quote equals the text at its offsets; the source there, without white space and hyphens, gives the same letters.

    Raises QuoteError.
    """
    if document.text[citation.start : citation.end] != citation.quote:
        raise QuoteError(f"text[{citation.start}:{citation.end}] of {document.id} is not the quote")
    if citation.sha256 != document.sha256:
        raise QuoteError(f"the quote was cut from another version of {document.id}")
    source = "".join(document.source[start:end] for start, end in citation.source_spans)
    if squeeze(source) != squeeze(citation.quote):
        raise QuoteError(f"source at {citation.source_spans} of {document.id} does not give the quote's letters")


def squeeze(text: str) -> str:
    """The text without white space and hyphens."""
    return NOT_LETTERS.sub("", text)
