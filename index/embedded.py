"""What of a passage is embedded and counted."""

from corpus.model import Document, Kind, Passage
from corpus.passages import lead_of


def embedded_text(document: Document, passage: Passage) -> str:
    """What is embedded and counted for a passage: the titles it stands under, what introduces its list, its words.

    Without them a list of names does not say whose names they are, nor an item what it is an example of.
    """
    around = document.enclosing(passage.section)
    titles = [f"{s.number} {s.title}".strip() if s.kind in (Kind.BOX, Kind.TABLE) else s.title for s in around]
    words = document.text[passage.start : passage.end]
    return "\n".join(
        filter(None, (" > ".join(filter(None, titles)), lead_of(document, passage.start, passage.end), words))
    )
