"""Walks through a part of a web page and gathers its paragraphs, headings, items, tables and notes."""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from corpus.gather import Gathering
from corpus.reading import Mark
from corpus.web.notes import Notes
from corpus.web.tables import is_layout, is_sound, table_rows
from corpus.web.text import BLOCKS, HEADINGS, Lists, flat_text, unread


@dataclass(slots=True)
class Walk:
    """Holds the paragraph that is open. Not recursive: how deep a page nests is no matter.

    `item` is the mark of a list item that has no text yet; `in_list` says that the last paragraph was an item of the
    list that is open.
    """

    gathering: Gathering
    notes: Notes
    pieces: list[str] = field(default_factory=list)
    lists: Lists = field(default_factory=Lists)
    mark: Mark = field(default_factory=Mark)
    item: str = ""
    in_list: bool = False

    def read(self, part: Any) -> None:
        """Gather all text of a part of the page, in order."""
        walk = etree.iterwalk(part, events=("start", "end"))
        for event, element in walk:
            if event == "start" and self._open(element):
                walk.skip_subtree()
            elif event == "end":
                self._close(element)
                self.pieces.append((element.tail or "") if element is not part else "")
        self._flush()

    def read_notes(self) -> None:
        """Gather the notes that were referred to; a note may refer to another."""
        while self.notes.queue:
            note = self.notes.queue.popleft()
            self.gathering.note(self.notes.numbers[note], flat_text(note, self.notes))

    def _open(self, element: Any) -> bool:
        """Start an element; says whether its inside is done with."""
        tag = element.tag
        if unread(element) or self.notes.skips(element):
            self.pieces.append(" " if tag in BLOCKS else "")
            return True
        number = self.notes.refer(element)
        if number is not None:
            self.pieces.append(number if self.mark.kind not in ("heading", "title") else "")
            return True
        if tag in BLOCKS:
            self._flush()
            self.gathering.check()
            if self._whole(element):
                self.read_notes()
                return True
            self._begin(element)
        self.pieces.append((" " if tag == "br" else "") + (element.text or ""))
        return False

    def _whole(self, element: Any) -> bool:
        """Gather an element that is read in one go, if it is one."""
        if element.tag == "table" and not is_layout(element):
            self._table(element)
        elif element.tag == "dl" and is_sound(element):
            self.gathering.table(_definitions(element, self.notes))
        elif element.tag == "pre":
            tight = False
            for line in flat_text(element, self.notes).splitlines():
                tight = self.gathering.add(line, Mark(), tight) or tight
        else:
            return False
        self.in_list = False
        return True

    def _table(self, table: Any) -> None:
        for caption in (child for child in table if child.tag == "caption"):
            self.gathering.add(flat_text(caption, self.notes), Mark("caption", group=self.gathering.groups + 1))
        self.gathering.table(*table_rows(table, self.notes))

    def _begin(self, element: Any) -> None:
        tag = element.tag
        if tag in ("ol", "ul"):
            self.in_list = self.in_list and bool(self.lists.open)
            self.lists.start(element)
        elif tag == "li":
            self.item = self.lists.item(element)
        elif tag in HEADINGS:
            title = tag == "h1" and "title" in element.get("class", "").split()
            self.mark = Mark("title" if title else "heading", HEADINGS[tag])
        elif tag in ("figcaption", "caption"):
            self.mark = Mark("caption")

    def _close(self, element: Any) -> None:
        if element.tag not in BLOCKS:
            return
        self._flush()
        if element.tag in ("ol", "ul"):
            self.lists.end()
        if element.tag in HEADINGS or element.tag in ("figcaption", "caption"):
            self.mark = Mark()
        if element.tag == "li":
            self.item = ""

    def _flush(self) -> None:
        raw, self.pieces = "".join(self.pieces), []
        if raw.strip():
            if self.item and self.mark.kind == "text":
                self.gathering.add(f"{self.item} {raw}", Mark("item", 0, self.item), tight=self.in_list)
                self.in_list = True
            elif self.gathering.add(raw, self.mark):
                self.in_list = False
            self.item = ""
        self.read_notes()


def _definitions(element: Any, notes: Notes) -> list[list[str]]:
    """A list of terms as rows of two cells: the terms, and all that is said of them."""
    rows: list[list[str]] = []
    for part in element.iter("dt", "dd"):
        # An unclosed dd holds the next one; its text is read with it.
        if next(part.iterancestors("dl", "dt", "dd"), None) is not element or unread(part):
            continue
        text = flat_text(part, notes)
        if part.tag == "dd" and rows:
            rows[-1][1] += f" {text}"
        elif part.tag == "dt" and rows and not rows[-1][1]:
            rows[-1][0] += f" {text}"
        else:
            rows.append([text, ""] if part.tag == "dt" else ["", text])
    return rows
