"""The comparison of written and extractive answers, for a terminal and as Markdown."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from eval.wording import figure_words

ROWS = {
    "citation precision": "deel van de aangehaalde citaten dat het antwoord bevat",
    "citation recall": "deel van wat nodig is dat is aangehaald",
    "facts": "feiten in wat de lezer leest",
    "refused": "terecht geweigerd",
    "false refusals": "onterecht geweigerd",
}


def as_markdown(found: Mapping[str, Any], model: str, names: str) -> str:
    """The figures as a page; says by which model and prompts."""
    usage = found["usage"]
    levels, waited = found["levels"], found["seconds"]
    shown = levels["letterlijk"] + levels["gesteund"]
    lines = [
        "# Geschreven antwoorden naast de citaten",
        "",
        f"Gemaakt met `bronvast eval --taalmodel`, met {model}, op {names} ({found['questions']} vragen).",
        f"Instructie: {found['prompts']['antwoord']}.",
        "",
        "| maat | alleen citaten | met taalmodel |",
        "| --- | --- | --- |",
        *(f"| {label} | {_cell(found['extractive'][name])} | {_cell(found['with model'][name])} |"
          for name, label in ROWS.items()),
        "",
        f"- Gevraagd aan het taalmodel: {found['asked']} keer; een geschreven antwoord: {found['written']} keer.",
        f"- Zinnen getoond: {shown} ({levels['letterlijk']} letterlijk, {levels['gesteund']} gesteund); "
        f"weggelaten: {levels['niet gesteund']}.",
        f"- Getallen in getoonde zinnen die niet in hun citaten staan: {found['numbers without quote']}.",
        f"- Tokens: {usage['prompt_tokens']} heen, {usage['completion_tokens']} terug"
        f"{'' if usage['counted'] else ' (deels geschat)'}; kosten {figure_words(usage['cost'])}.",
        f"- Wachttijd na de citaten: mediaan {figure_words(waited['median'])} s, "
        f"langste {figure_words(waited['most'])} s.",
        *(f"- Terugval: {reason}: {count} keer." for reason, count in sorted(found["fallbacks"].items())),
        *(f"- Zin weggelaten: {reason}: {count} keer." for reason, count in sorted(found["dropped"].items())),
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def show(console: Console, text: str) -> None:
    """The same page on a terminal."""
    console.print(text, markup=False)


def _cell(value: float | None) -> str:
    return "" if value is None else figure_words(value)
