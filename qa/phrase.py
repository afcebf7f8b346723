"""The fixed sentences around quotes, in Dutch or English. Nothing here says anything about the subject itself."""

from collections.abc import Mapping, Sequence

from corpus.model import PageRange
from qa.model import Citation, Place, Reason
from qa.selection import Filter
from qa.speaker import inside_sentence

NEAREST = 3
OPENINGS = {"nl": ("Volgens", "Zie ook"), "en": ("According to", "See also")}
ALSO = {"nl": "Dit staat ook in", "en": "This is also said in"}
SAID_BY = {"nl": "gezegd door", "en": "said by"}
QUOTED = {"nl": "citaat in het Nederlands", "en": "quoted in Dutch"}
WHY = {
    "nl": {
        Reason.NOT_FOUND: "In de documenten staat geen antwoord op deze vraag, of Bronvast kan het niet vinden.",
        Reason.OTHER_SUBJECT: "Deze vraag gaat over iets anders dan de documenten.",
        Reason.TOO_VAGUE: "Deze vraag is te vaag om te zoeken. Noem een onderwerp, een plaats of een naam.",
        Reason.FALSE_PREMISE: "Er klopt iets niet aan deze vraag: de documenten zeggen iets anders.",
    },
    "en": {
        Reason.NOT_FOUND: "The documents do not answer this question, or Bronvast cannot find the answer.",
        Reason.OTHER_SUBJECT: "This question is about something other than the documents.",
        Reason.TOO_VAGUE: "This question is too vague to search for. Name a subject, a place or a person.",
        Reason.FALSE_PREMISE: "Something in this question is not right: the documents say something else.",
    },
}
NEAR = {"nl": "Het dichtst in de buurt komt", "en": "What comes nearest is"}
SAYS_INSTEAD = {"nl": "Er staat wel", "en": "What they do say"}
ABSENT = {"nl": "{} is er niet; wel {}.", "en": "There is no {}; there is {}."}
RANGE = {"nl": "{0} {1} tot en met {2}", "en": "{0} {1} to {2}"}
ASK = {"nl": "Vraag het anders aan: {}.", "en": "You can also ask: {}."}
RETRY = {"nl": "Probeer andere woorden, of één vraag tegelijk.", "en": "Try other words, or one question at a time."}
HELLO = {
    "nl": "Goedendag. U praat met een computer die antwoorden zoekt in: {}. Stel een vraag daarover, "
    "bijvoorbeeld wie iets vindt, hoeveel iets is of waarom iets zo is.",
    "en": "Hello. You are talking to a computer that looks for answers in: {}. Ask a question about that, "
    "for example who thinks something, how much something is, or why something is so.",
}
SEARCHED_IN = {"nl": "Alleen gezocht in: {}.", "en": "Searched only in: {}."}
MISSING = {"nl": "Op dit deel van uw vraag is geen antwoord gevonden", "en": "This part of your question has no answer"}
INVALID = {"nl": "Deze vraag kan niet worden gelezen", "en": "This question cannot be read"}


def page_phrase(page: PageRange) -> str:
    """The page as people write it: "p. 23", or "p. 23-24" for a span that runs over a page."""
    first, last = page
    return f"p. {first}" if first == last else f"p. {first}-{last}"


def place_phrase(place: Place) -> str:
    """Where a quote stands, as a reader would look it up: "deel 5, Regionale samenwerking, Regio Deals (p. 24)"."""
    parts = [f"deel {place.section}" if place.section.isdigit() else place.section]
    note = f"voetnoot {place.footnote}" if place.footnote else ""
    named = [label for label in place.sections[1:] if label != note]
    parts += [name for name in (place.chapter_title, *named, place.heading, note) if name]
    return f"{', '.join(dict.fromkeys(parts))} ({page_phrase(place.page)})"


def answer_text(citations: Sequence[Citation], language: str = "nl") -> str:
    """The quotes with their places, in order; the document is named where there is more than one."""
    several = len({citation.place.document for citation in citations}) > 1
    lines = []
    for position, citation in enumerate(citations):
        opening = OPENINGS[language][min(position, 1)]
        document = f" in {citation.place.document_title}" if several else ""
        speaker = f", {SAID_BY[language]} {inside_sentence(citation.speaker)}" if citation.speaker else ""
        line = f"{opening} {place_phrase(citation.place)}{document}{speaker}: “{citation.quote}”"
        if citation.also:
            line += f" {ALSO[language]} {'; '.join(place_phrase(place) for place in citation.also)}."
        lines.append(line)
    return "\n\n".join(lines)


def why_phrase(reason: Reason, language: str = "nl") -> str:
    """Why there is no answer, without what comes nearest: for a page that shows those places themselves."""
    return WHY[language].get(reason, "")


def filter_phrase(found: Filter | None, language: str = "nl") -> str:
    """In what was looked because the question asked for it, in its own words; "" where it did not."""
    return SEARCHED_IN[language].format(found.words) if found and found.words else ""


def absent_phrase(parts: Mapping[str, Sequence[int]], language: str = "nl") -> str:
    """Which named parts there are not, and which of that kind there are."""
    lines = []
    for label, numbers in parts.items():
        kind = label.partition(" ")[0]
        first, last = numbers[0], numbers[-1]
        there = f"{kind} {first}" if first == last else RANGE[language].format(kind, first, last)
        said = ABSENT[language].format(label, there)
        lines.append(said[0].upper() + said[1:])
    return " ".join(lines)


def partial_text(text: str, missing: Sequence[str], language: str) -> str:
    """An answer to a part of a question, and which part it does not answer."""
    return f"{text}\n\n{MISSING[language]}: {' '.join(missing)}"


def refusal_text(
    reason: Reason,
    nearest: Sequence[Citation],
    contact: str,
    language: str = "nl",
    titles: Sequence[str] = (),
    detail: str = "",
) -> str:
    """Why there is no answer, what comes nearest, and whom to ask."""
    if reason is Reason.INVALID_INPUT:
        return f"{INVALID[language]}: {detail}"
    if reason is Reason.NO_QUESTION:
        return HELLO[language].format("; ".join(titles))
    parts = [WHY[language][reason]]
    if reason is Reason.FALSE_PREMISE and detail:
        parts.append(detail)
    elif reason is Reason.FALSE_PREMISE and nearest:
        parts.append(f"{SAYS_INSTEAD[language]}: “{nearest[0].quote}” ({place_phrase(nearest[0].place)}).")
    elif reason is not Reason.TOO_VAGUE:
        places = list(dict.fromkeys(place_phrase(citation.place) for citation in nearest))[:NEAREST]
        if places:
            parts.append(f"{NEAR[language]}: {'; '.join(places)}.")
    parts.append(ASK[language].format(contact) if contact else RETRY[language])
    return " ".join(parts)
