"""Questions a reader can start with."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from corpus.model import Document, Kind
from index.store import Index

SHOWN = 4


def examples_for(documents: Sequence[Document], chosen: Sequence[str] = ()) -> list[str]:
    """The operator's own; else gold questions of these documents that are answered; else questions from headings."""
    known = _known()
    from_gold = [question for document in documents for question in known.get(document.sha256, ())]
    return list(chosen or from_gold or _from_headings(documents))[:SHOWN]


def example_for(index: Index, chosen: Sequence[str] = ()) -> str:
    """One question to begin with, about the first document."""
    document = next(iter(index.documents.values()))
    return next(iter(examples_for([document], chosen)), f"Wat staat er over “{document.title}”?")


@cache
def _known() -> dict[str, list[str]]:
    """Questions by the hash of the document: chosen from eval/gold by hand; a test holds that they are gold's."""
    text = files("api").joinpath("examples.json").read_text(encoding="utf-8")
    known: dict[str, list[str]] = json.loads(text)
    return known


def _from_headings(documents: Sequence[Document]) -> list[str]:
    titles = [s.title for document in documents for s in document.sections if s.kind is Kind.SUBHEADING and s.title]
    plain = [title for title in titles if not title.endswith("?")]
    return [f"Wat staat er over “{title}”?" for title in dict.fromkeys(plain)]
