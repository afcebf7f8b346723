"""Questions and answers that an organisation chooses to keep: nothing by default, and never longer than it said."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from api.pool import Answered

SUFFIX = ".jsonl"


class Retention:
    """Appends each answer to the file of its day, and removes files older than `days`; with 0 days it keeps none."""

    def __init__(self, folder: Path, days: int) -> None:
        self._folder = folder
        self._days = days
        self._lock = threading.Lock()
        self._cleaned: date | None = None

    def keep(self, answered: Answered, name: str) -> None:
        """Keep one answer, if answers are kept."""
        if not self._days:
            return
        now = datetime.now(UTC)
        record = {
            "time": now.isoformat(timespec="seconds"),
            "index": answered.build,
            **answered.answer.to_record(name, answered.took_ms),
        }
        line = json.dumps(record, ensure_ascii=False) + "\n"
        with self._lock:
            self._clean(now.date())
            with (self._folder / f"{now.date().isoformat()}{SUFFIX}").open("a", encoding="utf-8") as file:
                file.write(line)

    def _clean(self, today: date) -> None:
        """Once a day, remove what is too old."""
        if self._cleaned == today:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        oldest = (today - timedelta(days=self._days - 1)).isoformat()
        for file in self._folder.glob(f"????-??-??{SUFFIX}"):
            if file.stem < oldest:
                file.unlink(missing_ok=True)
        self._cleaned = today
