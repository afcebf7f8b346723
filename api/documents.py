"""Documents, passages in their context, and the original files."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi import Path as InPath
from fastapi.responses import FileResponse

from api.current import Opened
from api.problems import RefusedError
from api.schema import (
    EXAMPLE_DOCUMENT,
    EXAMPLE_PASSAGE,
    DocumentOut,
    DocumentsOut,
    DocumentWhole,
    MarkOut,
    PassageWhole,
    SectionOut,
)
from api.service import Service
from corpus.errors import InputError
from corpus.find import SUFFIXES
from corpus.load import file_hashes
from corpus.model import Document, Passage, Section
from qa.model import place_of

# How much text around a passage is shown, in characters, before whole sentences are taken.
AROUND = 600
# What a browser may run as a page is handed over to save, never shown under this address.
SHOWN = ("application/pdf", "text/plain")
UNKNOWN = "application/octet-stream"
KINDS = dict.fromkeys(mimetypes.guess_type(f"x{suffix}")[0] or UNKNOWN for suffix in (*SUFFIXES, ".anders"))

DocumentId = Annotated[
    str, InPath(alias="documentId", description="Het kenmerk van het document.", examples=[EXAMPLE_DOCUMENT])
]
PassageId = Annotated[
    str, InPath(alias="passageId", description="Het kenmerk van de passage.", examples=[EXAMPLE_PASSAGE])
]
MarkStart = Annotated[int | None, Query(ge=0, description="Markeer vanaf hier, in plaats van de hele passage.")]
MarkEnd = Annotated[int | None, Query(ge=0, description="Markeer tot hier.")]


def documents_router(service: Service) -> APIRouter:
    """The addresses under `/documenten`."""
    router = APIRouter(tags=["documenten"])

    @router.get("/documenten", summary="Geef de documenten")
    def list_documents() -> DocumentsOut:
        """Alle documenten waarin gezocht wordt."""
        manifest = service.answerer.index.manifest
        documents = [_described(entry) for entry in manifest["documents"]]
        return DocumentsOut(documents=documents, indexed=manifest["created"], index=manifest["build"])

    @router.get("/documenten/{documentId}", summary="Geef een document")
    def show_document(document_id: DocumentId) -> DocumentWhole:
        """Eén document met zijn inhoudsopgave."""
        index = service.answerer.index
        entry = _entry(index.manifest, document_id)
        sections = [
            _section(index.documents[document_id], n) for n in range(len(index.documents[document_id].sections))
        ]
        return DocumentWhole(**_described(entry).model_dump(), sections=sections)

    @router.get("/documenten/{documentId}/passages/{passageId:path}", summary="Geef een passage in haar omgeving")
    def show_passage(
        document_id: DocumentId, passage_id: PassageId, start: MarkStart = None, end: MarkEnd = None
    ) -> PassageWhole:
        """Een passage met de tekst eromheen. Met `start` en `end` van een citaat wordt dat citaat gemarkeerd."""
        opened = service.current.opened
        passage = find_passage(opened, document_id, passage_id)
        document = opened.answerer.index.documents[document_id]
        return passage_in_context(document, passage, mark_in(document, passage, start, end))

    @router.get(
        "/documenten/{documentId}/bestand",
        summary="Haal het oorspronkelijke bestand",
        response_class=FileResponse,
        responses={200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}}},
    )
    def fetch_file(document_id: DocumentId) -> FileResponse:
        """Het bestand zoals het is gelezen, byte voor byte."""
        entry = _entry(service.answerer.index.manifest, document_id)
        return _file(Path(entry["file"]), entry)

    return router


def find_passage(opened: Opened, document_id: str, passage_id: str) -> Passage:
    """A passage of a document. Raises RefusedError (404)."""
    passage = opened.answerer.index.passages.find(passage_id, document_id)
    if passage is None:
        raise RefusedError(404, "Deze passage is er niet. Misschien is het document veranderd.")
    return passage


def mark_in(document: Document, passage: Passage, start: int | None, end: int | None) -> tuple[int, int]:
    """The span to mark: the passage, or a quote in its chapter: a quote may grow past the passage it was found in.

    Raises RefusedError (404) for a span that is not there.
    """
    left = passage.start if start is None else start
    right = passage.end if end is None else end
    chapter = document.enclosing(passage.section)[0]
    if not chapter.start <= left < right <= chapter.end:
        raise RefusedError(
            404, f"Die plaats is er niet: start en end liggen in dit deel van {chapter.start} tot {chapter.end}."
        )
    return left, right


def passage_in_context(document: Document, passage: Passage, mark: tuple[int, int]) -> PassageWhole:
    """A passage and what is marked with whole sentences around them, from their own chapter."""
    start, end = _widened(document, min(passage.start, mark[0]), max(passage.end, mark[1]), passage.section)
    record = place_of(document, passage.section, passage.page).to_record()
    return PassageWhole(
        id=passage.id,
        text=document.text[passage.start : passage.end],
        document=document.id,
        title=document.title,
        **record,
        start=mark[0],
        end=mark[1],
        source_spans=list(document.source_spans(*mark)),
        sha256=document.sha256,
        context=document.text[start:end],
        mark=MarkOut(start=mark[0] - start, end=mark[1] - start),
    )


def _widened(document: Document, start: int, end: int, section: Section) -> tuple[int, int]:
    """The nearest ends of units that lie AROUND characters off, inside the chapter."""
    chapter = document.enclosing(section)[0]
    low, high = max(chapter.start, start - AROUND), min(chapter.end, end + AROUND)
    inside = [unit for unit in document.units if low <= unit.start and unit.end <= high]
    return min([start, *(unit.start for unit in inside)]), max([end, *(unit.end for unit in inside)])


def _entry(manifest: Mapping[str, Any], document_id: str) -> Mapping[str, Any]:
    for entry in manifest["documents"]:
        if entry["id"] == document_id:
            found: Mapping[str, Any] = entry
            return found
    raise RefusedError(404, "Dit document is er niet. Zie /v1/documenten voor de documenten die er wel zijn.")


def _described(entry: Mapping[str, Any]) -> DocumentOut:
    return DocumentOut(
        id=entry["id"],
        title=entry["title"],
        pages=entry["pages"],
        passages=entry["passages"],
        sha256=entry["sha256"],
        media_type=_media_type(Path(entry["file"])),
        collectie=entry.get("collection", ""),
        jaar=entry.get("year"),
        soort=entry.get("kind", ""),
    )


def _section(document: Document, position: int) -> SectionOut:
    section = document.sections[position]
    page = document.pages(section.start, section.end)[0] if section.start < section.end else 1
    return SectionOut(
        label=section.label, title=section.title, kind=str(section.kind), path=list(section.path), page=page
    )


def _media_type(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or UNKNOWN


def _file(path: Path, entry: Mapping[str, Any]) -> FileResponse:
    """The file, if it is still the one that was read."""
    try:
        same = path.is_file() and file_hashes([path]).get(entry["id"]) == entry["file_sha256"]
    except InputError:
        same = False
    if not same:
        raise RefusedError(404, "Het bestand is er niet meer, of het is veranderd sinds het is gelezen.")
    kind = _media_type(path)
    shown = "inline" if kind in SHOWN else "attachment"
    return FileResponse(path, media_type=kind, filename=path.name, content_disposition_type=shown)
