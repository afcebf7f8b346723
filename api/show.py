"""An answer on a terminal, for people."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from qa.model import Answer
from qa.phrase import filter_phrase, place_phrase
from qa.written.model import Written
from qa.written.phrase import marks


def show_answer(console: Console, answer: Answer) -> None:
    """The question, and as it was looked for, each quote with its place, or why there is none."""
    console.print(Text(f"Vraag: {answer.question}", style="bold"))
    if answer.searched and answer.searched != " ".join(answer.question.split()):
        console.print(Text(f"Gezocht is op: {answer.searched}", style="dim"))
    if told := filter_phrase(answer.filter):
        console.print(Text(f"{told} In alles zoeken: --geen-filter", style="yellow"))
    if answer.reason:
        console.print(Text(answer.text))
        return
    written = answer.written
    if written and not written.fallback:
        _show_written(console, written)
    for number, citation in enumerate(answer.citations, 1):
        console.print()
        mark = f"[{number}] " if written and not written.fallback else ""
        console.print(Padding(Text(f"{mark}“{citation.quote}”"), (0, 4)))
        reference = f"{citation.place.document_title}, {place_phrase(citation.place)}"
        console.print(Padding(Text(reference, style="cyan"), (0, 4)))
        if citation.row:
            console.print(Padding(Text(f"Met de kolommen erbij: {citation.row}", style="dim"), (0, 4)))
    if written and (
        remark := written.note or (written.fallback and f"Dit zijn alleen de citaten: {written.fallback}.")
    ):
        console.print()
        console.print(Text(remark, style="yellow"))


def _show_written(console: Console, written: Written) -> None:
    """The sentences of a language model, each with the numbers of its quotes, under a line that says whose they are."""
    console.print(
        Text(f"Geschreven door taalmodel {written.model}, zin voor zin vergeleken met de citaten:", style="dim")
    )
    said = [f"{one.text} {marks(one.citations)}" for one in written.sentences if one.text]
    console.print(Padding(Text(" ".join(said)), (0, 4)))
