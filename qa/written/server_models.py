"""Which models a server has: asked only when no name was given."""

import time

from corpus.errors import InputError
from qa.written.options import LanguageModelOptions
from qa.written.transport import BoundedTransport, bounded_client

SECONDS = 10
MOST_SHOWN = 20


def only_model(options: LanguageModelOptions) -> str:
    """The name of the one model that a server offers. Raises InputError that names them where there are more."""
    transport = BoundedTransport()
    transport.set_deadline(time.monotonic() + SECONDS)
    headers = {"Authorization": f"Bearer {options.key}"} if options.key else {}
    try:
        with bounded_client(transport) as client:
            rows = client.get(f"{options.url}/models", headers=headers).raise_for_status().json()["data"]
            names = [str(row["id"]) for row in rows]
    except Exception as error:  # whatever is wrong with it: the cure is the same
        raise InputError(
            f"{options.url}: deze server zegt niet welke modellen hij heeft ({type(error).__name__}). Klopt het adres? "
            "Noem anders het model: --model NAAM"
        ) from error
    if len(names) != 1:
        shown = ", ".join(names[:MOST_SHOWN]) or "geen"
        raise InputError(f"{options.url} heeft {len(names)} modellen: {shown}. Kies er een met --model NAAM.")
    return names[0]
