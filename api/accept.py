"""Which form of answer a client wants."""

from collections.abc import Sequence

from api.problems import RefusedError

JSON = "application/json"
MOST_RANGES = 50


def wanted(header: str, possible: Sequence[str]) -> str:
    """The first form of `possible` that the Accept header likes best. Raises RefusedError (406) when it likes none."""
    ranges = [_range(part) for part in header.split(",")[:MOST_RANGES] if part.strip()] or [("*/*", 1.0)]
    liked = [(max((q for r, q in _for(kind, ranges)), default=0.0), -n) for n, kind in enumerate(possible)]
    best, position = max(liked)
    if best <= 0:
        raise RefusedError(406, f"Deze vorm van antwoord is er niet. Kies met Accept uit: {', '.join(possible)}.")
    return possible[-position]


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return kind, min(1.0, max(0.0, float(value)))
            except ValueError:
                return kind, 0.0
    return kind, 1.0


def _for(kind: str, ranges: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The most specific ranges that cover a kind."""
    for cover in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if found := [one for one in ranges if one[0] == cover]:
            return found
    return []
