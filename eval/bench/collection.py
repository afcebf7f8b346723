"""Made-up collections of any size: sentences of real documents, recombined, with other words and made-up names.

Half of the content words give way to words drawn by how often Dutch uses them, so that a large collection has rare
words as well; capitalised words give way to names that do not exist. What comes out is no Dutch, but its words, lengths
and headings are spread as in Dutch. The same number gives the same documents.
"""

import json
import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from wordfreq import get_frequency_dict

from corpus.find import sample_documents
from corpus.load import load_documents
from corpus.model import Document, Kind, Section, Unit, UnitKind
from corpus.offsets import OffsetMap
from corpus.parts import Parts
from corpus.sentences import split_sentences
from eval.bench.external import FOLDER
from index.sparse import STOPWORDS

SECTIONS, SENTENCES = 20, 40
REPLACED = 0.5
WORDS, DRAWN_AT_ONCE = 60_000, 1 << 13
PAGE = 3000
SHORTEST, LONGEST = 40, 260
TOKEN = re.compile(r"\w+|\W+")
BEGIN = [
    "Lau",
    "Ven",
    "Mor",
    "Zui",
    "Kra",
    "Dre",
    "Hol",
    "Wes",
    "Oos",
    "Bru",
    "Gel",
    "Rie",
    "Sta",
    "Bor",
    "Vla",
    "Haa",
    "Nie",
    "Lin",
    "Oud",
    "Zwa",
]
MIDDLE = ["", "der", "ken", "ste", "wou", "me", "ge", "len"]
END = ["dam", "wijk", "veen", "hoven", "burg", "meer", "dorp", "land", "stede", "kamp", "horst", "lo", "mond", "zijl"]


@cache
def _dutch() -> tuple[list[str], NDArray[np.float64]]:
    """Dutch content words, the most frequent first, and the share of all words up to and including each."""
    shares = [(w, share) for w, share in get_frequency_dict("nl").items() if w.isalpha() and w not in STOPWORDS]
    shares.sort(key=lambda pair: (-pair[1], pair[0]))
    weights = np.asarray([share for _, share in shares[:WORDS]])
    return [word for word, _ in shares[:WORDS]], np.cumsum(weights / weights.sum())


class Words:
    """Draws words by their frequency, and names that are made up; in order, from one seed."""

    def __init__(self, seed: Sequence[int]) -> None:
        self._random = np.random.default_rng(seed)
        self._drawn: list[str] = []

    def word(self) -> str:
        """A word, as often as Dutch uses it."""
        if not self._drawn:
            words, bounds = _dutch()
            places = np.searchsorted(bounds, self._random.random(DRAWN_AT_ONCE)).clip(max=len(words) - 1)
            self._drawn = [words[place] for place in places.tolist()]
        return self._drawn.pop()

    def names(self, count: int) -> list[str]:
        """Names of places that are not there."""
        parts = [self._random.integers(0, len(some), count).tolist() for some in (BEGIN, MIDDLE, END)]
        return [BEGIN[a] + MIDDLE[b] + END[c] for a, b, c in zip(*parts, strict=True)]

    def numbers(self, most: int, count: int) -> list[int]:
        """Whole numbers from 0 up to `most`."""
        return [int(number) for number in self._random.integers(0, most, count)]

    def chances(self, count: int) -> list[float]:
        """Numbers between 0 and 1."""
        return [float(number) for number in self._random.random(count)]


def base_sentences() -> list[str]:
    """Sentences of the sample document and, where it is, of the external set."""
    documents = [file.document for file in load_documents(sample_documents())]
    texts = [d.text[u.start : u.end] for d in documents for u in d.units if u.kind is UnitKind.SENTENCE]
    if (FOLDER / "corpus.jsonl").is_file():
        for line in (FOLDER / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
            paragraph = json.loads(line)["text"]
            texts += [paragraph[start:end] for start, end in split_sentences(paragraph, 0, len(paragraph))]
    plain = (" ".join(text.split()) for text in texts)
    return [text for text in plain if SHORTEST <= len(text) <= LONGEST]


Template = list[tuple[str, bool, bool]]
"""The words of a sentence and what is between them; whether each is a content word, and whether it has a capital."""


def templates_of(sentences: Sequence[str]) -> list[Template]:
    """Sentences cut up to be filled anew."""
    return [
        [
            (token, token.isalpha() and token.lower() not in STOPWORDS, token[0].isupper())
            for token in TOKEN.findall(text)
        ]
        for text in sentences
    ]


def made_document(number: int, templates: Sequence[Template]) -> Document:
    """The document with this number: SECTIONS chapters of SENTENCES sentences each."""
    return _document(f"rapport-{number}", Words([number]), templates)


def _document(name: str, words: Words, templates: Sequence[Template]) -> Document:
    names = words.names(12)
    pieces, sections, units, at = [], [], [], 0
    for chapter in range(1, SECTIONS + 1):
        title = f"{words.word().capitalize()} in {names[chapter % len(names)]}"
        start, label = at, str(chapter)
        pieces.append(f"{label} {title}\n\n")
        at += len(pieces[-1])
        for template in (templates[n] for n in words.numbers(len(templates), SENTENCES)):
            text = _sentence(template, words, names)
            units.append(Unit(UnitKind.SENTENCE, chapter - 1, at, at + len(text)))
            pieces.append(text + " ")
            at += len(pieces[-1])
        pieces.append("\n\n")
        at += 2
        sections.append(Section(name, label, title, Kind.CHAPTER, (label,), start, at - 3))
    text = "".join(pieces)
    pages = tuple(range(0, len(text), PAGE))
    offsets = OffsetMap(((0, 0, len(text)),))
    title = f"Rapport over {names[0]}"
    return Document(name, title, text, text, offsets, tuple(sections), tuple(units), pages, Parts())


def _sentence(template: Template, words: Words, names: Sequence[str]) -> str:
    chances = words.chances(len(template))
    out = [
        token
        if not content or chance > REPLACED
        else names[int(chance / REPLACED * len(names))]
        if capital and place
        else words.word()
        for place, ((token, content, capital), chance) in enumerate(zip(template, chances, strict=True))
    ]
    text = "".join(out)
    return text[0].upper() + text[1:]
