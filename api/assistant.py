"""Bronvast as tools for an assistant (Model Context Protocol): search, ask, and read a place in its context."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI
from pydantic import Field

from api.documents import find_passage, mark_in, passage_in_context
from api.problems import RefusedError
from api.schema import MOST_DOCUMENTS, AnswerOut, Message, PassageOut, PassageWhole, answer_out
from api.service import Service
from qa.selection import Selection

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

PATH = "/mcp"
MOST_PASSAGES = 10
INSTRUCTIONS = (
    "Bronvast zoekt in beleidsrapporten en geeft letterlijke citaten met hun vindplaats. Neem citaten letterlijk over, "
    "noem document, deel en bladzijde, en zeg het als status refused is: dan staat het antwoord niet in de documenten."
)
Asked = Annotated[str, Field(min_length=1, description="De vraag of zoekwoorden, in gewoon Nederlands.")]
Earlier = Annotated[list[str], Field(description="De eerdere vragen in dit gesprek, de oudste eerst.", max_length=50)]
Collection = Annotated[str, Field(description="Zoek alleen in deze collectie; leeg: in alles.")]
Documents = Annotated[
    list[str],
    Field(description="Zoek alleen in deze documenten (document); leeg: in alles.", max_length=MOST_DOCUMENTS),
]
Year = Annotated[int | None, Field(description="Zoek alleen in documenten van dit jaar.")]
DocumentKind = Annotated[str, Field(description="Zoek alleen in dit soort documenten, bijvoorbeeld evaluatie.")]
Recognise = Annotated[bool, Field(description="Beperk het zoeken als de vraag zelf een document noemt; zie filter.")]
Count = Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="Hoeveel passages u wilt zien.")]


class FoundOut(Message):
    """Gevonden passages, de beste eerst."""

    passages: list[PassageOut]


def assistant_server(service: Service) -> "MCPServer[Any]":
    """The tools on a service; over stdio or HTTP they are the same."""
    from mcp.server.mcpserver import MCPServer
    from mcp_types import ToolAnnotations

    server: MCPServer[Any] = MCPServer(
        "bronvast",
        title="Bronvast",
        instructions=INSTRUCTIONS,
        version=version("bronvast"),
        log_level="CRITICAL",  # its messages would hold what was asked
    )
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    @server.tool(title="Stel een vraag", annotations=reads)
    async def vraag(
        vraag: Asked,
        eerdere: Earlier = [],  # noqa: B006 - schema defaults, never changed
        collectie: Collection = "",
        documenten: Documents = [],  # noqa: B006
        jaar: Year = None,
        soort: DocumentKind = "",
        herken_filter: Recognise = True,
    ) -> AnswerOut:
        """Beantwoord een vraag over de rapporten met letterlijke citaten, of zeg waarom dat niet kan."""
        selection = Selection(tuple(documenten), collectie, jaar, soort, herken_filter)
        with _told():
            answered = await service.ask(vraag, eerdere, selection=selection)
        return answer_out(answered.answer.to_record("", answered.took_ms))

    @server.tool(title="Zoek passages", annotations=reads)
    async def zoek(
        vraag: Asked,
        aantal: Count = 5,
        collectie: Collection = "",
        documenten: Documents = [],  # noqa: B006
        jaar: Year = None,
        soort: DocumentKind = "",
        herken_filter: Recognise = True,
    ) -> FoundOut:
        """Zoek de passages die het best bij een vraag passen, ook als er geen antwoord in staat."""
        selection = Selection(tuple(documenten), collectie, jaar, soort, herken_filter)
        with _told():
            answered = await service.ask(vraag, selection=selection)
        found = answered.answer.to_record("", 0.0)["passages"][:aantal]
        return FoundOut(passages=[PassageOut.model_validate(one) for one in found])

    @server.tool(title="Lees een passage", annotations=reads)
    async def passage(
        document: Annotated[str, Field(description="Het kenmerk van het document (document).")],
        passage: Annotated[str, Field(description="Het kenmerk van de passage (passageId, of id bij zoek).")],
        start: Annotated[int | None, Field(description="Markeer vanaf hier: start van een citaat.")] = None,
        end: Annotated[int | None, Field(description="Markeer tot hier: end van een citaat.")] = None,
    ) -> PassageWhole:
        """Geef een passage met de tekst eromheen, zodat te zien is wat er voor en na een citaat staat."""
        opened = service.current.opened
        with _told():
            found = find_passage(opened, document, passage)
            source = opened.answerer.index.documents[document]
            return passage_in_context(source, found, mark_in(source, found, start, end))

    return server


@contextmanager
def _told() -> Iterator[None]:
    """Tell the assistant why something is refused, so that it can say or mend it."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except RefusedError as error:
        raise ToolError(error.detail) from error


def mount_assistant(app: FastAPI, service: Service) -> None:
    """Add the tools over streamable HTTP; host and origin are checked at the border already."""
    from mcp.server.transport_security import TransportSecuritySettings

    server = assistant_server(service)
    checked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    inner = server.streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True, transport_security=checked
    )
    app.router.routes.extend(inner.routes)
    app.state.starts = [*getattr(app.state, "starts", []), lambda: server.session_manager.run()]
