"""The people in a list of names: who, what they do, and where."""

import re
from collections.abc import Sequence

from corpus.blocks import BlockKind, Placed
from corpus.offsets import Span
from corpus.parts import Person

TITLE = r"(?:(?:[Dd]hr|[Mm]evr|[Mm]w|[Dd]rs?|[Pp]rof|[Ii]r|[Ii]ng|[Mm]r)\.?\s+|(?:[Dd]e heer|[Mm]evrouw)\s+)*"
PARTICLE = r"(?:van|de|den|der|ten|ter|te|het|[’']?t|in|op|el|al|von|-)"
GIVEN = r"[A-ZÀ-Ý][\w’'.\-]*"
NAME = re.compile(rf"{TITLE}(?P<name>{GIVEN}(?:\s+(?:{PARTICLE}\s+)*{GIVEN}){{1,4}})(?=,|\s+[a-z]|\s*\(|$)")
ORGANISATION = re.compile(
    r"\b(?:[Gg]emeente|[Pp]rovincie|[Mm]inisterie|[Ss]tichting|[Ss]tadsregio|[Rr]egio|[Nn]etwerk|[Vv]ereniging|"
    r"[Uu]niversiteit|[Hh]ogeschool|[Ss]amenwerkingsverband|[Ww]aterschap|[Ww]oningcorporatie|[Rr]ijks\w+|[Bb]ureau|"
    r"[Ss]cholengemeenschap)\s+[A-ZÀ-Ý].*?(?=,\s[a-zà-ý]|\s&\s[a-zà-ý]|\.?$)"
)
FUNCTION = re.compile(
    r"\w*(?:adviseur|manager|medewerker|directeur|bestuurder|hoogleraar|wethouder|gedeputeerde|secretaris|voorzitter|"
    r"hoofd|leider|burgemeester|lid|begeleider|regisseur|coördinator|coordinator|ambtenaar|onderzoeker)\b",
    re.IGNORECASE,
)
GROUP_IS_ORGANISATION = re.compile(r"(?:Ministerie|Provincie|Gemeente|Stichting|Waterschap)\s+\w")
MOSTLY = 0.6
FEWEST = 3


def find_people(text: str, placed: Sequence[Placed], chapters: dict[int, int], titles: dict[int, str]) -> list[Person]:
    """The people in chapters where most list items are a name with what follows it, ordered by start.

    `chapters` gives the chapter of each section, `titles` its heading; an organisation that only the heading above
    names ("Ministerie van ...") is not repeated in the record.
    """
    items = [one for one in placed if one.block.kind is BlockKind.ITEM]
    people: list[Person] = []
    for chapter in dict.fromkeys(chapters[one.section] for one in items):
        own = [one for one in items if chapters[one.section] == chapter]
        found = [person for one in own if (person := _person(text, one, titles[one.section]))]
        if len(found) >= FEWEST and len(found) >= MOSTLY * len(own):
            people += found
    return people


def _person(text: str, one: Placed, group: str) -> Person | None:
    start = one.start + len(one.block.number)
    name = NAME.match(text, start, one.end)
    record = text[one.end - 1] not in "!?;:." or text[name.end() : name.end() + 1] == "," if name else False
    if name is None or not record:
        return None
    rest = _trimmed(text, name.end(), one.end)
    if rest is None:
        return Person(start, one.end, name.span("name"), None, None, one.section)
    if organisation := ORGANISATION.search(text, *rest):
        before = _trimmed(text, rest[0], organisation.start())
        function = before or _trimmed(text, organisation.end(), rest[1])
        return Person(start, one.end, name.span("name"), function, organisation.span(), one.section)
    function, place = _by_comma(text, rest, bool(GROUP_IS_ORGANISATION.match(group)))
    return Person(start, one.end, name.span("name"), function, place, one.section)


def _by_comma(text: str, rest: Span, group_names_it: bool) -> tuple[Span | None, Span | None]:
    """Function and organisation where no word tells them apart: what follows the comma, if it starts with a capital."""
    comma = text.rfind(", ", *rest)
    if FUNCTION.match(text, comma + 2 if comma > 0 else rest[0], rest[1]):
        return rest, None
    if comma > 0 and text[comma + 2].isupper() and not group_names_it:
        return (rest[0], comma), (comma + 2, rest[1])
    words = text[slice(*rest)].split()
    if all(word[0].isupper() or word in ("van", "de", "en", "voor") for word in words) and len(words) > 1:
        return (rest, None) if group_names_it else (None, rest)
    return rest, None


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start] in " ,-–(":
        start += 1
    while end > start and text[end - 1] in " ,-–":
        end -= 1
    return (start, end) if start < end else None
