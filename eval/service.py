"""Asks gold questions of a running service over HTTP."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from corpus.errors import BronvastError, InputError
from eval.gold import GoldQuestion
from eval.outcome import Outcome, outcome_of
from eval.run import Ask

PATH = "/v1/antwoorden"
SECONDS = 60


def asker_of(url: str) -> Ask:
    """Asks the service at this address. Raises InputError for an address that is none."""
    if not re.match(r"https?://[^/]", url):
        raise InputError(f"{url}: dit is geen adres van een dienst. Verwacht bijvoorbeeld: http://127.0.0.1:8000")
    address = url.rstrip("/") + PATH

    def ask(gold: GoldQuestion) -> Outcome:
        return outcome_of(
            gold, snake_case(_post(address, {"question": gold.question, "earlier": list(gold.earlier)})), None, {}
        )

    return ask


def snake_case(value: Any) -> Any:
    """The batch contract's names for the camelCase of HTTP."""
    if isinstance(value, Mapping):
        return {re.sub(r"([A-Z])", r"_\1", name).lower(): snake_case(inner) for name, inner in value.items()}
    return [snake_case(inner) for inner in value] if isinstance(value, list) else value


def _post(address: str, message: Mapping[str, Any]) -> Any:
    """The service's answer. Raises BronvastError with what the service said."""
    content = json.dumps(message).encode()
    request = Request(address, content, {"Content-Type": "application/json"})  # noqa: S310 - asker_of lets only HTTP in
    try:
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            return json.load(response)
    except HTTPError as error:
        raise BronvastError(f"{address}: de dienst antwoordt met fout {error.code}: {error.read().decode()}") from error
    except (URLError, TimeoutError, ValueError) as error:
        raise BronvastError(f"{address}: de dienst geeft geen antwoord ({error}). Draait zij wel?") from error
