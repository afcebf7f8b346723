"""A made-up report, a deterministic encoder, and how tests build an index."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.load import DocumentFile
from corpus.model import Document
from index.build import build_index
from index.encode import Encoder, Matrix
from index.manifest import Recipe
from index.sparse import stems
from index.store import Index, open_index
from qa.answer import Answerer
from qa.bearing import reads
from qa.settings import Settings

RECIPE = Recipe(window=5, stride=2, reader="test")

# Two chapters, a subheading, a list, a footnote that interrupts a sentence over a page, and a table.
MADE_UP = """\
 Samenvatting

De brug over de Lauwe is in 2019 vernieuwd. Het werk kostte 12 miljoen euro. De reis-
tijd naar het ziekenhuis daalde met negen minuten.

1 Aanleiding

De oude brug was te smal voor vrachtwagens en hulp-
diensten. De gemeente Lauwerdam vroeg daarom geld aan het Rijk.1 Het Rijk betaalde de
helft, op voorwaarde dat de provincie het onderhoud voor haar rekening neemt tot het



1  De aanvraag is twee keer afgewezen voordat hij werd goedgekeurd.
 jaar 2040. Daarna beslist de gemeenteraad opnieuw.

Gevolgen voor het verkeer

Het verkeer nam toe, behalve in de zomer. Drie bedrijven profiteerden:
• de veerdienst kreeg nieuwe klanten;
• het transportbedrijf nam chauffeurs aan;
• de bakker leverde aan de overkant.
"""


class FakeEncoder:
    """Bag of stems: each stem is a fixed random direction, a text is their mean. Exact and the same everywhere."""

    fingerprint = "fake:1"
    dimension = 256

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        return np.stack([self._vector(words) for words in stems(list(texts))]) if texts else self._none()

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Matrix:
        if done:
            done(len(texts))
        return self.encode_queries(texts)

    def _none(self) -> Matrix:
        return np.zeros((0, self.dimension), np.float32)

    def _vector(self, words: Sequence[str]) -> Matrix:
        total = sum((_direction(word, self.dimension) for word in words), np.full(self.dimension, 1e-3))
        return (total / np.linalg.norm(total)).astype(np.float32)


def _direction(word: str, dimension: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimension)


def as_file(document: Document) -> DocumentFile:
    """A document that was never on disk."""
    return DocumentFile(document, Path(f"/nergens/{document.id}.txt"), document.sha256)


def build(root: Path, documents: Sequence[DocumentFile], encoder: Encoder, recipe: Recipe = RECIPE) -> Index:
    """Build and open an index without progress; what the real model has embedded once a session stays known."""
    kept = os.environ.get("BRONVAST_VECTORS") if not encoder.fingerprint.startswith("fake") else None
    vectors = Path(kept) if kept else None
    read = reads(encoder.fingerprint)
    manifest = build_index(
        root, documents, "test", encoder, "test", recipe, lambda _ready, _total: None, vectors=vectors, read=read
    )
    return open_index(root, manifest, vectors)


def answerer_on(index: Index, encoder: Encoder) -> Answerer:
    settings = Settings()
    return Answerer(index, encoder, settings.threshold, settings.max_question, settings.contact)


# Indexing through ONNX Runtime saves the ten seconds that importing sentence-transformers takes.
QUICK = {"COLUMNS": "200", "BRONVAST_ENGINE": "onnx"}


def run_in(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, as a user would."""
    command = [sys.executable, "-m", "api.cli", *arguments]
    environment = os.environ | QUICK | variables
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
