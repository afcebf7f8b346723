"""Footnotes of a web page: a short link to a note, and a note that links back or calls itself one."""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from corpus.web.text import HEADINGS

# The mark of a reference, as pandoc, markdown-it, Word and MediaWiki show it: 1, [1], (1), [1:2], *, [a].
LABEL = re.compile(r"[\[(]?(\d{1,3}|[a-z*†‡])(?::\d+)?[\])]?")
BACK = re.compile(r"\b(footnote-back(ref|link)?|backref|backlink|reversefootnote)\b", re.IGNORECASE)
NOTES = re.compile(r"\b(footnotes?|endnotes?|voetnoten|references)\b", re.IGNORECASE)
HOLDERS = ("li", "p", "div", "aside", "dd", "td", "section")
# How far up from a link or a note its name or its list may stand.
NEAR = 4


@dataclass(slots=True)
class Notes:
    """Which links refer to which note. A note is read once, after what refers to it first; `queue` waits for that."""

    notes: dict[Any, Any] = field(default_factory=dict)
    numbers: dict[Any, str] = field(default_factory=dict)
    aside: set[Any] = field(default_factory=set)
    queue: deque[Any] = field(default_factory=deque)
    seen: set[Any] = field(default_factory=set)
    skipped: list[Any] = field(default_factory=list)

    def skips(self, element: Any) -> bool:
        """Whether an element is a note, its way back, or the heading above the notes."""
        if element in self.numbers:
            self.skipped.append(element)
            return True
        return element in self.aside

    def refer(self, element: Any) -> str | None:
        """The number a reference shows, its note queued; None where the element is no reference."""
        note = self.notes.get(element)
        if note is None:
            return None
        self._queue(note)
        return self.numbers[note]

    def queue_unreferred(self) -> None:
        """Queue the notes whose references are in no part that was read."""
        for note in self.skipped:
            self._queue(note)

    def _queue(self, note: Any) -> None:
        if note not in self.seen:
            self.seen.add(note)
            self.queue.append(note)


def find_notes(root: Any) -> Notes:
    """All footnotes of a page, in the order in which they are referred to."""
    found = Notes()
    named = _named(root)
    links = [link for link in root.iter("a") if link.get("href", "").startswith("#")]
    for link in links:
        target = named.get(unquote(link.get("href")[1:]))
        note = _holder(target)
        if note is None or link in found.aside or not _is_reference(link) or note in _above(link):
            continue
        if note not in found.numbers and not _is_note(note, link):
            continue
        if note not in found.numbers:
            label = LABEL.fullmatch(_shown(link))
            found.numbers[note] = label[1] if label else str(len(found.numbers) + 1)
            found.aside |= _ways_back(note, link) | _headings_of(note)
        found.notes[link] = note
    return found


def _named(root: Any) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for element in root.iter():
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                named.setdefault(name, element)
    return named


def _holder(target: Any) -> Any:
    """The element that is the note: the target, or what holds it where the target is a mere anchor."""
    if target is None or target.tag in HOLDERS:
        return target
    return next((above for above in _above(target) if above.tag in HOLDERS), None) if target.tag == "a" else None


def _above(element: Any) -> list[Any]:
    return [above for above, _ in zip(element.iterancestors(), range(NEAR), strict=False)]


def _shown(link: Any) -> str:
    return "".join("".join(link.itertext()).split())


def _is_reference(link: Any) -> bool:
    said = f"{link.get('role', '')} {link.get('class', '')}"
    return "doc-noteref" in said or "footnote-ref" in said.split() or bool(LABEL.fullmatch(_shown(link)))


def _is_note(note: Any, link: Any) -> bool:
    if note.get("role") in ("doc-footnote", "doc-endnote") or _ways_back(note, link):
        return True
    return any(_holds_notes(above) for above in _above(note)[:2])


def _holds_notes(element: Any) -> bool:
    return element.get("role") == "doc-endnotes" or bool(NOTES.search(element.get("class", "")))


def _ways_back(note: Any, link: Any) -> set[Any]:
    """The links in a note that lead to its reference, or say that they do."""
    names = {element.get(key) for element in (link, *_above(link)[:2], *link) for key in ("id", "name")} - {None}
    back = set()
    for inner in note.iter("a"):
        said = f"{inner.get('role', '')} {inner.get('class', '')}"
        if unquote(inner.get("href", "")[1:]) in names or "doc-backlink" in said or BACK.search(said):
            back.add(inner)
    return back


def _headings_of(note: Any) -> set[Any]:
    """The headings ("Voetnoten") of the element that holds the notes."""
    holder = next((above for above in _above(note)[:2] if _holds_notes(above)), None)
    return set() if holder is None else {child for child in holder if child.tag in HEADINGS}
