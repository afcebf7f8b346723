"""An answer on a terminal, for people."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from corpus.model import Kind
from index.store import Index
from qa.model import Answer
from qa.phrase import place_phrase


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
    """A question that the first document answers, made from its first subheading."""
    document = next(iter(index.documents.values()))
    titles = [section.title for section in document.sections if section.kind is Kind.SUBHEADING]
    title = titles[0] if titles else document.title
    return f"Wat zegt het rapport over {title[:1].lower()}{title[1:]}?"
