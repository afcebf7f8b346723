"""Blocks to a document: the text people read, its sections, its units of quoting, and the map to the source."""

from dataclasses import replace

from corpus.assembly import Assembly
from corpus.blocks import Block, BlockKind, Placed
from corpus.body import find_blocks
from corpus.cells import read_table
from corpus.lines import read_lines
from corpus.links import find_links
from corpus.lists import find_lists
from corpus.marked import marked_blocks
from corpus.model import Document, Kind
from corpus.offsets import TextBuilder
from corpus.parts import Parts
from corpus.people import find_people
from corpus.reading import Reading
from corpus.words import vocabulary


def read_document(document_id: str, title: str, source: str) -> Document:
    """The document that a plain text holds, as `assemble` makes it."""
    lines, page_starts = read_lines(source)
    return assemble(document_id, Reading(source, tuple(lines), page_starts, title=title))


def assemble(document_id: str, reading: Reading) -> Document:
    """The document a file holds. Deterministic; text that no rule recognises is running text, never dropped."""
    known = vocabulary(reading.lines)
    blocks = marked_blocks(reading) if reading.marked else find_blocks(reading.lines, known, reading.marks)
    assembly = Assembly(TextBuilder(reading.source), known)
    if blocks and blocks[0].kind is not BlockKind.CHAPTER:
        assembly.open_section(Block(BlockKind.CHAPTER, [], "", reading.title))
    for block in blocks:
        assembly.add(block)
    assembly.close(0)
    text, offsets = assembly.builder.build()
    sections = tuple(draft.freeze(document_id) for draft in assembly.drafts)
    units = tuple(unit for prose in assembly.pending for unit in prose.units(text))
    document = Document(
        document_id, reading.title, reading.source, text, offsets, sections, units, reading.page_starts, Parts()
    )
    return replace(document, parts=_parts(document, assembly.placed))


def _parts(document: Document, placed: list[Placed]) -> Parts:
    chapters, chapter = {}, 0
    for position, section in enumerate(document.sections):
        chapter = position if section.kind is Kind.CHAPTER else chapter
        chapters[position] = chapter
    titles = {position: section.title for position, section in enumerate(document.sections)}
    return Parts(
        lists=find_lists(document.text, placed, document.units),
        links=find_links(document),
        tables=tuple(read_table(document.text, p.section, p.rows, p.block.header_rows) for p in placed if p.rows),
        people=tuple(find_people(document.text, placed, chapters, titles)),
    )
