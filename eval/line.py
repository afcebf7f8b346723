"""One line of a gold file: every rule it breaks, in Dutch."""

import re
from collections.abc import Callable, Mapping
from typing import Any

LONGEST_ID = 200
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def errors_in(item: Any) -> list[str]:
    """All that is wrong with the value of a line; nothing for a good one."""
    if isinstance(item, Exception):
        return [f"geen geldige JSON ({item})"]
    if not isinstance(item, dict):
        return ["geen JSON-object"]
    unknown = sorted(set(item) - set(FIELDS))
    missing = sorted({"id", "answerable", "document_sha256"} - set(item))
    errors = [f"onbekend veld: {', '.join(unknown)}"] if unknown else []
    errors += [f"ontbrekend veld: {', '.join(missing)}"] if missing else []
    errors += [f'"{name}" {what}' for name, (holds, what) in FIELDS.items() if name in item and not holds(item[name])]
    if ("question" in item) == ("turns" in item):
        errors.append('geef "question" of "turns", een van de twee')
    return errors or _errors_between(item)


def _errors_between(item: Mapping[str, Any]) -> list[str]:
    """Rules over more than one field; each field by itself is good."""
    if bool(item.get("spans")) != item["answerable"]:
        return ["een vraag met antwoord heeft spans, een vraag zonder antwoord heeft er geen"]
    if item.get("facts") and not item["answerable"]:
        return ["een vraag zonder antwoord heeft geen facts"]
    return []


def printable(text: str) -> str:
    """The text without what no file or screen takes: half characters and control characters."""
    return NO_TEXT.sub("", text)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not NO_TEXT.search(value)


def _is_name(value: Any) -> bool:
    return _is_text(value) and 0 < len(value) <= LONGEST_ID and value == value.strip() and value.isprintable()


def _is_question(value: Any) -> bool:
    return _is_text(value) and bool(value.strip())


def _is_span(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and all(type(v) is int for v in value) and 0 <= value[0] < value[1]
    )


def _list_of(holds: Callable[[Any], bool], shortest: int = 0) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and len(value) >= shortest and all(map(holds, value))


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and not set(value) - set("0123456789abcdef")


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "id": (_is_name, f"moet een naam van 1 tot {LONGEST_ID} zichtbare tekens zijn"),
    "question": (_is_question, "moet een vraag zijn"),
    "turns": (_list_of(_is_question, 1), "moet een lijst van vragen zijn"),
    "kind": (_is_text, "moet tekst zijn"),
    "style": (_is_text, "moet tekst zijn"),
    "answerable": (_is_flag, "moet true of false zijn"),
    "spans": (_list_of(_is_span), "moet een lijst van [begin, eind] zijn: gehele getallen, vooruit en niet negatief"),
    "all_spans": (_is_flag, "moet true of false zijn"),
    "facts": (_list_of(_list_of(_is_question, 1)), "moet een lijst van lijsten met woorden zijn"),
    "sections": (_list_of(_is_question), "moet een lijst van namen zijn"),
    "document_sha256": (_is_hash, "moet een sha256 zijn: 64 tekens 0-9 en a-f"),
    "notes": (_is_text, "moet tekst zijn"),
}
