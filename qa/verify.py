"""Evidence against its source, later: what no longer matches, each thing by its own name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from typing import Any

from corpus.model import Document
from qa.check import squeeze
from qa.evidence import FORMAT, SEAL, hash_of, seal_of
from qa.model import place_of
from qa.phrase import page_phrase
from qa.written.prompts import load_prompt

Evidence = Mapping[str, Any]
PLACE = ("section", "sections", "heading", "page", "footnote")


class Matter(StrEnum):
    """What a finding is about. The first three mean that the evidence does not hold."""

    EVIDENCE = "bewijs"
    SOURCE = "bron"
    QUOTE = "citaat"
    INDEX = "index"
    MODEL = "model"
    VERSION = "versie"
    INSTRUCTION = "opdracht"


FAILURES = (Matter.EVIDENCE, Matter.SOURCE, Matter.QUOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that no longer matches, in Dutch."""

    matter: Matter
    text: str

    @property
    def fails(self) -> bool:
        """Whether the evidence does not hold because of this; else it only tells that the circumstances are others."""
        return self.matter in FAILURES


def verify(
    evidence: Evidence, documents: Mapping[str, Document], manifest: Mapping[str, Any] | None, reader: str
) -> list[Finding]:
    """Everything that no longer matches; empty when all does.

    `documents` are the sources as they are now, by the id in the evidence, read by code with the fingerprint `reader`;
    `manifest` is that of the index of today. Raises KeyError, TypeError or ValueError for what is no evidence.
    """
    if evidence["format"] != FORMAT:
        raise ValueError(f"indeling {evidence['format']}, verwacht {FORMAT}")
    found = []
    if evidence[SEAL] != seal_of(evidence):
        text = "Het bewijs zelf is veranderd nadat het is gemaakt: de vingerafdruk klopt niet meer."
        found.append(Finding(Matter.EVIDENCE, text))
    read_alike = evidence["index"]["recipe"]["reader"] == reader
    made = documents_in(evidence)
    changed = {one["id"] for one in made if documents[one["id"]].sha256 != one["sha256"]}
    found += [_source(one, documents[one["id"]], read_alike) for one in made if one["id"] in changed]
    known = {made["id"]: made["sha256"] for made in evidence["index"]["documents"]}
    for number, quote in enumerate(evidence["quotes"], 1):
        document = documents[quote["document"]]
        wrong = _in_source(quote, document, known, quote["document"] in changed)
        matter = Matter.QUOTE if wrong or read_alike else Matter.VERSION
        wrong = wrong or ([] if quote["document"] in changed else _in_text(quote, document))
        found += [Finding(matter, f"Citaat {number}: {text}") for text in wrong]
    return found + _circumstances(evidence, manifest)


def documents_in(evidence: Evidence) -> list[Mapping[str, Any]]:
    """The documents that evidence rests on: those that are quoted, or all that were searched when none is."""
    documents = {document["id"]: document for document in evidence["index"]["documents"]}
    quoted = dict.fromkeys(quote["document"] for quote in evidence["quotes"])
    return [documents[name] for name in quoted or documents]


def _source(made: Mapping[str, Any], document: Document, read_alike: bool) -> Finding:
    text = (
        f"De bron is veranderd{'' if read_alike else ', of deze versie van Bronvast leest haar anders'}: "
        f"{made['title']} heeft nu vingerafdruk {document.sha256[:12]}, was {made['sha256'][:12]}."
    )
    return Finding(Matter.SOURCE, text)


def _in_source(quote: Mapping[str, Any], document: Document, known: Mapping[str, str], changed: bool) -> list[str]:
    """What is wrong with one quote in its source. One that changed has no offsets left: there it is looked for."""
    wrong = []
    words = quote["quote"]
    if hash_of(words) != quote["quote_sha256"]:
        wrong.append("de vingerafdruk hoort niet bij de woorden.")
    if quote["sha256"] != known[quote["document"]]:
        wrong.append("het komt uit een andere bron dan de index had.")
    if changed:
        return wrong + _elsewhere(words, document)
    spans = [(int(first), int(last)) for first, last in quote["source_spans"]]
    if (quote["source_start"], quote["source_end"]) != (spans[0][0], spans[-1][1]):
        wrong.append("begin en einde in de bron spreken de stukken van de bron tegen.")
    if squeeze("".join(document.source[first:last] for first, last in spans)) != squeeze(words):
        wrong.append(f"het staat niet op zijn plaats in de bron (tekens {spans[0][0]} tot {spans[-1][1]}).")
        wrong += _elsewhere(words, document)
    return wrong


def _in_text(quote: Mapping[str, Any], document: Document) -> list[str]:
    """What is wrong with one quote in the readable text; that is read anew, so another version may read otherwise."""
    start, end = quote["start"], quote["end"]
    if document.text[start:end] != quote["quote"]:
        return [f"het staat niet op zijn plaats in de leesbare tekst (tekens {start} tot {end})."]
    told = {name: quote[name] for name in PLACE}
    for section in document.sections:
        if section.start < end and start < section.end:
            place = place_of(document, section, document.pages(start, end))
            if {**place.to_record(), "footnote": place.footnote or None} == told:
                return []
    return ["de vindplaats (deel, kop, bladzijde of voetnoot) is niet die van deze woorden."]


def _elsewhere(words: str, document: Document) -> list[str]:
    at = document.text.find(words)
    if at < 0 or not words:
        return ["deze woorden staan niet meer zo in de bron."]
    return [f"deze woorden staan er nog wel, op {page_phrase(document.pages(at, at + len(words)))}."]


def _circumstances(evidence: Evidence, manifest: Mapping[str, Any] | None) -> list[Finding]:
    """What does not touch the quotes, but may make the same question be answered otherwise today."""
    made, found = evidence["index"], []
    if manifest is None:
        found.append(Finding(Matter.INDEX, "Er is hier geen index om mee te vergelijken."))
    else:
        if manifest["build"] != made["build"]:
            found.append(Finding(Matter.INDEX, f"De index is een andere: nu {manifest['build']}, was {made['build']}."))
        if manifest["recipe"] != made["recipe"]:
            text = "De index wordt nu anders gemaakt: andere instellingen, of een andere manier van lezen."
            found.append(Finding(Matter.INDEX, text))
        now, was = manifest["model"], made["model"]
        if now["fingerprint"] != was["fingerprint"]:
            found.append(Finding(Matter.MODEL, f"Het zoekmodel is een ander: nu {now['name']}, was {was['name']}."))
    if version("bronvast") != evidence["version"]:
        text = f"De versie van Bronvast is een andere: nu {version('bronvast')}, was {evidence['version']}."
        found.append(Finding(Matter.VERSION, text))
    written = evidence["written"]
    if written and written["prompt"] != load_prompt("antwoord").sha256:
        text = f"Taalmodel {written['model']} kreeg een andere opdracht dan deze versie geeft."
        found.append(Finding(Matter.INSTRUCTION, text))
    return found
