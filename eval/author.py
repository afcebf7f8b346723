"""From words that a person gives to a gold question: where they stand, in context, and which of the places is meant."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import typer
from rich.console import Console
from rich.text import Text

from corpus.errors import InputError
from corpus.model import Document
from corpus.offsets import Span
from eval.find import Finder, in_context
from eval.gold import GoldQuestion, gold_line
from eval.line import errors_in

out = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Choice:
    """How to choose where words stand in more than one place: by number from 1, every one, or by asking."""

    numbers: tuple[int, ...] = ()
    every: bool = False


def ask(prompt: str, default: str | None = None) -> str:
    """What a person types; only with a default may that be nothing. Raises InputError when nobody is there to ask."""
    if not sys.stdin.isatty():
        raise InputError(f"{prompt} Geef dit mee als optie; zie: bronvast gold add --help")
    return str(typer.prompt(prompt, default=default, show_default=False, prompt_suffix=" "))


def locate(finders: Sequence[Finder], words: str, choice: Choice) -> tuple[Document, list[Span]]:
    """The document and the chosen places of the words, shown in context.

    Raises InputError, with the part that was found, when they stand nowhere or it is unclear which place is meant.
    """
    found = [(finder.document, span) for finder in finders for span in finder.find(words)]
    if not found:
        known = max((finder.known_part(words) for finder in finders), key=len, default="")
        part = f'Wel gevonden: "{known}".' if known else "Ook het eerste woord staat er niet in."
        raise InputError(f'Deze woorden staan niet in de bron: "{words}". {part}')
    for number, (document, span) in enumerate(found, 1):
        show_place(document, span, number)
    numbers = _chosen(len(found), choice)
    documents = {found[number - 1][0].id: found[number - 1][0] for number in numbers}
    if len(documents) > 1:
        raise InputError("Deze plaatsen staan in verschillende documenten. Kies er een met --document.")
    return next(iter(documents.values())), [found[number - 1][1] for number in numbers]


def show_place(document: Document, span: Span, number: int) -> None:
    """A place as people read it: page, the words around it, the words themselves marked."""
    before, inside, after = in_context(document.source, span)
    line = Text(f"{number}. {document.title}, p. {document.page_of(span[0])}: ")
    out.print(line.append(before, style="dim").append(f"»{inside}«", style="bold").append(after, style="dim"))


def completed(item: GoldQuestion) -> GoldQuestion:
    """The question, when its line is right. Raises InputError with all that is wrong."""
    if errors := errors_in(json.loads(gold_line(item))):
        raise InputError(f"Deze vraag kan er niet in: {'; '.join(errors)}.")
    return replace(item, spans=tuple(sorted(set(item.spans))))


def _chosen(count: int, choice: Choice) -> list[int]:
    if choice.every or count == 1:
        return list(range(1, count + 1))
    typed = " ".join(map(str, choice.numbers)) or ask(
        f'De woorden staan op {count} plaatsen. Welke geven antwoord: nummers, of "alle" (--place, --every)?'
    )
    if typed.strip().casefold() in ("alle", "alles"):
        return list(range(1, count + 1))
    numbers = [int(part) for part in typed.replace(",", " ").split() if part.isdigit()]
    if not numbers or not all(1 <= number <= count for number in numbers):
        raise InputError(f'"{typed}" is geen nummer van 1 tot en met {count}.')
    return numbers
