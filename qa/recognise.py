"""A filter in a question: "in de evaluatie van 2021" asks for certain documents, and only those are searched."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.catalogue import KINDS, YEAR, kind_of, name_of_collection
from index.sparse import stems
from qa.selection import Catalogue, Selection, plain

# Words for any document; with a year beside them they still choose by the year.
GENERAL = r"\w*rapport(?:en)?|\w*rapportages?|documenten|document|verslag(?:en)?|stuk(?:ken)?|publicaties?"
KIND = "|".join(KINDS.values())
DATED = re.compile(
    rf"\b(?P<kind>{KIND}|{GENERAL})\s+(?:(?:van|uit|over)\s+)?(?:het\s+jaar\s+)?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
COLLECTION = re.compile(r"\b(?:collectie|verzameling)\s+[\"“‘']?(?P<name>[\w-]+)", re.IGNORECASE)
# Without a year only kinds that a report does not often write about, and only where nothing says which one is meant.
CLEAR = ("evaluatie", "jaarverslag", "voortgangsrapportage", "kamerbrief", "begroting", "handreiking", "factsheet")
UNDATED = re.compile(
    rf"\b(?:in|uit|volgens|binnen)\s+(?:de|het)\s+(?P<kind>{'|'.join(KINDS[kind] for kind in CLEAR)})\b"
    r"(?!\s+(?:van|over|naar|door|uit|voor|op)\b)",
    re.IGNORECASE,
)
BEFORE = re.compile(r"\b(?:in|uit|volgens|binnen)\s+(?:(?:de|het|dit|deze|die|dat)\s+)?[\"“‘']?$", re.IGNORECASE)
# A title this short, in words, may stand in a question by chance.
FEWEST_TITLE_WORDS = 3
# What is left of a question must still say something to look for.
FEWEST_STEMS = 2


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a question asks to search in, the words that say so, and the question without them."""

    selection: Selection
    words: str
    rest: str


def recognise(question: str, catalogue: Catalogue, chosen: Selection) -> Recognised | None:
    """The filter in a question, narrowed from what was chosen; None when it has none, or one that leaves out nothing.

    `catalogue` holds the documents that were chosen. A question about two years compares, and is not narrowed.
    """
    if len(catalogue.entries) < 2:
        return None
    ways = [_by_title] if len(set(YEAR.findall(question))) > 1 else [_by_title, _by_collection, _by_year, _by_kind]
    for way in ways:
        found = way(question, catalogue)
        if found is None:
            continue
        narrowing, span = found
        count = _count(catalogue, narrowing)
        if 0 < count < len(catalogue.entries):
            whole = {name: value for name in FIELDS if (value := getattr(narrowing, name))}
            return Recognised(replace(chosen, **whole), question[slice(*span)], _without(question, span))
    return None


def recognise_in_turns(
    turns: Sequence[str], catalogue: Catalogue, chosen: Selection, completed: Callable[[str, Sequence[str]], str]
) -> tuple[Recognised | None, str]:
    """The filter of the last of some turns, which may come from a turn that it goes on from, and the question it asks.

    The question is completed from the turns before it, all without their filters.
    """
    found, before = None, ""
    for turn in turns:
        own = recognise(turn, catalogue, chosen)
        said = own.rest if own else turn
        whole = completed(said, [before] if before else [])
        goes_on = whole != completed(said, [])
        found = own or (_carried(turn, found, catalogue) if found and goes_on else None)
        before = whole
    return found, before


def _carried(turn: str, found: Recognised, catalogue: Catalogue) -> Recognised | None:
    """The filter of the turn before, in the year that this turn names: "En in 2022?"."""
    years = set(YEAR.findall(turn))
    if not years:
        return found
    if len(years) > 1 or not found.selection.year:
        return None
    year = years.pop()
    selection, words = replace(found.selection, year=int(year)), YEAR.sub(year, found.words)
    return replace(found, selection=selection, words=words) if _count(catalogue, selection) else None


FIELDS = ("documents", "collection", "year", "kind")
Way = tuple[Selection, tuple[int, int]] | None


def _count(catalogue: Catalogue, wanted: Selection) -> int:
    return sum(
        (not wanted.documents or entry.id in wanted.documents)
        and (not wanted.collection or entry.collection == wanted.collection)
        and (not wanted.year or entry.year == wanted.year)
        and (not wanted.kind or entry.kind == wanted.kind)
        for entry in catalogue.entries
    )


def _by_title(question: str, catalogue: Catalogue) -> Way:
    """The longest title that stands in the question whole."""
    asked = f" {plain(question)} "
    titles: dict[str, list[str]] = {}
    for entry in catalogue.entries:
        if entry.title and f" {entry.title} " in asked:
            titles.setdefault(entry.title, []).append(entry.id)
    long = [title for title in titles if len(title.split()) >= FEWEST_TITLE_WORDS]
    if not long:
        return None
    title = max(long, key=len)
    found = re.search(r"\b" + r"\W+".join(map(re.escape, title.split())) + r"\b", question, re.IGNORECASE)
    return (Selection(documents=tuple(titles[title])), found.span()) if found else None


def _by_collection(question: str, catalogue: Catalogue) -> Way:
    found = COLLECTION.search(question)
    return (Selection(collection=name_of_collection(found["name"])), found.span()) if found else None


def _by_year(question: str, catalogue: Catalogue) -> Way:
    found = DATED.search(question)
    return (Selection(year=int(found["year"]), kind=kind_of(found["kind"])), found.span()) if found else None


def _by_kind(question: str, catalogue: Catalogue) -> Way:
    found = UNDATED.search(question)
    return (Selection(kind=kind_of(found["kind"])), found.span("kind")) if found else None


def _without(question: str, span: tuple[int, int]) -> str:
    """The question without "in de evaluatie van 2021"; whole where that leaves too little, or is no such phrase."""
    start, end = span
    before = BEFORE.search(question[:start])
    if not before:
        return question
    after = question[end:].lstrip("\"”’' ,")
    rest = f"{question[: before.start()].rstrip(' ,')} {after}".strip()
    rest = re.sub(r"\s+([?.!,;:])", r"\1", rest)
    return rest if len(set(stems([rest])[0])) >= FEWEST_STEMS else question
