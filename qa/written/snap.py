"""Anchor, then snap: a few words that a model points at become a whole quote, cut from the document by us."""

from collections.abc import Sequence
from functools import lru_cache

from corpus.folding import Squeezed, squeezed
from corpus.model import Document, Unit, UnitKind
from corpus.passages import lead_of
from index.store import Index
from qa.citing import cite
from qa.model import Citation, FoundPassage
from qa.written.lexicon import COMMAND, LOOSE_START
from qa.written.support import Evidence

SHORTEST_ANCHOR = 8
MOST_UNITS = 4
LONGEST_QUOTE = 1400


def usable(text: str) -> bool:
    """Whether a text may be shown to a model and quoted for it: not one that gives the model orders."""
    return COMMAND.search(text) is None


def snap(index: Index, found: FoundPassage, anchor: str) -> Citation | None:
    """The whole sentences, items or rows that hold an anchor, checked against the source; None where it is not exact.

    Exact is: the same letters after the one folding of white space, hyphens, quotation marks and capitals, at whole
    words, in one place of this passage.
    """
    passage = found.hit.passage
    document = index.documents[passage.document_id]
    place = _only_place(found.text, anchor)
    if place is None:
        return None
    start, end = passage.start + place[0], passage.start + place[1]
    units = [unit for unit in document.units if unit.start < end and start < unit.end]
    if not units or len(units) > MOST_UNITS or len({unit.section for unit in units}) > 1:
        return None
    first = _with_what_it_leans_on(document, units[0])
    if units[-1].end - first.start > LONGEST_QUOTE or not usable(document.text[first.start : units[-1].end]):
        return None
    section = document.sections[units[0].section]
    return cite(document, section, (first.start, units[-1].end), passage.id)


def evidence_of(document: Document, citation: Citation) -> Evidence:
    """A citation as the support check reads it: with its whole units, and the headings and columns above it."""
    start, end = citation.start, citation.end
    units = tuple(document.text[u.start : u.end] for u in document.units if start <= u.start and u.end <= end)
    place = citation.place
    above = (place.document_title, place.chapter_title, place.heading, *place.sections, lead_of(document, start, end))
    return Evidence(citation.quote, units, "\n".join(above))


def number_of(citations: Sequence[Citation], wanted: Citation) -> int:
    """The position, from 1, of the citation that holds a quote; 0 where none does."""
    for number, citation in enumerate(citations, 1):
        same = citation.sha256 == wanted.sha256 and citation.place.document == wanted.place.document
        if same and citation.start <= wanted.start and wanted.end <= citation.end:
            return number
    return 0


@lru_cache(maxsize=64)
def _squeezed(text: str) -> Squeezed:
    """A passage is looked in for every anchor."""
    return squeezed(text)


def _only_place(text: str, anchor: str) -> tuple[int, int] | None:
    letters = squeezed(anchor).letters.strip(" .,;:'")
    if len(letters) < SHORTEST_ANCHOR:
        return None
    place = _squeezed(text)
    found = []
    at = place.letters.find(letters)
    while at >= 0:
        start, end = place.span(at, at + len(letters))
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            found.append((start, end))
        at = place.letters.find(letters, at + 1)
    return found[0] if len(found) == 1 else None


def _with_what_it_leans_on(document: Document, unit: Unit) -> Unit:
    """The sentence before, where this one starts with a word that points back to it."""
    position = document.units.index(unit)
    before = document.units[position - 1] if position else None
    loose = unit.kind is UnitKind.SENTENCE and LOOSE_START.match(document.text, unit.start)
    return before if loose and before and before.section == unit.section else unit
