"""A made-up archive of any size: the sample's own sentences, recombined, with other names and other figures."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.find import sample_documents
from corpus.limits import Limits
from corpus.load import load_document
from corpus.model import Kind, UnitKind

STARTS = ("Olden", "Wester", "Grave", "Hazel", "Linne", "Rooden", "Steen", "Vlier", "Koorn", "Brem", "Elzer", "Dorne")
ENDS = ("broek", "hove", "waard", "kerke", "lo", "sluis", "drecht", "mond", "wolde", "stede", "horst", "veld")
NAMES = re.compile(r"\b(?:Veenkamp|Halderbroek|Meerwaard|Nieuw-Dreven|Sluitersveen|Lindeveld)\b")
FIGURE = re.compile(r"\b\d[\d.]*\d\b|\b\d\b")
CHAPTERS = ("Samenvatting", "1 Aanleiding", "2 Uitvoering", "3 Uitkomsten")


def made_documents(count: int, sentences: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Name and text of each document, of about so many sentences; the same for the same arguments."""
    document = load_document(sample_documents()[0], Limits()).document
    prose = [
        " ".join(document.text[unit.start : unit.end].split())
        for unit in document.units
        if unit.kind is UnitKind.SENTENCE and document.sections[unit.section].kind is not Kind.FOOTNOTE
    ]
    for number in range(count):
        yield f"nota-{number:05}.txt", _made(prose, sentences, random.Random(f"{seed} {number}"))  # noqa: S311


def write_archive(folder: Path, count: int, sentences: int, seed: int = 0) -> list[Path]:
    """Write the documents into a folder; returns their files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in made_documents(count, sentences, seed):
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def _made(prose: list[str], sentences: int, chance: random.Random) -> str:
    chosen = chance.sample(prose, sentences)
    places: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return places.setdefault(match.group(), chance.choice(STARTS) + chance.choice(ENDS))

    def counted(match: re.Match[str]) -> str:
        return "".join(chance.choice("123456789") if c.isdigit() else c for c in match.group())

    about = chance.choice(STARTS) + chance.choice(ENDS)
    share = -(-len(chosen) // len(CHAPTERS))
    parts = []
    for position, title in enumerate(CHAPTERS[: -(-len(chosen) // share)]):
        text = " ".join(chosen[position * share : (position + 1) * share])
        parts.append(f"{title} in {about}\n\n{FIGURE.sub(counted, NAMES.sub(renamed, text))}\n")
    return "\n".join(parts)
