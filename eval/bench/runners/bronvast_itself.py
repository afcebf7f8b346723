"""Bronvast as its command line sets it up: an index, and a whole answer with checked quotes for every question."""

import tempfile
from importlib.metadata import version
from pathlib import Path

from qa.answer import Answerer
from qa.engine import open_answerer, prepare_index
from qa.settings import load_settings


class Runner:
    """Holds an index in a folder of its own, made without vectors from an earlier time."""

    version = version("bronvast")

    def __init__(self, _model: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self._folder.name)
        self._settings = load_settings(index=root / "index", vectors=root / "vectors")
        self._answerer: Answerer | None = None

    def index(self, document: str) -> int:
        """Index, and open what was made."""
        prepared = prepare_index(self._settings, [Path(document)], True, print, lambda _ready, _total: None)
        self._answerer = open_answerer(self._settings, print)
        return int(prepared.manifest["passages"])

    def ask(self, question: str, k: int) -> list[str]:
        """The passages of a whole answer."""
        assert self._answerer is not None
        record = self._answerer.answer(question).to_record("", 0.0)
        return [passage["text"] for passage in record["passages"][:k]]
