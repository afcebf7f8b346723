"""What a file's reader hands over: the source text, and all that the file itself says about how it looks on paper."""

from dataclasses import dataclass, field

from corpus.lines import Line
from corpus.offsets import Span


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file says of one line: a heading of a level (1 = chapter), or a part that other lines belong to.

    `kind` is "heading", "item", "row", "caption", "footnote" or "text"; `number` is a footnote's or item's own mark
    ("7", "•"). Rows of one table share `group`.
    """

    kind: str = "text"
    level: int = 0
    number: str = ""
    group: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as text: `source` is what its reader gave, `lines` its printed lines or, where the file has no printed
    lines (docx, html, md), its paragraphs, in reading order.

    `page_starts` are ascending source offsets, the first one 0; (0,) where the file has no pages.
    `removed` are source spans of page furniture (running heads, page numbers), in order; no line stands in them.
    `marks` belong to lines by `line.start`; a file that marks nothing has none and is read by its layout.
    `marked` says that the marks are complete: nothing is to be guessed from the layout.
    `title` is the file's own, "" where it has none. `warnings` are Dutch sentences for the person who adds the file.
    """

    source: str
    lines: tuple[Line, ...]
    page_starts: tuple[int, ...] = (0,)
    removed: tuple[Span, ...] = ()
    marks: dict[int, Mark] = field(default_factory=dict)
    marked: bool = False
    title: str = ""
    warnings: tuple[str, ...] = ()
