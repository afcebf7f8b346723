"""Links: footnote markers to their notes, and "zie ook deel 8", "tabel 1", "pagina's 15 en 22" to where they point."""

import re

from corpus.model import Document, Kind
from corpus.offsets import Span
from corpus.parts import Link

NUMBERS = r"\d+(?:\.\d+)*(?:(?:,\s*|\s+en\s+|,?\s+tot(?:\s+en\s+met)?\s+|\s*[-–]\s*)\d+(?:\.\d+)*)*"
REFERENCE = re.compile(
    rf"\b(?P<word>pagina(?:[’']?s)?|delen|deel|hoofdstuk(?:ken)?|paragraa?f(?:en)?|bijlagen?|"
    rf"tekstkaders?|kaders?|tabel(?:len)?|figu(?:ur|ren)|voetno(?:ot|ten))\s+(?P<numbers>{NUMBERS})"
    r"(?![\d.]*\d|\s+van\s+(?:de|het|een)\s)",
    re.IGNORECASE,
)
# Before a page of this report stands "op" or "zie"; after a comma it is a page of the work that a note cites.
POINTS_HERE = re.compile(r"(?:\bop|\bzie|\bzie ook|\btot|\ben)\s+$", re.IGNORECASE)
ONE_NUMBER = re.compile(r"\d+(?:\.\d+)*")
SINGULAR = {"delen": "deel", "tekstkaders": "tekstkader", "kaders": "kader", "tabellen": "tabel", "figuren": "figuur"}


def find_links(document: Document) -> tuple[Link, ...]:
    """All links, ordered by start. A reference that points nowhere in this document ("deel 3 van de wet") is none.

    A caption or heading does not refer to itself.
    """
    links = [*_markers(document), *_references(document)]
    return tuple(sorted(links, key=lambda link: link.start))


def _references(document: Document) -> list[Link]:
    links = []
    for match in REFERENCE.finditer(document.text):
        for number in ONE_NUMBER.finditer(document.text, *match.span("numbers")):
            start = match.start() if number.start() == match.start("numbers") else number.start()
            word = match["word"].lower()
            if word.startswith("pagina"):
                page = int(number.group().split(".")[0])
                here = POINTS_HERE.search(document.text, max(0, match.start() - 10), match.start())
                if here and 1 <= page <= len(document.page_starts):
                    links.append(Link(start, number.end(), -1, page))
            elif (target := _target(document, SINGULAR.get(word, word), number.group())) is not None:
                section = document.sections[target]
                if not section.start <= start < section.start + len(section.title) + len(section.number) + 1:
                    links.append(Link(start, number.end(), target, 0))
    return links


def _target(document: Document, word: str, number: str) -> int | None:
    for position, section in enumerate(document.sections):
        if section.kind in (Kind.CHAPTER, Kind.SUBHEADING):
            if word[:4] in ("deel", "hoof", "para") and section.number == number:
                return position
        elif section.label in (f"{word} {number}", f"tekst{word} {number}", f"voetnoot {number}" * (word[:3] == "voe")):
            return position
    return None


def _markers(document: Document) -> list[Link]:
    """The number of each note in the text it belongs to: on its page, else one before or after, not in another note."""
    notes = [(n, s) for n, s in enumerate(document.sections) if s.kind is Kind.FOOTNOTE]
    in_notes = [(section.start, section.end) for _, section in notes]
    tokens = set(re.findall(r"\w+", document.text))
    links: list[Link] = []
    for position, note in notes:
        if not note.number:
            continue
        first = document.pages(note.start, note.end)[0]
        found = [
            span
            for span in _candidates(document.text, note.number, tokens)
            if not any(start <= span[0] < end for start, end in in_notes)
            and document.pages(*span)[0] in (first - 1, first, first + 1)
        ]
        best = max(
            found, key=lambda span: (document.pages(*span)[0] == first, *_looks(document.text, span)), default=None
        )
        if best:
            links.append(Link(*best, position, 0))
    return links


def _candidates(text: str, number: str, tokens: set[str]) -> list[Span]:
    """Where a number stands that may be a marker: after a word or stop, or glued to a name that ends in a digit."""
    after_word = re.compile(rf"[^\s\d][.,;:!?)\]’”\"']*\s?({number})(?![\d.,]*\d|[.)]\s*\w)")
    spans = [match.span(1) for match in after_word.finditer(text) if not _counts(text, *match.span(1))]
    glued = re.compile(rf"\b([^\W\d_]+\d+)({number})\b")
    return spans + [match.span(2) for match in glued.finditer(text) if match[1] in tokens]


def _counts(text: str, start: int, end: int) -> bool:
    """Whether a number that stands apart counts what follows it ("5 fte") rather than points to a note."""
    if not text[start - 1].isspace():
        return False
    following = re.match(r"\s([^\W\d_])", text[end : end + 3])
    return bool(following and following[1].islower())


def _looks(text: str, span: Span) -> tuple[bool, bool]:
    """Markers are glued to a word or full stop, or at least stand after a stop."""
    return not text[span[0] - 1].isspace(), text[: span[0]].rstrip()[-1] in ".,;:!?)”’"
