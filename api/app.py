"""The HTTP service: the Dutch API, the addresses that other programs expect, and the pages for people."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import FastAPI, Request

from api.answers import answers_router
from api.assistant import mount_assistant
from api.border import Border
from api.chat import chat_router
from api.cors import Cors
from api.description import description_router
from api.documents import documents_router
from api.evaluation import evaluation_router
from api.guard import Guard
from api.health import health_router
from api.links import has_source_page, place_url
from api.pages import add_pages
from api.problems import add_errors
from api.schema import API_VERSION
from api.service import Service
from qa.model import Citation

EXPOSED = ["API-Version", "Retry-After"]
CORS_SECONDS = 600


def create_app(service: Service) -> FastAPI:
    """The app around a service; keeps nothing of a question after it is answered, and logs none."""
    settings = service.settings
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=_lifespan(service))
    add_errors(app)

    def link(request: Request, citation: Citation) -> str:
        root = f"{request.url.scheme}://{request.url.netloc}/"
        return place_url(root, citation, has_source_page(app))

    app.include_router(health_router(service))
    app.mount("/v1", _v1(service, link))
    mount_assistant(app, service)
    add_pages(app, service)
    app.add_middleware(Guard, settings=settings, pool=service.pool)
    app.add_middleware(
        Cors,
        allow_origins=list(settings.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Accept"],
        expose_headers=EXPOSED,
        max_age=CORS_SECONDS,
    )
    app.add_middleware(Border, service=service)
    return app


def _v1(service: Service, link: Callable[[Request, Citation], str]) -> FastAPI:
    """Version 1 of the API: an app of its own, so that its document describes it alone."""
    app = FastAPI(
        title="Bronvast",
        version=API_VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    add_errors(app)
    app.include_router(answers_router(service))
    app.include_router(documents_router(service))
    app.include_router(evaluation_router(service))
    app.include_router(chat_router(service, link))
    app.include_router(description_router(app, service.settings.contact))
    return app


def _lifespan(service: Service) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Starts what was mounted, and ends the workers when the last request is done."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for start in app.state.starts:
                await stack.enter_async_context(start())
            yield
        service.close()

    return lifespan
