"""cairn-assistant by its quick start: a folder of Markdown files, an index file, and passages by words.

It uses no embedding model: its ranking is TF-IDF.
"""

import tempfile
from importlib.metadata import version
from pathlib import Path

from cairn.config import Config
from cairn.engine import ask
from cairn.index import build_and_write, read_index

HEAD = "---\nid: document\ntitle: {title}\nlang: nl\n---\n"


class Runner:
    """Passages are paragraphs; the ranking is read from its trace, so that a refusal does not count as a miss."""

    version = version("cairn-assistant")

    def __init__(self, _model: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self._folder.name)
        self._config = Config(corpus_path=str(root / "corpus"), index_path=str(root / "index.json"))

    def index(self, document: str) -> int:
        """Put the document in its folder under the heading it asks for, and index that."""
        path = Path(document)
        folder = Path(self._config.corpus_path)
        folder.mkdir()
        head = HEAD.format(title=path.stem.replace("-", " "))
        (folder / "document.md").write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")
        report = build_and_write(folder, self._config.index_path)
        self._index = read_index(self._config.index_path, folder)
        return int(report.passage_count)

    def ask(self, question: str, k: int) -> list[str]:
        """The best candidates of an answer."""
        trace = ask(question, self._index, self._config, lang="nl").attempts[0].trace
        return [candidate.passage.text for candidate in trace.candidates[:k]]
