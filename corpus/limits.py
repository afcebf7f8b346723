"""How much one file may ask of this machine before it is refused."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds per document: bytes of the file, bytes it unpacks to, characters of text, pages, seconds of reading.

    They are far above what a report needs and stop a file that is made to exhaust memory or time.
    """

    file_bytes: int = 50 * 2**20
    unpacked_bytes: int = 200 * 2**20
    characters: int = 20_000_000
    pages: int = 2000
    seconds: float = 120
