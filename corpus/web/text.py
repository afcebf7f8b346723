"""The parts of HTML that matter to a reader: which elements are blocks, which are not read, and the text inside."""

import re
from dataclasses import dataclass, field
from typing import Any, Protocol

from lxml import etree

from corpus.numbering import count_as

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
NAMES = re.compile(r"\w+")
BLOCKS = frozenset(HEADINGS) | frozenset(
    NAMES.findall(
        "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer "
        "form header hgroup hr html legend li main ol p pre search section summary table tbody td tfoot th thead tr ul"
    )
)
# Not read: programs, pictures and controls, ways round the site, and what browsers do not show.
UNREAD = frozenset(
    NAMES.findall(
        "audio button canvas datalist embed head iframe input map nav noscript object rp rt script select style svg "
        "template textarea title video"
    )
)
INVISIBLE = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
WHOLE = re.compile(r"-?\d{1,9}")


class References(Protocol):
    """What tells a reference to a footnote from another link."""

    def skips(self, element: Any) -> bool:
        """Whether an element is a note or a way back from one, read elsewhere."""

    def refer(self, element: Any) -> str | None:
        """The number a reference shows, its note queued; None where the element is none."""


def unread(element: Any) -> bool:
    """Whether a reader of the page does not see this element, or sees it on every page of the site."""
    if element.tag in UNREAD or element.get("aria-hidden") == "true":
        return True
    if element.get("hidden", "until-found") != "until-found" or INVISIBLE.search(element.get("style", "")):
        return True
    return element.tag == "footer" and not any(above.tag in ("article", "main") for above in element.iterancestors())


def whole(value: str | None, otherwise: int) -> int:
    """The whole number an attribute holds."""
    match = WHOLE.fullmatch((value or "").strip())
    return int(match.group()) if match else otherwise


@dataclass(slots=True)
class Lists:
    """The lists that are open, and what stands before their items: a bullet, or a number as a browser counts it."""

    open: list[tuple[str, int, int]] = field(default_factory=list)

    def start(self, element: Any) -> None:
        """Open a list."""
        down = element.get("reversed") is not None
        first = whole(element.get("start"), sum(child.tag == "li" for child in element) if down else 1)
        shown = FORMATS.get(element.get("type", ""), "decimal") if element.tag == "ol" else ""
        self.open.append((shown, first, -1 if down else 1))

    def item(self, element: Any) -> str:
        """The mark of the next item of the innermost list."""
        shown, number, step = self.open[-1] if self.open else ("", 1, 1)
        if not shown:
            return "•"
        number = whole(element.get("value"), number)
        self.open[-1] = (shown, number + step, step)
        return f"{count_as(shown, number)}."

    def end(self) -> None:
        """Close the innermost list."""
        del self.open[-1:]


def flat_text(element: Any, references: References) -> str:
    """All text inside an element as one stretch, lists with their bullets and numbers. Not recursive."""
    pieces: list[str] = []
    lists = Lists()
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "end":
            if inner.tag in ("ol", "ul"):
                lists.end()
            pieces.append(" " if inner.tag in BLOCKS else "")
            pieces.append((inner.tail or "") if inner is not element else "")
        elif inner is not element and (unread(inner) or references.skips(inner)):
            walk.skip_subtree()
        elif (number := references.refer(inner)) is not None:
            pieces.append(number)
            walk.skip_subtree()
        else:
            pieces.append(_opening(inner, lists, inner is element) + (inner.text or ""))
    return "".join(pieces)


def _opening(element: Any, lists: Lists, outermost: bool) -> str:
    if element.tag in ("ol", "ul"):
        lists.start(element)
    if element.tag == "li" and not outermost:
        return f" {lists.item(element)} "
    return " " if element.tag in BLOCKS or element.tag == "br" else ""
