"""The values between lines and a document: a block is lines that are read as one."""

from dataclasses import dataclass, field
from enum import StrEnum

from corpus.lines import Line
from corpus.offsets import Span


class BlockKind(StrEnum):
    """What a block is on paper."""

    CHAPTER = "chapter"
    SUBHEADING = "subheading"
    LEAD_IN = "lead-in"
    BOX = "box"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    FOOTNOTE = "footnote"
    SOURCES = "sources"


HEADINGS = frozenset({BlockKind.CHAPTER, BlockKind.SUBHEADING, BlockKind.BOX})


@dataclass(slots=True)
class Block:
    """Lines that are read as one; `number` and `title` are set for what opens a section, `level` for a subheading.

    Level 2 stands below a chapter, 3 below level 2. A table keeps its caption apart, since other text may stand
    between the caption and the rows; `header_rows` is -1 where the file does not say how many there are.
    An item's `number` is its bullet or number with what follows it.
    """

    kind: BlockKind
    lines: list[Line]
    number: str = ""
    title: str = ""
    caption: list[Line] = field(default_factory=list)
    level: int = 2
    header_rows: int = -1

    @property
    def text(self) -> str:
        """The lines put side by side, for judging only: line ends are not repaired."""
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Placed:
    """A block in the text: `text[start:end]`, its title or caption included, in a section by position.

    `rows` are a table's rows; each is its span and, where the file tells them apart, the spans of its cells.
    """

    block: Block
    section: int
    start: int
    end: int
    rows: tuple[tuple[Span, tuple[Span, ...]], ...] = ()
