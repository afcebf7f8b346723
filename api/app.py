"""The HTTP service: the Dutch API, the addresses that other programs expect, and the pages for people."""

from importlib.metadata import version

from fastapi import FastAPI

from api.answers import answers_router
from api.border import Border
from api.pages import add_pages
from api.problems import add_errors
from api.service import Service


def create_app(service: Service) -> FastAPI:
    """The app around a service; keeps nothing of a question after it is answered, and logs none."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    add_errors(app)
    app.mount("/v1", _v1(service))
    add_pages(app, service)
    app.add_middleware(Border, frame_ancestors=service.settings.frame_ancestors)
    return app


def _v1(service: Service) -> FastAPI:
    """Version 1 of the API: an app of its own, so that its document describes it alone."""
    app = FastAPI(
        title="Bronvast",
        version=version("bronvast"),
        description="Beantwoordt vragen over rapporten met letterlijke citaten en hun vindplaats.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    add_errors(app)
    app.include_router(answers_router(service))
    return app
