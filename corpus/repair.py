"""Lines to running text: end-of-line hyphens joined where the word goes on, kept where it does not."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.lines import Line
from corpus.offsets import TextBuilder

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Words that follow a hanging hyphen: "krimp- en anticipeerregio's" drops a part of the compound, it does not break it.
AFTER_A_HANGING_HYPHEN = frozenset({"en", "of", "noch", "tot"})
HYPHENS = "-\u2010\u00ad"
SPACES = re.compile(r"\s+")

Vocabulary = Counter[str]


def vocabulary(lines: Sequence[Line]) -> Vocabulary:
    """How often each word stands inside a line, lower-cased; words at a line's edge may be halves and do not count."""
    counts: Vocabulary = Counter()
    for line in lines:
        counts.update(match.group().lower() for match in list(WORD.finditer(line.text))[1:-1])
    return counts


def joint(before: str, after: str, known: Vocabulary) -> tuple[int, str]:
    """How two lines meet: how many characters to drop from the end of the first, and what to put between them.

    A hyphen is dropped when the word goes on; it stays, without a space, where the compound is spelled with one
    (after capitals or digits, before a capital, or as the document itself spells it elsewhere).
    """
    if not before or before[-1] not in HYPHENS or len(before) < 2 or not before[-2].isalnum():
        return 0, " "
    if before[-1] == "\u00ad":
        return 1, ""
    left, right = WORD.findall(before[:-1])[-1], WORD.match(after)
    if right is None or not after[0].isalnum():
        return 0, " "
    word = right.group()
    if word in AFTER_A_HANGING_HYPHEN:
        return 0, " "
    if not word[0].islower() or left[-1].isdigit() or (len(left) > 1 and left.isupper()):
        return 0, ""
    if known[(left + word).lower()] >= known[f"{left}-{word}".lower()]:
        return 1, ""
    return 0, ""


def add_lines(builder: TextBuilder, lines: Sequence[Line], known: Vocabulary) -> None:
    """Append lines as one running text: white space within a line becomes one space, line ends are joined."""
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        drop, between = joint(line.text, following.text, known) if following else (0, "")
        _add_collapsed(builder, line.start, line.end - drop)
        builder.insert(between)


def _add_collapsed(builder: TextBuilder, start: int, end: int) -> None:
    position = start
    for space in SPACES.finditer(builder.source, start, end):
        builder.copy(position, space.start())
        if space.group() == " ":
            builder.copy(space.start(), space.end())
        else:
            builder.insert(" ")
        position = space.end()
    builder.copy(position, end)
