"""API keys: long random words of which only the hash is in the settings."""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256

from corpus.errors import InputError

PREFIX = "bv_"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
HASH = re.compile(r"[0-9a-f]{64}")


def make_key(name: str) -> tuple[str, str]:
    """A new key, and its line for `keys` in the settings. Raises InputError for a name that cannot be one.

    A key is 256 random bits, so a plain hash keeps it: there is nothing to guess that salt or slowness would guard.
    """
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name}: dit kan geen naam van een sleutel zijn. Gebruik letters, cijfers, punt en streepje, hoogstens 64."
        )
    key = PREFIX + secrets.token_urlsafe(32)
    return key, f"{name}:{hash_of(key)}"


def hash_of(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def read_keys(lines: Sequence[str]) -> dict[str, str]:
    """Hash to name, from the settings. Raises InputError for a line that is not `name:hash`."""
    known: dict[str, str] = {}
    for line in lines:
        name, _, digest = line.partition(":")
        if not NAME.fullmatch(name) or not HASH.fullmatch(digest):
            raise InputError(
                "keys in de instellingen: verwacht per sleutel naam:hash. "
                "Maak een sleutel met: bronvast sleutel maak NAAM"
            )
        known[digest] = name
    return known


def who(header: str, known: Mapping[str, str]) -> str | None:
    """The name of the key in an Authorization header: a bearer token, or the password of basic authentication."""
    scheme, _, value = header.strip().partition(" ")
    key = value.strip()
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(key, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None
    elif scheme.lower() != "bearer":
        return None
    digest = hash_of(key)
    return next((name for one, name in known.items() if hmac.compare_digest(one, digest)), None)
