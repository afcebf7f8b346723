"""A follow-up question to one that stands on its own, from the turns before it; by fixed rules, so always the same."""

import re
from collections.abc import Callable, Sequence

from index.sparse import stems
from qa.framing import is_framed, unframed

# What says that the talk turns to something else: what follows stands on its own.
NEW_SUBJECT = re.compile(
    r"\W*((ok[eé]?|goed|nou|nu|dan|en|maar)\W+)*"
    r"((nog |even |nu |dan )*(iets|wat) (heel |totaal |helemaal )?anders|andere vraag|laat (dat )?maar( zitten)?|"
    r"terug naar [^:.,?]{3,40}|ander onderwerp|something else|never ?mind)\s*[:;,.!?-]+\s*(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
OPENING = re.compile(
    r"\W*(en|maar|and|but|hoe zit (het|t|dat) met|(en )?wat (is er )?met|what about)\s+", re.IGNORECASE
)
# Words that point back to somebody or something in an earlier turn.
POINTS_BACK = re.compile(
    r"\b(hij|zij|ze|hem|haar|hen|hun|die|dat|deze|dit|daar|daarmee|daarvan|daarover|daarvoor|daarbij|daaraan|ervan|"
    r"ermee|erover|he|she|they|them|his|her|their|that|those|there)\b",
    re.IGNORECASE,
)
PERSONAL = re.compile(r"\b(hij|zij|ze|hem|he|she|they|him|them)\b", re.IGNORECASE)
ORDINAL = re.compile(
    r"\b(de|het|the) (eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|laatste|"
    r"first|second|third|last)\b(?! (\w+(en|s)|\w*(plan|ronde|kamer))\b)",
    re.IGNORECASE,
)
WHO_IS = re.compile(r"\W*(wie (is|was|zijn)|who (is|was))\s+(?P<name>[^?.,]+)", re.IGNORECASE)
NAME = re.compile(
    r"(?<![.?!]\s)(?<!^)\b[A-Z][\w'’-]+(?:\s+(?:van|de|der|den|ten|het|en|-|’t)\s+(?=[A-Z])|\s+(?=[A-Z]))?"
    r"(?:[A-Z][\w'’-]+)?(?:\s+[A-Z][\w'’-]+)*"
)
PREPOSITIONS = "in|naar|van|uit|bij|voor|op|over|met|namens|volgens|door|rond|tegen|na|tot|onder"
FRAGMENT = re.compile(rf"(?:(?P<before>{PREPOSITIONS})\s+)?(?P<what>.+?)\W*$", re.IGNORECASE | re.DOTALL)
ARTICLE = re.compile(r"(de|het|een|the|a|an)\s+", re.IGNORECASE)
VERB = re.compile(
    r"\b(is|was|zijn|waren|heeft|hebben|had|hadden|wordt|worden|werd|werden|kan|kunnen|moet|moeten|zegt|vindt|vinden|"
    r"doet|doen|gaat|gaan|komt|komen|krijgt|krijgen|staat|staan|welke?|wie|wat|waar|waarom|hoeveel|hoe|wanneer)\b",
    re.IGNORECASE,
)
LONGEST_FRAGMENT = 6


Closest = Callable[[str, Sequence[str]], int]
"""Which of some things is most like a thing: the position."""


def complete(question: str, earlier: Sequence[str], closest: Closest) -> str:
    """The question as it would be asked by itself; a question that stands on its own comes back as it is.

    Without earlier turns nothing is completed. A turn that changes the subject drops the turns before it.
    """
    before = ""
    for turn in [*earlier, question]:
        before = _completed(" ".join(turn.split()), before, closest)
    return before


def _completed(question: str, before: str, closest: Closest) -> str:
    if changed := NEW_SUBJECT.match(question):
        return changed.group("rest")
    if not before:
        return question
    opened = OPENING.match(question)
    rest = question[opened.end() :] if opened else question
    if _is_fragment(rest) and (opened or len(rest.split()) <= LONGEST_FRAGMENT // 2):
        return _with_slot_filled(before, rest, closest)
    asked = unframed(rest)
    if (opened and not is_framed(rest)) or POINTS_BACK.search(asked) or ORDINAL.search(asked):
        return _with_subject(question, before)
    return rest if is_framed(rest) else question


def _is_fragment(text: str) -> bool:
    """Whether a turn names a thing without asking anything about it: "in Limburg?"."""
    return bool(stems([text])[0]) and len(text.split()) <= LONGEST_FRAGMENT and not VERB.search(text)


def _with_slot_filled(before: str, fragment: str, closest: Closest) -> str:
    """The question before with a part replaced by the fragment: one after the same preposition, or of the same kind."""
    found = FRAGMENT.match(fragment)
    if not found:
        return f"{before} {fragment}"
    what, preposition = found.group("what"), found.group("before")
    if preposition:
        slots = list(re.finditer(rf"\b{preposition}\s+((?:de|het|een)\s+)?[\w'’-]+(?:\s[A-Z][\w'’-]+)*", before, re.I))
        return _replaced(before, slots[-1].span(), f"{preposition} {what}") if slots else f"{before} {fragment}"
    if slot := _alike(before, ARTICLE.sub("", what), closest):
        return _replaced(before, slot, what)
    return f"{before} {fragment}"


def _alike(before: str, what: str, closest: Closest) -> tuple[int, int] | None:
    """The part of a question that a thing replaces: one that ends alike, else the name or word most like it."""
    words = [match for match in re.finditer(r"[\w'’-]+", before) if stems([match.group()])[0]]
    same = [word for word in words if len(what) > 4 and word.group().lower()[-5:] == what.lower()[-5:]]
    names = list(NAME.finditer(before))
    chosen = same or names or words
    if len(chosen) > 1 and not same:
        return chosen[closest(what, [match.group() for match in chosen])].span()
    return chosen[-1].span() if chosen else None


def _replaced(text: str, span: tuple[int, int], new: str) -> str:
    start, end = span
    if ARTICLE.match(new) and (article := re.search(r"\b(de|het|een|the|a|an)\s+$", text[:start], re.IGNORECASE)):
        start = article.start()
    return text[:start] + new + text[end:]


def _with_subject(question: str, before: str) -> str:
    """The question with the name that it points to; the whole question before it where there is no such name."""
    asked = WHO_IS.match(before)
    names = [match.group().strip() for match in NAME.finditer(before)]
    name = asked.group("name").strip() if asked else names[-1] if names else ""
    pronoun = PERSONAL.search(question)
    if name and pronoun:
        return question[: pronoun.start()] + name + question[pronoun.end() :]
    return f"{question} ({before})"
