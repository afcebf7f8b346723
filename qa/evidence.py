"""An answer as evidence: everything needed to check it against its source later, under one seal."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from index.store import Index
from qa.model import Answer, Citation

FORMAT = "bronvast-bewijs-1"
SEAL = "seal"
# Of an answer's record: what is said in other words in the evidence, or belongs to one run.
LEFT_OUT = ("id", "took_ms", "citations", "nearest")
IN_ANSWER, NEAREST = "answer", "nearest"


def evidence(index: Index, answer: Answer, earlier: Sequence[str] = (), now: datetime | None = None) -> dict[str, Any]:
    """The evidence for an answer that this index gave, as JSON values; names no path of this machine.

    `earlier` are the turns before the question. The seal tells later that nothing was changed by accident; it is no
    signature: who changes the evidence on purpose can make another.
    """
    record = {name: value for name, value in answer.to_record("", 0.0).items() if name not in LEFT_OUT}
    content = {
        "format": FORMAT,
        "time": (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        "version": version("bronvast"),
        "earlier": list(earlier),
        **record,
        "quotes": [
            *(_quote(citation, IN_ANSWER) for citation in answer.citations),
            *(_quote(citation, NEAREST) for citation in answer.nearest),
        ],
        "index": _made(index.manifest),
    }
    return content | {SEAL: seal_of(content)}


def seal_of(content: Mapping[str, Any]) -> str:
    """The hash of evidence without its seal; the same however its JSON was laid out and its numbers were written."""
    rest = {name: _plain(value) for name, value in content.items() if name != SEAL}
    return hash_of(json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def hash_of(text: str) -> str:
    """The sha256 of a text in UTF-8; a half surrogate, which no file can hold, counts as its escape."""
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _quote(citation: Citation, used: str) -> dict[str, Any]:
    return {"used": used, **citation.to_record(), "quote_sha256": hash_of(citation.quote)}


def _made(manifest: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("id", "title", "sha256")
    return {
        **{name: manifest[name] for name in ("build", "created", "format", "recipe", "model")},
        "documents": [{name: document[name] for name in kept} for document in manifest["documents"]],
    }


def _plain(value: Any) -> Any:
    """A value with 1.0 as 1: programs in other languages write it so."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
