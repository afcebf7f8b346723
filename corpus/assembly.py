"""Appends blocks to the text, one by one, and keeps track of which sections are open."""

from dataclasses import dataclass, field, replace

from corpus.blocks import HEADINGS, Block, BlockKind, Placed
from corpus.cells import RowSpans, group_rows, split_cells
from corpus.layout import BULLET, SENTENCE_END
from corpus.lines import Line
from corpus.model import Kind, Section, Unit, UnitKind
from corpus.offsets import Span, TextBuilder
from corpus.repair import add_lines, mended
from corpus.sentences import LONGEST, split_sentences
from corpus.words import Vocabulary

SECTION_OF = {
    BlockKind.CHAPTER: Kind.CHAPTER,
    BlockKind.SUBHEADING: Kind.SUBHEADING,
    BlockKind.LEAD_IN: Kind.LEAD_IN,
    BlockKind.BOX: Kind.BOX,
    BlockKind.TABLE: Kind.TABLE,
    BlockKind.FOOTNOTE: Kind.FOOTNOTE,
    BlockKind.SOURCES: Kind.SOURCES,
}
# Sections that end with their own block, whatever is open.
CLOSED_AT_ONCE = frozenset({BlockKind.LEAD_IN, BlockKind.TABLE, BlockKind.FOOTNOTE})


@dataclass(slots=True)
class Draft:
    """A section that is still open; `level` 1 is a chapter, higher is deeper."""

    number: str
    title: str
    kind: Kind
    level: int
    path: tuple[str, ...]
    start: int
    end: int = -1

    def freeze(self, document_id: str) -> Section:
        """The section, now that its end is known."""
        return Section(document_id, self.number, self.title, self.kind, self.path, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of text that is still to be cut into units."""

    kind: UnitKind
    section: int
    start: int
    end: int
    whole: bool

    def units(self, text: str) -> list[Unit]:
        """A row is one unit; so is a list item that is no sentence ("Dhr. A. de Vries, wethouder"), or a source."""
        record = self.kind is UnitKind.ITEM and (self.whole or not SENTENCE_END.search(text, self.start, self.end))
        if self.kind is UnitKind.ROW or (record and self.end - self.start <= LONGEST):
            return [Unit(self.kind, self.section, self.start, self.end)]
        return [Unit(self.kind, self.section, *span) for span in split_sentences(text, self.start, self.end)]


@dataclass(slots=True)
class Assembly:
    """Appends blocks to the text and keeps track of which sections are open, from the chapter down."""

    builder: TextBuilder
    known: Vocabulary
    drafts: list[Draft] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    pending: list[Prose] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)

    def add(self, block: Block) -> None:
        """Write a block to the text, in the section it opens or the one that is open."""
        if block.kind in SECTION_OF:
            self.open_section(replace(block, title=mended(block.title, self.known)))
        section, start = self.open[-1], self.builder.length
        rows: tuple[RowSpans, ...] = ()
        if block.kind is BlockKind.TABLE:
            self._write(block.caption)
            rows = tuple(self._write_row(row) for row in group_rows(block.lines))
            self.pending += [Prose(UnitKind.ROW, section, *span, True) for span, _ in rows]
        else:
            self._write(block.lines)
            if block.kind not in HEADINGS and block.lines:
                self._await_units(block, start, self.builder.length - 1)
        if self.builder.length > start:
            self.placed.append(Placed(block, section, start, self.builder.length - 1, rows))
        if block.kind in CLOSED_AT_ONCE:
            self.close(len(self.open) - 1)

    def open_section(self, block: Block) -> None:
        """Open the section that a block starts, and end those that it does not stand in."""
        kind = SECTION_OF[block.kind]
        if block.kind in CLOSED_AT_ONCE:
            level = self.drafts[self.open[-1]].level + 1 if self.open else 1
        else:
            level = 1 if kind is Kind.CHAPTER else max(2, block.level)
            self.close(next((n for n, i in enumerate(self.open) if self.drafts[i].level >= level), len(self.open)))
        parent = self.drafts[self.open[-1]].path if self.open else ()
        draft = Draft(block.number, block.title, kind, level, (*parent, _label(block)), self.builder.length)
        self.open.append(len(self.drafts))
        self.drafts.append(draft)

    def close(self, depth: int) -> None:
        """End the sections that are open below `depth`."""
        for index in self.open[depth:]:
            self.drafts[index].end = self.builder.length
        del self.open[depth:]

    def _write(self, lines: list[Line]) -> None:
        if lines:
            add_lines(self.builder, lines, self.known)
            self.builder.insert("\n")

    def _write_row(self, lines: list[Line]) -> RowSpans:
        """One row of the text; cells that the file keeps apart are written one by one, a space between them."""
        start = self.builder.length
        cells: list[Span] = []
        parts = split_cells(lines[0]) if len(lines) == 1 else []
        for part in parts if len(parts) > 1 else [None]:
            if cells:
                self.builder.insert(" ")
            begin = self.builder.length
            add_lines(self.builder, [part] if part else lines, self.known)
            cells.append((begin, self.builder.length))
        end = self.builder.length
        self.builder.insert("\n")
        return (start, end), tuple(cells) if len(parts) > 1 else ()

    def _await_units(self, block: Block, start: int, end: int) -> None:
        kind = UnitKind.ITEM if block.kind is BlockKind.ITEM else UnitKind.SENTENCE
        start += _marker_length(block)
        if start < end:
            source = self.drafts[self.open[-1]].kind is Kind.SOURCES
            self.pending.append(Prose(kind, self.open[-1], start, end, source))


def _marker_length(block: Block) -> int:
    """Characters before what is said: a bullet or a note's number and the space after it. A list number stays."""
    bullet = BULLET.match(block.lines[0].text)
    if block.kind is BlockKind.FOOTNOTE:
        return len(block.number) + 1
    return len(bullet.group().strip()) + 1 if bullet and block.kind is BlockKind.ITEM else 0


def _label(block: Block) -> str:
    if block.kind is BlockKind.FOOTNOTE:
        return f"voetnoot {block.number}"
    if block.kind is BlockKind.SOURCES:
        return "bronnen"
    if block.kind is BlockKind.LEAD_IN:
        return "inleidende alinea"
    if block.kind in (BlockKind.BOX, BlockKind.TABLE):
        return block.number or "tabel"
    if block.kind is BlockKind.CHAPTER:
        return block.number or block.title
    return f"{block.number} {block.title}".strip()
