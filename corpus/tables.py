"""Finds tables and captions: a table in plain text is a run of lines that are cells, not prose."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.layout import BULLET, SENTENCE_END, Layout, starts_lower
from corpus.lines import Line
from corpus.reading import Mark

BOX_CAPTION = re.compile(r"(?P<name>tekstkader|tekstbox|kader|box)\s+(?P<number>\d+)\b[.:]?(?=\s)", re.IGNORECASE)
CAPTION = re.compile(r"(?P<name>tabel|figuur|grafiek|kaart)\s+(?P<number>\d+)\b[.:]?(?=\s)", re.IGNORECASE)
STAR_NOTE = re.compile(r"\*+\s")
FULL_STOP = re.compile(r"[.!?][\"'’”)]*$")
FEWEST_ROWS, FEWEST_UNCAPTIONED_ROWS = 5, 8
SHORT_SHARE = 0.6
MOST_SENTENCES = 0.25
LONGEST_CAPTION = 3
# After white, this many lines must still be cells for a table to go on (the rows below its header).
LOOK_AHEAD = 3


@dataclass(slots=True)
class Table:
    """A caption ("tabel 1 ...") and the lines of its cells; either may be missing."""

    number: str
    title: str
    caption: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)


def find_tables(lines: Sequence[Line], layout: Layout, marks: Mapping[int, Mark]) -> list[Table]:
    """Tables in order; each run of cells belongs to the nearest caption above it on the same or the previous page.

    Where the file marks no rows, a run is judged by its look; without a caption more rows are asked for then, since a
    few short lines may be headings.
    """
    marked = _marked_runs(lines, marks)
    in_rows = {line for run in marked for line in run}
    free = [line for line in lines if line not in in_rows and marks.get(line.start, Mark()).kind == "text"]
    captions = _captions(free, layout)
    used = {line for table in captions for line in table.caption}
    tables = list(captions)
    for run in marked or _cell_runs(free, used, layout):
        table = next((t for t in reversed(captions) if _belongs(t, run)), None)
        if table is not None:
            table.rows = run
        elif marked or len(run) >= FEWEST_UNCAPTIONED_ROWS:
            tables.append(Table("", "", [], run))
    return sorted(tables, key=lambda table: (table.caption or table.rows)[0].start)


def _marked_runs(lines: Sequence[Line], marks: Mapping[int, Mark]) -> list[list[Line]]:
    """Rows of one group, and the notes with a star right under them, which run on to the end of their sentence."""
    runs: list[list[Line]] = []
    group: int | None = None
    for line in lines:
        mark = marks.get(line.start, Mark())
        if mark.kind == "row":
            if mark.group != group:
                runs.append([])
            runs[-1].append(line)
            group = mark.group
        elif group is not None and mark.kind == "text" and _is_star_note(line, runs[-1][-1]):
            runs[-1].append(line)
        else:
            group = None
    return runs


def _is_star_note(line: Line, last: Line) -> bool:
    goes_on = STAR_NOTE.match(last.text) and not FULL_STOP.search(last.text)
    return bool(STAR_NOTE.match(line.text) or goes_on)


def _belongs(table: Table, run: list[Line]) -> bool:
    caption = table.caption[0]
    return not table.rows and caption.start < run[0].start and run[0].page - caption.page <= 1


def _captions(lines: Sequence[Line], layout: Layout) -> list[Table]:
    found = []
    for position, line in enumerate(lines):
        match = CAPTION.match(line.text)
        if not match or SENTENCE_END.search(line.text):
            continue
        if position and not line.gap and not layout.closes(lines[position - 1]):
            continue
        caption = [line]
        for following in lines[position + 1 : position + LONGEST_CAPTION]:  # a full line goes on, never into another
            if not layout.is_full(caption[-1]) or following.gap or CAPTION.match(following.text):
                break
            caption.append(following)
        title = " ".join(part.text for part in caption)[match.end() :].strip()
        found.append(Table(f"{match['name'].lower()} {match['number']}", title, caption))
    return found


def _cell_runs(lines: Sequence[Line], captions: set[Line], layout: Layout) -> list[list[Line]]:
    """Stretches of cells; white, a page's end, a caption and prose each end one."""
    runs: list[list[Line]] = [[]]
    for position, line in enumerate(lines):
        after = lines[position + 1] if position + 1 < len(lines) else None
        if line in captions or (
            runs[-1] and _interrupts(runs[-1][-1], lines[position : position + LOOK_AHEAD], layout)
        ):
            runs.append([])
        if line in captions:
            continue
        if _may_be_cell(line, after, layout):
            runs[-1].append(line)
        else:
            runs[-1] = _without_title(runs[-1], line, layout)
            runs.append([])
    return [trimmed for run in runs if _is_table(trimmed := _trim(run), layout)]


def _interrupts(last: Line, ahead: Sequence[Line], layout: Layout) -> bool:
    """Whether a table ends before these lines: at a page's end, or at white that is not followed by more cells."""
    if ahead[0].page != last.page:
        return True
    more = all(_may_be_cell(line, None, layout) and not FULL_STOP.search(line.text) for line in ahead)
    return bool(ahead[0].gap) and not more


def _may_be_cell(line: Line, after: Line | None, layout: Layout) -> bool:
    if BULLET.match(line.text) and not line.text.startswith("*"):
        return False
    if after and not layout.is_short(line) and layout.is_full(line) and starts_lower(after.text):
        return False
    return layout.is_short(line) or not starts_lower(line.text)


def _without_title(run: list[Line], prose: Line, layout: Layout) -> list[Line]:
    """When prose follows a run at once, the run's last line is the title above it."""
    if run and not starts_lower(prose.text) and layout.may_be_title(run[-1]) and not SENTENCE_END.search(run[-1].text):
        return run[:-1]
    return run


def _trim(run: list[Line]) -> list[Line]:
    """Without the last line of the paragraph above."""
    while run and starts_lower(run[0].text) and SENTENCE_END.search(run[0].text):
        run = run[1:]
    return run


def _is_table(run: list[Line], layout: Layout) -> bool:
    """Enough lines, few of them sentences, and either mostly short or none that goes on from the line above."""
    if len(run) < FEWEST_ROWS or sum(bool(FULL_STOP.search(line.text)) for line in run) > MOST_SENTENCES * len(run):
        return False
    short = sum(layout.is_short(line) for line in run) >= SHORT_SHARE * len(run)
    return short or not any(starts_lower(line.text) for line in run)
