"""Reads a Word document (.docx): its paragraphs, headings, lists, tables and notes, in the order of the page.

Headers, footers and the table of contents are not read: they repeat what stands elsewhere.
"""

import re
from collections.abc import Iterator

from docx.document import Document

from corpus.gather import Gathering
from corpus.limits import Limits
from corpus.reading import Reading
from corpus.word.numbering import Numbering, read_numbering
from corpus.word.package import open_docx, refusing, related
from corpus.word.styles import Look, W, read_styles, value
from corpus.word.text import Notes
from corpus.word.walk import WordWalk

STATED_PAGES = re.compile(rb"<(?:\w+:)?Pages>(\d{1,6})<")
LAST_LAYOUT = (
    "De paginanummers zijn die van de laatste keer dat Word dit document opmaakte; op een andere computer kunnen ze "
    "anders zijn."
)
ONLY_BREAKS = (
    "De paginanummers tellen alleen de pagina-einden die in het document zijn ingevoegd; na een volle pagina lopen ze "
    "achter. Open het document in Word en bewaar het opnieuw, of bewaar het als PDF."
)
NO_PAGES = (
    "Het document heeft volgens Word {stated} pagina's, maar er zijn maar {known} pagina-overgangen bewaard: "
    "verwijzingen noemen daarom geen pagina. Bewaar het als PDF voor paginanummers."
)
CHANGES = "Het document bevat bijgehouden wijzigingen: gelezen is de tekst met alle wijzigingen doorgevoerd."
NO_CONTENTS = "De inhoudsopgave is niet gelezen."
# What programs fill in as a title when nobody gave one.
NO_TITLE = re.compile(r"word document|document ?\d*|microsoft word\b.*|.*\.docx?", re.IGNORECASE)


def read_docx(name: str, data: bytes, limits: Limits) -> Reading:
    """The text of a Word document, all of it marked: no layout to guess from.

    It has pages where the file says where Word broke them, and does not contradict itself. Raises InputError for a
    file that is no docx, is locked or damaged, holds no text, or is beyond a limit.
    """
    with refusing(name):
        document = open_docx(name, data, limits)
        walk = WordWalk(Gathering(name, limits), *_definitions(document))
        walk.read(document.element.body)
        return walk.gathering.reading(_own_title(document), tuple(_warnings(document, walk)))


def _warnings(document: Document, walk: WordWalk) -> Iterator[str]:
    """What the person who adds the file should know. Page numbers that the file itself belies are dropped here."""
    if next(document.element.body.iter(f"{W}del", f"{W}ins", f"{W}moveTo"), None) is not None:
        yield CHANGES
    if walk.contents:
        yield NO_CONTENTS
    known, stated = walk.gathering.breaks, _stated_pages(document)
    if known and known + 1 < stated:
        walk.gathering.forget_pages()
        yield NO_PAGES.format(stated=stated, known=known)
    elif known:
        yield LAST_LAYOUT if walk.pages.rendered else ONLY_BREAKS


def _definitions(document: Document) -> tuple[dict[str, Look], Numbering, Notes, list[bool]]:
    part = document.part
    styles = related(part, "styles")
    looks = {} if styles is None else read_styles(styles)
    notes = Notes()
    for kind in ("footnote", "endnote"):
        root = related(part, f"{kind}s")
        for note in () if root is None else root.iter(f"{W}{kind}"):
            if note.get(f"{W}type", "normal") == "normal":
                notes.found[kind, note.get(f"{W}id", "")] = note
    # A section's properties say how it begins; they stand at its end.
    sections = [value(section, "type") != "continuous" for section in document.element.body.iter(f"{W}sectPr")]
    return looks, read_numbering(related(part, "numbering"), looks), notes, sections[1:]


def _stated_pages(document: Document) -> int:
    for relation in document.part.package.rels.values():
        if relation.reltype.endswith("/extended-properties") and not relation.is_external:
            found = STATED_PAGES.search(relation.target_part.blob)
            return int(found[1]) if found else 0
    return 0


def _own_title(document: Document) -> str:
    title = document.core_properties.title.strip()
    return "" if NO_TITLE.fullmatch(title) else title
