"""txtai by its examples: paragraphs into an embeddings database that keeps its content, and a search."""

from importlib.metadata import version
from pathlib import Path

from txtai import Embeddings
from txtai.pipeline import Segmentation


class Runner:
    """Pieces are paragraphs; the model's own prefixes, as its card asks."""

    version = version("txtai")

    def __init__(self, model: str) -> None:
        prefixes = {"query": "query: ", "data": "passage: "}
        self._embeddings = Embeddings(path=model, content=True, instructions=prefixes, gpu=False)

    def index(self, document: str) -> int:
        """Cut and index."""
        paragraphs = Segmentation(paragraphs=True)(Path(document).read_text(encoding="utf-8"))
        self._embeddings.index(paragraphs)
        return int(self._embeddings.count())

    def ask(self, question: str, k: int) -> list[str]:
        """What a search finds."""
        return [found["text"] for found in self._embeddings.search(question, k)]
