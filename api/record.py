"""The log: one line of JSON an event, with nothing in it that someone asked, got, or is."""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOGGER = "bronvast.dienst"
MOST_FRAMES = 12


class JsonLines(logging.Formatter):
    """A record as one line of JSON; of an exception only its sort and where it was raised, never its text."""

    def format(self, record: logging.LogRecord) -> str:
        known = getattr(record, "fields", None)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        line |= known if isinstance(known, Mapping) else {"logger": record.name, "message": str(record.msg)}
        if record.exc_info and record.exc_info[1]:
            line |= fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def fault(error: BaseException) -> dict[str, Any]:
    """The sort of an error and the places it passed, for a maintainer; its text may repeat a question."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return {
        "error": type(error).__name__,
        "at": [f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno}" for frame in frames],
    }


def write(fields: Mapping[str, Any], level: int = logging.INFO) -> None:
    """One line about an event."""
    logging.getLogger(LOGGER).log(level, "", extra={"fields": fields})


def start_log() -> None:
    """From now on, everything that is logged goes to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(LOGGER).setLevel(logging.INFO)
