"""The last measurement of the answers, from the file that `bronvast eval --json` writes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from api.problems import RefusedError
from api.schema import EvaluationOut
from api.service import Service


def evaluation_router(service: Service) -> APIRouter:
    """`GET /evaluaties/laatste`."""
    router = APIRouter(tags=["evaluaties"])

    @router.get("/evaluaties/laatste", summary="Geef de laatste meting")
    def show_last() -> EvaluationOut:
        """De uitkomst van de laatste `bronvast eval --json`."""
        if service.settings.evaluation is None:
            raise RefusedError(404, "Er is geen meting. De beheerder noemt haar bestand in de instelling evaluation.")
        return read_evaluation(service.settings.evaluation)

    return router


def read_evaluation(path: Path) -> EvaluationOut:
    """The measurement in a file. Raises RefusedError (404) when there is none, or it cannot be read."""
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        questions = record["questions"]
        return EvaluationOut(
            measured=written,
            questions=len(questions),
            right=sum(bool(question["right"]) for question in questions),
            losses=[str(loss) for loss in (record.get("comparison") or {}).get("losses", [])],
            index=record["index"],
            documents=record["documents"],
            measures=record["measures"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError(404, "De meting kan niet worden gelezen. Maak haar opnieuw: bronvast eval --json") from error
