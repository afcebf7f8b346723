"""Addresses of places in the documents."""

from urllib.parse import quote

from fastapi import FastAPI

from api.citing import source_address
from qa.model import Citation

SOURCE_PAGE = "/bron/"


def has_source_page(app: FastAPI) -> bool:
    """Whether the app shows sources to people."""
    return any(str(getattr(route, "path", "")).startswith(SOURCE_PAGE) for route in app.routes)


def place_url(base: str, citation: Citation, to_page: bool) -> str:
    """Where a quote can be read in its context, by a person or by a program."""
    document, passage = quote(citation.place.document, safe=""), quote(citation.passage_id, safe="")
    if to_page:
        return base.rstrip("/") + source_address(citation)
    mark = f"start={citation.start}&end={citation.end}"
    return f"{base.rstrip('/')}/v1/documenten/{document}/passages/{passage}?{mark}"
