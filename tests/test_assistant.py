"""The tools for assistants, called by the official client of the Model Context Protocol."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from fakes import QUICK
from live import listening, local
from qa.answer import Answerer

QUESTION = "Wat kost een rit met de buurtbus?"


async def _use(session: ClientSession) -> dict[str, Any]:
    """Ask, search and read on; what every tool gave."""
    await session.initialize()
    tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    asked = await session.call_tool("vraag", {"vraag": QUESTION})
    found = await session.call_tool("zoek", {"vraag": QUESTION, "aantal": 3})
    citation = asked.structured_content["citations"][0]
    place = {"document": citation["document"], "passage": citation["passageId"]}
    read = await session.call_tool("passage", {**place, "start": citation["start"], "end": citation["end"]})
    missing = await session.call_tool("passage", {**place, "passage": "weg"})
    return {"tools": tools, "asked": asked, "found": found, "read": read, "missing": missing, "citation": citation}


def _check(given: dict[str, Any]) -> None:
    assert set(given["tools"]) == {"vraag", "zoek", "passage"}
    for tool in given["tools"].values():
        assert tool.description
        assert tool.annotations.read_only_hint
    assert given["asked"].structured_content["status"] == "answered"
    assert json.loads(given["asked"].content[0].text) == given["asked"].structured_content
    passages = given["found"].structured_content["passages"]
    assert len(passages) == 3
    assert given["citation"]["sections"] in [passage["sections"] for passage in passages]
    read = given["read"].structured_content
    assert read["context"][read["mark"]["start"] : read["mark"]["end"]] == given["citation"]["quote"]
    assert given["missing"].is_error
    assert "Deze passage is er niet" in given["missing"].content[0].text


def test_over_http(fake_sample_answerer: Answerer) -> None:
    async def run(address: str) -> dict[str, Any]:
        async with streamable_http_client(f"{address}/mcp") as streams, ClientSession(*streams[:2]) as session:
            return await _use(session)

    with listening(local(fake_sample_answerer, hosts=("127.0.0.1",))) as address:
        _check(asyncio.run(run(address)))


def test_over_stdio(folder: Path) -> None:
    async def run() -> dict[str, Any]:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "api.cli", "mcp"], cwd=folder, env=os.environ | QUICK
        )
        with Path(os.devnull).open("w") as nowhere:
            async with stdio_client(server, nowhere) as streams, ClientSession(*streams) as session:
                return await _use(session)

    given = asyncio.run(run())
    _check(given)
    assert "1,50 euro" in given["citation"]["quote"]
    found = given["found"].structured_content["passages"]
    # A quote may run on beyond the passage that holds most of it.
    assert any("1,50 euro" in passage["text"] for passage in found)
