"""Lines to running text: end-of-line hyphens joined where the word goes on, stray spaces inside words taken out."""

import re
from collections.abc import Sequence

from corpus.lines import Line
from corpus.offsets import TextBuilder
from corpus.words import SURE, WORD, Vocabulary

# Words that follow a hanging hyphen: "krimp- en anticipeerregio's" drops a part of the compound, it does not break it.
HANGING = r"(?:en|of|noch|tot|dan wel)\b"
AFTER_A_HANGING_HYPHEN = re.compile(HANGING)
HYPHENS = "-\u2010\u00ad"
SPACES = re.compile(r"\s+")
LETTERS = r"[^\W\d_]+(?:[-'’][^\W\d_]+)*"
PAIR = re.compile(rf"(?<![\w'’-])({LETTERS}) (?=({LETTERS})(?![\w]))")
PLURAL = re.compile(rf"(?<![\w'’-])({LETTERS}[aeiouyé]) (?=(['’]s)(?!\w|-))", re.IGNORECASE)
BEFORE_HYPHEN = re.compile(rf"(?<![\w'’-])({LETTERS}) (?=-({LETTERS}|\s{HANGING}))")
AFTER_HYPHEN = re.compile(rf"(?<![\w'’-])({LETTERS}-) (?=({LETTERS}))")
BEFORE_STOP = re.compile(r"(?<=[\w’”)%]) (?=[,.;)](?:[\s”’\"')]|$))")
# How much likelier one word must be than two: more so when both halves are words, as in "diep geworteld".
FRAGMENT_RATIO, WORDS_RATIO = 1e3, 1e5
SMALLEST_SHARE = 1e-9
SINGLE_LETTER_WORDS = frozenset("uUàÀ")


def joint(before: str, after: str, known: Vocabulary) -> tuple[int, str]:
    """How two lines meet: how many characters to drop from the end of the first, and what to put between them.

    A hyphen is dropped when the word goes on; it stays, without a space, where the compound is spelled with one
    (after capitals or digits, before a capital, or as the document itself spells it elsewhere).
    """
    if not before or before[-1] not in HYPHENS or len(before) < 2:
        return 0, " "
    if before[-1] == "\u00ad":
        return 1, ""
    left, right = WORD.findall(before[:-1]), WORD.match(after)
    if not left or right is None or AFTER_A_HANGING_HYPHEN.match(after):
        return 0, " "
    word, whole = right.group(), before[-2].isalnum()
    if not whole:  # a dash, or a hyphen with a stray space before it ("Zeeuws -/Vlaanderen")
        return 0, "" if before[-2] == " " and known.own(f"{left[-1]}-{word}") else " "
    if not word[0].islower() or left[-1][-1].isdigit() or (len(left[-1]) > 1 and left[-1].isupper()):
        return 0, ""
    if known.own(left[-1] + word) >= known.own(f"{left[-1]}-{word}"):
        return 1, ""
    return 0, ""


def add_lines(builder: TextBuilder, lines: Sequence[Line], known: Vocabulary) -> None:
    """Append lines as one running text: white space within a line becomes one space, line ends are joined."""
    text, places = _join(builder.source, lines, known)
    stray = stray_spaces(text, known)
    start = 0
    for position in range(len(text) + 1):
        ends = position == len(text) or position in stray or places[position] is None
        if not ends and (position == start or places[position] == places[position - 1] + 1):  # type: ignore[operator]
            continue
        if start < position:
            first, last = places[start], places[position - 1]
            assert first is not None
            assert last is not None
            builder.copy(first, last + 1)
        if position < len(text) and places[position] is None and position not in stray:
            builder.insert(text[position])
        start = position + 1 if ends else position


def _join(source: str, lines: Sequence[Line], known: Vocabulary) -> tuple[str, list[int | None]]:
    """The lines as one text, and for each character its place in the source; None where a space was put in."""
    letters: list[str] = []
    places: list[int | None] = []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        drop, between = joint(line.text, following.text, known) if following else (0, "")
        position = line.start
        for space in [*SPACES.finditer(source, line.start, line.end - drop), None]:
            stop = space.start() if space else line.end - drop
            letters += source[position:stop]
            places += range(position, stop)
            if space:
                letters.append(" ")
                places.append(space.start() if space.group() == " " else None)
                position = space.end()
        letters += between
        places += [None] * len(between)
    return "".join(letters), places


def stray_spaces(text: str, known: Vocabulary) -> set[int]:
    """Positions of spaces that stand inside a word ("aand acht", "regio 's") or before a comma or full stop.

    Two pieces are one word when that word is far likelier than the two side by side, by what the document and Dutch
    write (the ratio of P(whole) to P(left) P(right), as in word segmentation; Norvig, 2009).
    """
    found = {match.start() for match in BEFORE_STOP.finditer(text)}
    found |= {m.end(1) for m in PAIR.finditer(text) if _is_one_word(m[1], m[2], known)}
    found |= {m.end(1) for m in PLURAL.finditer(text) if known.weight(m[1] + m[2]) >= SURE}
    for match in BEFORE_HYPHEN.finditer(text):
        hanging = match[2].startswith(" ")
        if known.own(f"{match[1]}-" if hanging else f"{match[1]}-{match[2]}"):
            found.add(match.end(1))
    for match in AFTER_HYPHEN.finditer(text):
        names = match[1][0].isupper() and match[2][0].isupper()
        if not AFTER_A_HANGING_HYPHEN.match(match[2]) and (names or known.own(match[1] + match[2])):
            found.add(match.end(1))
    return found


def mended(text: str, known: Vocabulary) -> str:
    """The text without its stray spaces: for titles, which are shown apart from the text they stand in."""
    stray = stray_spaces(text, known)
    return "".join(letter for position, letter in enumerate(text) if position not in stray)


def _is_one_word(left: str, right: str, known: Vocabulary) -> bool:
    if right[0].isupper():
        return False
    whole = known.weight(left + right)
    if whole < SURE:
        single = _is_fragment(left, known) and 1 in (len(left), len(right)) and not known.weight(right)
        return single and known.is_compound(left + right)
    fragment = _is_fragment(left, known) or _is_fragment(right, known)
    apart = (known.share(left) + SMALLEST_SHARE) * (known.share(right) + SMALLEST_SHARE)
    return whole > (FRAGMENT_RATIO if fragment else WORDS_RATIO) * apart


def _is_fragment(piece: str, known: Vocabulary) -> bool:
    if len(piece) == 1:
        return piece not in SINGLE_LETTER_WORDS
    return not known.is_word(piece)
