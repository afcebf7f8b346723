"""The fixed Dutch sentences around quotes. Nothing here says anything about the subject itself."""

from collections.abc import Sequence

from corpus.model import PageRange
from qa.model import Citation, FoundPassage, Place, Reason

NEAREST = 3


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


def answer_text(citations: Sequence[Citation]) -> str:
    """The quotes with their places, in order; the document is named where there is more than one."""
    several = len({citation.place.document for citation in citations}) > 1
    lines = []
    for position, citation in enumerate(citations):
        opening = "Volgens" if position == 0 else "Zie ook"
        document = f" in {citation.place.document_title}" if several else ""
        lines.append(f"{opening} {place_phrase(citation.place)}{document}: “{citation.quote}”")
    return "\n\n".join(lines)


def refusal_text(reason: Reason, nearest: Sequence[FoundPassage], contact: str, detail: str = "") -> str:
    """Why there is no answer, what comes nearest, and whom to ask."""
    if reason is Reason.INVALID_INPUT:
        return f"Deze vraag kan niet worden gelezen: {detail}"
    parts = ["In de documenten staat geen antwoord op deze vraag, of Bronvast kan het niet vinden."]
    places = list(dict.fromkeys(place_phrase(passage.place) for passage in nearest))[:NEAREST]
    if places:
        parts.append("Het dichtst in de buurt komt: " + "; ".join(places) + ".")
    parts.append(f"Vraag het anders aan: {contact}." if contact else "Probeer andere woorden, of één vraag tegelijk.")
    return " ".join(parts)
