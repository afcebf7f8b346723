"""An answer as a program for the OpenAI API gets it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from api.answers import as_message
from api.pool import Answered
from qa.model import Answer, Citation, Status
from qa.phrase import filter_phrase, place_phrase

Link = Callable[[Request, Citation], str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a conversation gets back: `text` holds a marker like [1] for each source."""

    text: str
    refusal: str | None
    annotations: list[dict[str, Any]]
    sources: dict[str, Any]
    context: dict[str, Any]


def reply_to(answered: Answered, request: Request, link: Link) -> Reply:
    """The reply for an answer."""
    answer = answered.answer
    sources, context = sources_of(answer, request, link)
    text, spans = with_markers(answer)
    names, urls = [one["title"] for one in sources["search_results"]], sources["citations"]
    annotations = [
        {"type": "url_citation", "url_citation": {"start_index": a, "end_index": b, "title": name, "url": url}}
        for (a, b), name, url in zip(spans, names, urls, strict=False)
        if a < b
    ]
    text = "\n\n".join(filter(None, (text, filter_phrase(answer.filter, answer.language))))
    sources["bronvast"] = as_message(answered, request.state.id)
    refusal = answer.text if answer.status is Status.REFUSED else None
    return Reply(text, refusal, annotations, sources, context)


def sources_of(answer: Answer, request: Request, link: Link) -> tuple[dict[str, Any], dict[str, Any]]:
    """The quotes of an answer as programs for the OpenAI API know them: beside the message, and as its context."""
    shown = answer.citations or answer.nearest
    urls = [link(request, citation) for citation in shown]
    names = [f"{c.place.document_title}, {place_phrase(c.place)}" for c in shown]
    results = [
        {"title": name, "url": url, "snippet": c.quote, "date": None}
        for c, name, url in zip(shown, names, urls, strict=True)
    ]
    contents = [
        {"content": c.quote, "title": name, "url": url, "filepath": c.place.document, "chunk_id": c.passage_id}
        for c, name, url in zip(shown, names, urls, strict=True)
    ]
    context = {"citations": contents, "intent": answer.searched or answer.question}
    return {"citations": urls, "search_results": results}, context


def with_markers(answer: Answer) -> tuple[str, list[tuple[int, int]]]:
    """The answer's own text with a marker like [1] after each quote, and where quote and marker stand in it.

    A text that a language model wrote has its markers already; the span of a quote it does not use is empty.
    """
    if answer.written and not answer.written.fallback:
        return answer.text, [_mark(answer.text, number) for number in range(1, len(answer.citations) + 1)]
    text, spans, since = answer.text, [], 0
    for number, citation in enumerate(answer.citations, 1):
        shown = f"“{citation.quote}”"
        start = text.find(shown, since)
        if start < 0:  # the text says it in other words: the marker follows at the end
            text, start = f"{text} ", len(text) + 1
            shown = ""
        end = start + len(shown)
        marker = f" [{number}]" if shown else f"[{number}]"
        text = f"{text[:end]}{marker}{text[end:]}"
        since = end + len(marker)
        spans.append((start, since))
    return text, spans


def _mark(text: str, number: int) -> tuple[int, int]:
    """Where a marker stands first; an empty span when it does not."""
    start = text.find(f"[{number}]")
    return (start, start + len(f"[{number}]")) if start >= 0 else (0, 0)
