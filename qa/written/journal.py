"""What a model gave for passages, kept under the hash of everything that went into each."""

import json
from pathlib import Path

from corpus.errors import BronvastError
from qa.written.enrich_check import Enriched


class Journal:
    """Results by key, in a file that only grows: each is on disk before the next passage is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Enriched] = {}
        with_lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
        for line in with_lines:
            try:
                item = json.loads(line)
                self._known[item["key"]] = Enriched(tuple(item["questions"]), item["restatement"])
            except (ValueError, KeyError, TypeError):
                continue  # the last line of a run that was killed

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def __getitem__(self, key: str) -> Enriched:
        return self._known[key]

    def add(self, key: str, found: Enriched) -> None:
        """Keep a result. Raises BronvastError when the disk does not take it."""
        self._known[key] = found
        row = {"key": key, "questions": list(found.questions), "restatement": found.restatement}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"\n{json.dumps(row, ensure_ascii=False)}")
        except OSError as error:
            raise BronvastError(f"{self._path}: kan dit bestand niet schrijven ({error.strerror}).") from error
