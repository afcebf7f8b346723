"""What looks wrong in a document as read, in Dutch, for the person who adds it."""

from collections.abc import Iterator
from itertools import pairwise

from corpus.model import Document, Kind
from corpus.sentences import LONGEST

# A document of this many pages without headings was read wrong, or has none.
PAGES_WITHOUT_HEADINGS = 3
FEWEST_LETTERS = 40
MOST_SHOWN = 8


def review(document: Document) -> list[str]:
    """Warnings, in the order of the checks; none says that the reading is right, only that nothing looked wrong."""
    checks = (_headings, _chapters, _footnotes, _captions, _tables, _pages, _sentences)
    return [warning for check in checks for warning in check(document)]


def _headings(document: Document) -> Iterator[str]:
    headings = [s for s in document.sections if s.kind in (Kind.CHAPTER, Kind.SUBHEADING)]
    if len(headings) < 2 and len(document.page_starts) >= PAGES_WITHOUT_HEADINGS:
        yield "Er zijn geen koppen gevonden. Citaten noemen dan alleen de pagina."


def _chapters(document: Document) -> Iterator[str]:
    numbers = [int(s.number) for s in document.sections if s.kind is Kind.CHAPTER and s.number.isdigit()]
    for left, right in pairwise(numbers):
        if right != left + 1:
            yield f"Na deel {left} komt deel {right}: is een kop gemist, of een lijst als kop gelezen?"


def _footnotes(document: Document) -> Iterator[str]:
    linked = {link.section for link in document.parts.links}
    lost = [s.number for n, s in enumerate(document.sections) if s.kind is Kind.FOOTNOTE and n not in linked]
    if lost:
        yield f"Geen verwijzing in de tekst gevonden bij voetnoot {_some(lost)}."
    numbers = [int(s.number) for s in document.sections if s.kind is Kind.FOOTNOTE and s.number.isdigit()]
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    if missing:
        yield f"Deze voetnoten zijn niet gevonden: {_some(list(map(str, missing)))}."


def _captions(document: Document) -> Iterator[str]:
    for position, section in enumerate(document.sections):
        empty = not any(unit.section == position for unit in document.units)
        if empty and section.kind in (Kind.BOX, Kind.TABLE):
            yield f"Bij {section.label} (p. {_page(document, section.start)}) is alleen het bijschrift gevonden."


def _tables(document: Document) -> Iterator[str]:
    unknown = []
    for table in document.parts.tables:
        section = document.sections[table.section]
        place = f"{section.label} (p. {_page(document, section.start)})"
        if not table.columns:
            unknown.append(place)
        elif unsure := sum(any(cell.column < 0 for cell in row.cells) for row in table.rows):
            yield f"In {place} is bij {unsure} van {len(table.rows)} rijen niet zeker in welke kolom een waarde staat."
    if unknown:
        yield f"De kolommen zijn niet te onderscheiden, rijen worden als tekst getoond: {_some(unknown)}."


def _pages(document: Document) -> Iterator[str]:
    ends = [*document.page_starts[1:], len(document.source)]
    thin = [
        str(page)
        for page, (start, end) in enumerate(zip(document.page_starts, ends, strict=True), 1)
        if sum(map(str.isalpha, document.source[start:end])) < FEWEST_LETTERS
    ]
    if thin and len(document.page_starts) > 1:
        yield f"Bijna geen tekst op pagina {_some(thin)}."


def _sentences(document: Document) -> Iterator[str]:
    long = [unit for unit in document.units if unit.end - unit.start > 0.8 * LONGEST]
    if long:
        pages = sorted({_page(document, unit.start) for unit in long})
        yield f"Heel lange zinnen op pagina {_some(list(map(str, pages)))}: ontbreken daar punten, of is het een tabel?"


def _page(document: Document, start: int) -> int:
    return document.pages(start, start + 1)[0]


def _some(names: list[str]) -> str:
    more = f" en nog {len(names) - MOST_SHOWN}" if len(names) > MOST_SHOWN else ""
    return ", ".join(names[:MOST_SHOWN]) + more
