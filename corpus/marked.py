"""Lines to blocks where the file itself says what each line is: docx, html and md."""

from corpus.blocks import Block, BlockKind
from corpus.headings import box_caption, marked_heading
from corpus.lines import Line
from corpus.reading import Mark, Reading
from corpus.tables import CAPTION

# Between the cells of a row.
CELL_END = "\t"


def marked_blocks(reading: Reading) -> list[Block]:
    """Every line in exactly one block, in the file's order; a caption next to rows belongs to their table."""
    blocks: list[Block] = []
    caption: list[Line] = []
    group = 0
    for line in reading.lines:
        mark = reading.marks.get(line.start, Mark())
        if mark.kind == "caption" and CAPTION.match(line.text):
            caption.append(line)
            continue
        if mark.kind == "row" and not caption and blocks and _goes_on(blocks[-1], line, mark.group == group):
            blocks[-1].lines.append(line)
            blocks[-1].header_rows += mark.level
            group = mark.group
            continue
        block = _block(line, mark)
        if block.kind is BlockKind.TABLE:
            group = mark.group
            _set_caption(block, caption)
        else:
            blocks += [Block(BlockKind.PARAGRAPH, [left]) for left in caption]
        caption = []
        blocks.append(block)
    blocks += [Block(BlockKind.PARAGRAPH, [left]) for left in caption]
    return [part for block in blocks for part in _unframed(block)]


def _goes_on(block: Block, line: Line, same_group: bool) -> bool:
    """Whether a row belongs to the table above: one of its own, or the next of tables that hold one such row each."""
    if block.kind is not BlockKind.TABLE:
        return False
    alike = {row.text.count(CELL_END) for row in block.lines} == {line.text.count(CELL_END)}
    return same_group or (alike and CELL_END in line.text and not block.caption)


def _unframed(block: Block) -> list[Block]:
    """A table of one column is a frame around text: its rows are paragraphs."""
    if block.kind is not BlockKind.TABLE or block.number or any(CELL_END in line.text for line in block.lines):
        return [block]
    return [Block(BlockKind.PARAGRAPH, [line]) for line in block.lines]


def _block(line: Line, mark: Mark) -> Block:
    if mark.kind == "heading":
        return marked_heading(line, mark)
    if box := box_caption(line):
        return box
    if mark.kind == "item":
        return Block(BlockKind.ITEM, [line], shown_marker(line, mark))
    if mark.kind == "footnote":
        return Block(BlockKind.FOOTNOTE, [line], mark.number)
    if mark.kind == "row":
        return Block(BlockKind.TABLE, [line], header_rows=mark.level)
    return Block(BlockKind.PARAGRAPH, [line])


def shown_marker(line: Line, mark: Mark) -> str:
    """The item's bullet or number with the space after it, where the line shows it; else its number alone."""
    return line.text[: len(mark.number) + 1] if line.text.startswith(mark.number) else ""


def _set_caption(block: Block, caption: list[Line]) -> None:
    block.caption = list(caption)
    match = CAPTION.match(caption[0].text) if caption else None
    if match:
        block.number = f"{match['name'].lower()} {match['number']}"
        block.title = caption[0].text[match.end() :].strip()
