"""Quotes on a page: only those that the document says, each with a link that finds the same letters for ever."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from corpus.model import Document
from qa.check import QuoteError, check_citation
from qa.model import Answer, Citation
from qa.written.model import WrittenSentence

VERSION_LETTERS = 12


def source_address(citation: Citation) -> str:
    """Where a quote can be read in its document. Source offsets never change, so they are what the link holds."""
    query: list[tuple[str, str | int]] = []
    for start, end in citation.source_spans:
        query += [("van", start), ("tot", end)]
    query += [("versie", citation.sha256[:VERSION_LETTERS]), ("passage", citation.passage_id)]
    return f"/bron/{quote(citation.place.document, safe='')}?{urlencode(query)}#citaat"


def true_quotes(citations: Sequence[Citation], documents: Mapping[str, Document]) -> list[Citation]:
    """Those that are letter by letter what the documents say; the others are never shown."""
    return [citation for citation in citations if _is_true(citation, documents)]


def true_sentences(answer: Answer, true: Sequence[Citation]) -> list[WrittenSentence]:
    """What a language model wrote of an answer, as far as all quotes that it rests on are true."""
    sentences = answer.written.sentences if answer.written else ()
    return [one for one in sentences if one.text and all(answer.citations[n - 1] in true for n in one.citations)]


def _is_true(citation: Citation, documents: Mapping[str, Document]) -> bool:
    document = documents.get(citation.place.document)
    try:
        if document is not None:
            check_citation(citation, document)
    except QuoteError:
        return False
    return document is not None


def page_address(document: str, page: int) -> str:
    """The start of a page in a document."""
    return f"/bron/{quote(document, safe='')}#p{page}"
