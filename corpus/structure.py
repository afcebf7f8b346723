"""Blocks to a document: the text people read, its sections, its units of quoting, and the map to the source."""

from dataclasses import dataclass, field

from corpus.blocks import Block, BlockKind, find_blocks
from corpus.layout import BULLET
from corpus.lines import read_lines
from corpus.model import Document, Kind, Section, Unit, UnitKind
from corpus.offsets import TextBuilder
from corpus.repair import Vocabulary, add_lines, vocabulary
from corpus.sentences import LONGEST, split_sentences

SECTION_OF = {
    BlockKind.CHAPTER: Kind.CHAPTER,
    BlockKind.SUBHEADING: Kind.SUBHEADING,
    BlockKind.BOX: Kind.BOX,
    BlockKind.TABLE: Kind.TABLE,
    BlockKind.FOOTNOTE: Kind.FOOTNOTE,
}


def read_document(document_id: str, title: str, source: str) -> Document:
    """The document a source holds. Deterministic; text that no rule recognises is running text, never dropped."""
    lines, page_starts = read_lines(source)
    assembly = _Assembly(document_id, TextBuilder(source), vocabulary(lines))
    blocks = find_blocks(lines)
    if blocks and blocks[0].kind is not BlockKind.CHAPTER:
        assembly.open_section(Block(BlockKind.CHAPTER, [], "", title))
    for block in blocks:
        assembly.add(block)
    assembly.close(0)
    text, offsets = assembly.builder.build()
    sections = tuple(draft.freeze(document_id) for draft in assembly.drafts)
    units = tuple(unit for draft in assembly.pending for unit in draft.units(text))
    return Document(document_id, title, source, text, offsets, sections, units, page_starts)


@dataclass(slots=True)
class _Draft:
    """A section that is still open."""

    number: str
    title: str
    kind: Kind
    path: tuple[str, ...]
    start: int
    end: int = -1

    def freeze(self, document_id: str) -> Section:
        return Section(document_id, self.number, self.title, self.kind, self.path, self.start, self.end)


@dataclass(frozen=True, slots=True)
class _Prose:
    """A stretch of text that is still to be cut into units."""

    kind: UnitKind
    section: int
    start: int
    end: int

    def units(self, text: str) -> list[Unit]:
        """A row is one unit; so is a list item that is no sentence ("Dhr. A. de Vries, wethouder")."""
        record = self.kind is UnitKind.ITEM and text[self.end - 1] not in ".!?;:" and self.end - self.start <= LONGEST
        if self.kind is UnitKind.ROW or record:
            return [Unit(self.kind, self.section, self.start, self.end)]
        return [Unit(self.kind, self.section, *span) for span in split_sentences(text, self.start, self.end)]


@dataclass(slots=True)
class _Assembly:
    """Appends blocks to the text and keeps track of which sections are open: at most chapter, part, float."""

    document_id: str
    builder: TextBuilder
    known: Vocabulary
    drafts: list[_Draft] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    pending: list[_Prose] = field(default_factory=list)

    def add(self, block: Block) -> None:
        if block.kind in SECTION_OF:
            self.open_section(block)
        if block.kind in (BlockKind.CHAPTER, BlockKind.SUBHEADING, BlockKind.BOX):
            self._write(block)
        elif block.kind is BlockKind.TABLE:
            self._write(Block(BlockKind.PARAGRAPH, block.caption))
            for row in block.lines:
                self._write_units(Block(BlockKind.TABLE, [row]), UnitKind.ROW)
        else:
            self._write_units(block, UnitKind.ITEM if block.kind is BlockKind.ITEM else UnitKind.SENTENCE)
        if block.kind in (BlockKind.TABLE, BlockKind.FOOTNOTE):
            self.close(len(self.open) - 1)

    def open_section(self, block: Block) -> None:
        kind = SECTION_OF[block.kind]
        if kind is Kind.CHAPTER:
            self.close(0)
        elif kind in (Kind.SUBHEADING, Kind.BOX):
            self.close(1)
        parent = self.drafts[self.open[-1]].path if self.open else ()
        draft = _Draft(block.number, block.title, kind, (*parent, _label(block)), self.builder.length)
        self.open.append(len(self.drafts))
        self.drafts.append(draft)

    def close(self, depth: int) -> None:
        """End the sections that are open below `depth`."""
        for index in self.open[depth:]:
            self.drafts[index].end = self.builder.length
        del self.open[depth:]

    def _write(self, block: Block) -> tuple[int, int]:
        start = self.builder.length
        if block.lines:
            add_lines(self.builder, block.lines, self.known)
            self.builder.insert("\n")
        return start, self.builder.length - 1

    def _write_units(self, block: Block, kind: UnitKind) -> None:
        start, end = self._write(block)
        start += _marker_length(block)
        if start < end:
            self.pending.append(_Prose(kind, self.open[-1], start, end))


def _marker_length(block: Block) -> int:
    """Characters before what is said: a bullet or a note's number and the space after it. A list number stays."""
    bullet = BULLET.match(block.lines[0].text)
    if block.kind is BlockKind.FOOTNOTE:
        return len(block.number) + 1
    return len(bullet.group().strip()) + 1 if bullet and block.kind is BlockKind.ITEM else 0


def _label(block: Block) -> str:
    if block.kind is BlockKind.FOOTNOTE:
        return f"voetnoot {block.number}"
    if block.kind in (BlockKind.BOX, BlockKind.TABLE):
        return block.number or "tabel"
    if block.kind is BlockKind.CHAPTER:
        return block.number or block.title
    return f"{block.number} {block.title}".strip()
