"""What Word's styles say of a paragraph: heading, title, caption, list, and how its text looks."""

import re
from dataclasses import dataclass, replace
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
HEADING = re.compile(r"(?:heading|kop) ?(\d)\b")
KINDS = {
    "title": "title",
    "titel": "title",
    "caption": "caption",
    "bijschrift": "caption",
    "toc heading": "contents",
    "kop van inhoudsopgave": "contents",
    "table of figures": "contents",
    "lijst met afbeeldingen": "contents",
}
CONTENTS = re.compile(r"(toc|inhopg) \d")
BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Look:
    """A style with all that it inherits. `kind` is heading, title, caption, contents or text; level 1 is highest.

    `numbered` is the list it belongs to ("0" for none), at depth `depth`.
    """

    kind: str = "text"
    level: int = 0
    numbered: str = ""
    depth: int = 0
    bold: bool = False
    hidden: bool = False
    new_page: bool = False


def child(element: Any, *names: str) -> Any:
    """The first child of each name in turn; None where one is missing."""
    for name in names:
        if element is None:
            return None
        element = element.find(f"{W}{name}")
    return element


def value(element: Any, *names: str) -> str | None:
    """The w:val of a descendant; None where it or the descendant is missing."""
    found = child(element, *names)
    return None if found is None else found.get(VAL)


def switch(element: Any, name: str, otherwise: bool = False) -> bool:
    """Whether an on/off property is on: there, and not said to be off."""
    found = child(element, name)
    return otherwise if found is None else found.get(VAL, "1") not in ("0", "false", "off")


def whole(text: str | None, otherwise: int = 0) -> int:
    """The whole number an attribute holds."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else otherwise


def read_styles(styles: Any) -> dict[str, Look]:
    """Style id to its look; "" is the default paragraph style."""
    by_id = {style.get(f"{W}styleId", ""): style for style in styles.iter(f"{W}style")}
    looks: dict[str, Look] = {}
    for identity in by_id:
        line: dict[str, None] = {}
        while identity in by_id and identity not in looks and identity not in line:
            line[identity] = None
            identity = value(by_id[identity], "basedOn") or ""
        look = looks.get(identity, Look())
        for heir in reversed(line):
            look = looks[heir] = _inherit(look, by_id[heir])
    for identity, style in by_id.items():
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default", "0") in ("1", "true"):
            looks[""] = looks[identity]
    return looks


def _inherit(look: Look, style: Any) -> Look:
    name = (value(style, "name") or "").lower()
    if heading := HEADING.match(name):
        look = replace(look, kind="heading", level=int(heading[1]))
    if name in KINDS or CONTENTS.fullmatch(name):
        look = replace(look, kind=KINDS.get(name, "contents"), level=0)
    look = with_properties(look, child(style, "pPr"))
    text = child(style, "rPr")
    return replace(look, bold=switch(text, "b", look.bold), hidden=switch(text, "vanish", look.hidden))


def with_properties(look: Look, properties: Any) -> Look:
    """A look with the paragraph properties that are set on top of it."""
    if properties is None:
        return look
    outline = value(properties, "outlineLvl")
    if outline is not None and look.kind in ("heading", "text"):
        level = whole(outline, BODY_LEVEL)
        look = replace(look, kind="heading", level=level + 1) if level < BODY_LEVEL else replace(look, kind="text")
    numbered = value(properties, "numPr", "numId")
    depth = value(properties, "numPr", "ilvl")
    return replace(
        look,
        numbered=look.numbered if numbered is None else numbered,
        depth=look.depth if depth is None else min(8, max(0, whole(depth))),
        new_page=switch(properties, "pageBreakBefore", look.new_page),
    )
