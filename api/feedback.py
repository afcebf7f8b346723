"""Thumbs up and down: kept only where the operator named a file for it."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Annotated, Literal

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from api.problems import RefusedError
from api.service import Service

MOST_BYTES = 50 * 2**20


class RatingIn(BaseModel):
    """Een oordeel over een antwoord."""

    model_config = ConfigDict(extra="forbid")

    antwoord: Annotated[str, Field(max_length=100)] = ""
    vraag: Annotated[str, Field(max_length=10_000)]
    oordeel: Literal["goed", "fout"]
    toelichting: Annotated[str, Field(max_length=2000)] = ""


def add_feedback(app: FastAPI, service: Service) -> None:
    """`POST /beoordelingen`: one line a rating, only what the reader was told is kept, and the time."""
    lock = Lock()

    @app.post("/beoordelingen", status_code=201, include_in_schema=False)
    def rate(rating: RatingIn) -> dict[str, bool]:
        path = service.settings.feedback
        if path is None:
            raise RefusedError(404, "Deze dienst bewaart geen oordelen.")
        line = {"tijd": datetime.now(UTC).isoformat(timespec="seconds"), **rating.model_dump()}
        with lock:
            _append(path, json.dumps(line, ensure_ascii=False))
        return {"bewaard": True}


def _append(path: Path, line: str) -> None:
    """Add a line; readable by the owner of the service only. Raises RefusedError when the file is full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > MOST_BYTES:
        raise RefusedError(503, "Er zijn te veel oordelen. Vraag de beheerder het bestand leeg te maken.")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(f"{line}\n")
