"""For whoever keeps the service running: does it live, can it answer, how does it do."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.service import Service


def health_router(service: Service) -> APIRouter:
    """`/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def live() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        manifest = service.answerer.index.manifest  # opened, so every file of it was verified, and the model with it
        state: dict[str, Any] = {
            "ready": service.ready,
            "index": manifest["build"],
            "model": manifest["model"]["fingerprint"],
            "workers": sum(worker.ready for worker in service.pool.workers),
            "waiting": service.pool.waiting,
            "warning": service.current.failure,
        }
        return JSONResponse(state, 200 if service.ready else 503)

    @router.get("/metrics")
    def figures() -> Response:
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router
