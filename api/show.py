"""An answer on a terminal, for people."""

import re

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from corpus.model import Kind
from index.store import Index
from qa.model import Answer
from qa.phrase import place_phrase

ASKS = re.compile(r"(wat|wie|waar\w*|wanneer|hoe\w*|welke?)\b", re.IGNORECASE)


def show_answer(console: Console, answer: Answer) -> None:
    """The question, each quote with its place, or why there is none."""
    console.print(Text(f"Vraag: {answer.question}", style="bold"))
    if answer.reason:
        console.print(Text(answer.text))
        return
    for citation in answer.citations:
        console.print()
        console.print(Padding(Text(f"“{citation.quote}”"), (0, 4)))
        reference = f"{citation.place.document_title}, {place_phrase(citation.place)}"
        console.print(Padding(Text(reference, style="cyan"), (0, 4)))


def example_question(index: Index) -> str:
    """A question that the first document answers, made from its first subheading that is no question itself."""
    document = next(iter(index.documents.values()))
    titles = [s.title for s in document.sections if s.kind is Kind.SUBHEADING and not ASKS.match(s.title)]
    title = titles[0] if titles else document.title
    return f"Wat zegt het rapport over {title[:1].lower()}{title[1:]}?"
