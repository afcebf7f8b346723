"""Why an answer is what it is, as tables on a terminal."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from qa.explain import Chosen, Explanation, Trace, Weighed
from qa.fate import Cause, Fate, Stage
from qa.phrase import place_phrase
from qa.quotes import SENTENCES_READ
from qa.refuse import Verdict
from qa.signals import DEPTH

# The name of each signal, and what it measures.
SIGNALS = {
    "sentence": ("zin", "de zin zelf lijkt op de vraag"),
    "context": ("context", "de zin met zijn buren lijkt op de vraag"),
    "words": ("woorden", "de context heeft woorden van de vraag"),
    "asked": ("vraag", "een vraag die bij deze plek is geschreven, lijkt op de vraag"),
    "restated": ("anders", "de tekst in andere woorden lijkt op de vraag"),
    "asked_words": ("vraag woord", "een geschreven vraag heeft woorden van de vraag"),
    "said": ("gezegd", "deel van de woorden van de vraag dat hier staat of hier gevraagd is"),
    "said_near": ("dichtbij", "hetzelfde, met de zinnen ernaast"),
    "kind": ("soort", "de zin heeft wat wordt gevraagd, zoals een getal"),
    "loose": ("los", "de zin leunt op de zin ervoor"),
    "length": ("lengte", "langere zinnen zeggen meer"),
    "named": ("deel", "de vraag noemt dit deel"),
    "counted": ("telt", "de zin geeft het aantal waar de vraag om vraagt"),
    "aligned": ("andere documenten", "er staan documenten zonder verrijking naast, die minder punten kunnen krijgen"),
    "refers": ("verwijst", "de zin verwijst alleen naar een andere plek"),
    "record": ("persoon", "een regel over een persoon, en daar vraagt de vraag niet naar"),
    "reranker": ("reranker", "het model dat vraag en zin samen leest"),
}
FEATURES = {
    "asked": "lijkt op een geschreven vraag",
    "restated": "lijkt op de tekst in andere woorden",
    "height": "steekt uit boven willekeurige vragen",
    "known": "woorden van de vraag staan in de tekst",
    "known_anywhere": "... of in wat erbij is geschreven",
    "lead": "voorsprong van de beste zin",
    "words": "beste score op woorden",
    "gives": "het citaat heeft wat wordt gevraagd",
    "uncounted": "er wordt een aantal gevraagd en geen gegeven",
    "strange_name": "onbekende namen in de vraag",
    "strange_year": "onbekende jaartallen in de vraag",
    "size": "aantal woorden in de vraag",
    "weight": "zeldzaamheid van de woorden in de vraag",
    "around": "woorden van de vraag staan bij een citaat",
    "missing_number": "getallen in de vraag die bij geen citaat staan",
    "sentence": "de beste zin lijkt op de vraag",
    "words_share": "... gedeeld door de zeldzaamheid",
    "unanswered": "lijkt op vragen die geen antwoord hebben (0 tot 1)",
    "absent_part": "de vraag noemt een tabel, kader of noot die er niet is",
    "whole_part": "de vraag noemt een tabel, kader of noot, en vraagt niets anders",
    "known_part": "de vraag noemt een tabel, kader of noot die er is",
    "no_sum": "er wordt een bedrag gevraagd en geen citaat noemt er een",
    "bears": "vraag en beste zin samen gelezen (0: niet nodig)",
}
FIRST = 60


def show_explanation(console: Console, explanation: Explanation) -> None:
    """For each question that was looked for: sentences, signals, passages, quotes and the verdict; then the spans."""
    if not explanation.traces:
        _title(console, "Uitleg: er is niet gezocht. De vraag werd daarvoor al geweigerd.")
    for trace in explanation.traces:
        _title(console, f"Uitleg van het zoeken naar: {trace.question}")
        _sentences(console, trace)
        _passages(console, trace)
        _quotes(console, trace.quotes)
        _verdict(console, trace.verdict)
    if explanation.listed:
        _title(
            console, f"Gevraagd is een hele lijst: de {explanation.listed} onderdelen zijn geciteerd, niet deze zinnen."
        )
    for fate in explanation.fates:
        _fate(console, fate)


def _sentences(console: Console, trace: Trace) -> None:
    table = _table(console, "De beste zinnen", "nr", "score", "plaats en eerste woorden")
    for row in trace.sentences:
        table.add_row(str(row.rank), _number(row.score), f"{place_phrase(row.place)}: {_first(row.text)}")
    console.print(table)
    names = [name for name in SIGNALS if any(row.shares.get(name) for row in trace.sentences)]
    table = _table(console, "Waarde en aandeel van elk signaal", "nr", *(SIGNALS[name][0] for name in names))
    for row in trace.sentences:
        table.add_row(str(row.rank), *(_cell(row, name) for name in names))
    console.print(table)
    said = "; ".join(f"{SIGNALS[name][0]}: {SIGNALS[name][1]}" for name in names)
    console.print(Text(f"Boven de waarde, onder het aandeel: waarde maal gewicht. {said}.", style="dim"))


def _cell(row: Weighed, name: str) -> str:
    value = _number(row.values[name]) if name in row.values else ""
    return f"{value}\n{_number(row.shares[name], '+')}" if name in row.shares else ""


def _passages(console: Console, trace: Trace) -> None:
    table = _table(console, "De beste passages", "nr", "score", "plaats en eerste woorden")
    for found in trace.passages:
        table.add_row(
            str(found.hit.rank), _number(found.hit.score), f"{place_phrase(found.place)}: {_first(found.text)}"
        )
    console.print(table)


def _quotes(console: Console, quotes: list[Chosen]) -> None:
    table = _table(
        console, "Waarom deze citaten", "plaats", "achter", "reikt over", "sterkste signalen", "eerste woorden"
    )
    for quote in quotes:
        reach = "hele lijst of tabel" if quote.whole else "de zin" if quote.units == 1 else f"{quote.units} zinnen"
        strong = sorted(quote.sentence.shares.items(), key=lambda pair: -pair[1])[:3]
        said = ", ".join(f"{SIGNALS[name][0]} {_number(share, '+')}" for name, share in strong)
        table.add_row(str(quote.sentence.rank), _number(quote.behind), reach, said, _first(quote.text))
    console.print(table)


def _verdict(console: Console, verdict: Verdict) -> None:
    table = _table(console, "Antwoorden of weigeren", "kenmerk", "waarde", "aandeel")
    for name, value in verdict.found.items():
        table.add_row(FEATURES[name], _number(value), _number(verdict.shares[name], "+"))
    table.add_row("vast", "", _number(verdict.constant, "+"))
    console.print(table)
    decided = f"geweigerd: {verdict.reason}" if verdict.reason else "beantwoord"
    sure = f"Zekerheid {_number(verdict.confidence)}, drempel {_number(verdict.threshold)}: {decided}."
    console.print(Text(sure, style="bold"))


def _fate(console: Console, fate: Fate) -> None:
    start, end = fate.sought.span
    _title(console, f"Plek {fate.sought.document.id}:{start}-{end}: {_stage(fate)}")
    if fate.cause:
        console.print(Text(_cause(fate.cause)))
    if fate.lists:
        table = _table(console, f"Elke lijst geeft zijn eerste {DEPTH} door", "lijst", "plaats", "doorgegeven")
        for name, rank in fate.lists.items():
            table.add_row(SIGNALS[name][0], str(rank or "-"), "ja" if 0 < rank <= DEPTH else "nee")
        console.print(table)
    if fate.low:
        low = ", ".join(f"{SIGNALS[name][0]} {_number(-gap, '+')}" for name, gap in fate.low.items())
        console.print(Text(f"Achter op de beste zin: {_number(fate.behind)}; vooral door {low}."))


def _stage(fate: Fate) -> str:
    """What became of a span, in words."""
    zin = f"als zin op plaats {fate.rank}"
    found = f"passage gevonden op plaats {fate.passage}" if fate.passage else "geen passage gevonden"
    said = {
        Stage.NOT_SEARCHED: "er is niet gezocht",
        Stage.NOT_READ: "hier staat geen zin die wordt gelezen",
        Stage.NO_CANDIDATE: "geen enkele lijst gaf deze plek door",
        Stage.RANKED_LOW: f"{zin}, en niet bij de beste passages",
        Stage.NOT_QUOTED: f"{zin}, {found}, maar iets anders is geciteerd",
        Stage.REFUSED: f"{zin} en gekozen als citaat, maar de vraag is geweigerd",
        Stage.QUOTED: "geciteerd",
    }
    return said[fate.stage]


def _cause(cause: Cause) -> str:
    """Why another sentence was quoted, in words."""
    said = {
        Cause.BEHIND: "De zin ligt te ver achter op het eerste citaat, of op dat ernaast.",
        Cause.FULL: "Andere zinnen waren beter, en er is plaats voor een paar citaten.",
        Cause.PARTLY: "Een citaat raakt deze plek, maar heeft er minder dan de helft van.",
        Cause.BEYOND: f"Alleen de eerste {SENTENCES_READ} zinnen kunnen een citaat worden.",
        Cause.LIST: "Gevraagd is een hele lijst, en die is geciteerd.",
        Cause.PART: "Bij een dubbele vraag is er voor elk deel plaats voor minder citaten.",
    }
    return said[cause]


def _table(console: Console, title: str, *columns: str) -> Table:
    """An empty table under its title."""
    console.print()
    console.print(Text(title, style="bold"))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for number, name in enumerate(columns):
        wide = "woorden" in name and number == len(columns) - 1
        table.add_column(name, justify="left" if wide or not number else "right", ratio=1 if wide else None)
    return table


def _title(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold cyan"))


def _first(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= FIRST else f"{flat[:FIRST].rsplit(' ', 1)[0]} ..."


def _number(value: float, sign: str = "") -> str:
    # Adding 0 makes -0.0 plain 0.
    return f"{round(value, 2) + 0.0:{sign}.2f}".replace(".", ",")
