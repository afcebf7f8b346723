"""Opens a PDF that may be broken, locked or hostile: what goes wrong is an InputError in Dutch, never a crash."""

import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import IndirectObject, PdfObject, StreamObject

from corpus.errors import InputError
from corpus.limits import Limits

# One stream: a page's drawing or a font. Real ones stay under 10 MB; parsing takes many times their size in memory.
LARGEST_STREAM = 32 * 2**20
# Operands and operators in one stream, each an object of about 150 bytes; a dense page has 50,000.
MOST_TOKENS = 1_000_000
# Messages of pypdf that a stream is too large; its other limits concern depth and number.
SIZE = re.compile(r"decompress|output|stream length|decod", re.IGNORECASE)
# Messages of pypdf after which text may be missing; the rest concerns details that do not touch the text.
DAMAGE = ("xref", "startxref", "EOF", "repaired", "not defined", "Invalid stream", "truncated", "Stream has ended")


class OverBudgetError(Exception):
    """A limit was passed; the message is the Dutch reason, without the file's name."""


@dataclass(slots=True)
class Budget:
    """What a document has used so far; each method raises OverBudgetError when a limit is passed."""

    limits: Limits
    started: float = field(default_factory=time.monotonic)
    unpacked: int = 0
    characters: int = 0

    def check_time(self) -> None:
        """Stop reading a document that takes too long."""
        if time.monotonic() - self.started > self.limits.seconds:
            raise OverBudgetError(f"het lezen duurt langer dan {self.limits.seconds:g} seconden (grens: seconds)")

    def unpack(self, size: int) -> None:
        """Count unpacked bytes."""
        self.unpacked += size
        if self.unpacked > self.limits.unpacked_bytes:
            raise OverBudgetError(
                f"uitgepakt is het groter dan {self.limits.unpacked_bytes / 2**20:g} MB (grens: unpacked_bytes)"
            )

    def read(self, size: int) -> None:
        """Count characters of text."""
        self.characters += size
        if self.characters > self.limits.characters:
            raise OverBudgetError(f"het heeft meer dan {self.limits.characters} tekens (grens: characters)")


class BoundedReader(PdfReader):
    """A PdfReader that spends from a budget with each object it looks up."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self.budget = budget
        super().__init__(BytesIO(data))

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        self.budget.check_time()
        return super().get_object(indirect_reference)

    def cache_indirect_object(self, generation: int, idnum: int, obj: PdfObject | None) -> PdfObject | None:
        if isinstance(obj, StreamObject) and obj.get("/Type") in ("/ObjStm", "/XRef"):
            self.budget.unpack(len(obj.get_data()))
        return super().cache_indirect_object(generation, idnum, obj)


def spend(stream: Any, budget: Budget) -> bytes:
    """The unpacked bytes of a stream, counted, and not kept by pypdf afterwards."""
    budget.check_time()
    data: bytes = stream.get_data()
    budget.unpack(len(data))
    if hasattr(stream, "decoded_self"):
        stream.decoded_self = None
    return data


def open_pdf(data: bytes, budget: Budget) -> BoundedReader:
    """A reader whose pages may be read, also when the file is locked with an empty password.

    Raises InputError without the file's name for a password or a missing library, and what pypdf raises.
    """
    reader = BoundedReader(data, budget)
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileNotDecryptedError
    pages = len(reader.pages)
    if pages > budget.limits.pages:
        raise OverBudgetError(f"het heeft {pages} pagina's, meer dan {budget.limits.pages} (grens: pages)")
    return reader


@contextmanager
def told_in_dutch(name: Path | str, limits: Limits) -> Iterator[None]:
    """Whatever goes wrong inside becomes an InputError that names the file, what is wrong and what to do."""
    stream = min(limits.unpacked_bytes, LARGEST_STREAM)
    try:
        with apply_configuration(
            disable_legacy_handling=True,
            stream_parsing_work_maximum_count=MOST_TOKENS,
            stream_decoding_work_maximum_length=4 * stream,
            zlib_maximum_output_length=stream,
            lzw_maximum_output_length=stream,
            run_length_maximum_output_length=stream,
            brotli_maximum_output_length=stream,
            array_based_stream_maximum_output_length=stream,
        ):
            yield
    except InputError:
        raise
    except OverBudgetError as error:
        raise InputError(f"{name}: {error}. Splits het document of verhoog die grens in de instellingen.") from error
    except DependencyError as error:
        raise InputError(
            f"{name}: deze PDF is versleuteld en het pakket 'cryptography' ontbreekt. "
            "Installeer het (pip install cryptography) of bewaar de PDF zonder beveiliging."
        ) from error
    except FileNotDecryptedError as error:
        raise InputError(
            f"{name}: deze PDF is beveiligd met een wachtwoord. Bewaar een kopie zonder wachtwoord en voeg die toe."
        ) from error
    except LimitReachedError as error:
        limit = f"; grens: unpacked_bytes, {stream / 2**20:g} MB per onderdeel" if SIZE.search(str(error)) else ""
        raise InputError(
            f"{name}: een onderdeel van deze PDF is groter of dieper dan veilig te lezen is ({error}{limit}). "
            "Bewaar het document opnieuw als PDF."
        ) from error
    except (RecursionError, MemoryError) as error:
        raise InputError(
            f"{name}: de opbouw van deze PDF is te diep of te groot om te lezen. Bewaar het document opnieuw als PDF."
        ) from error
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, OSError) as error:
        raise InputError(
            f"{name}: dit is geen PDF of het bestand is beschadigd ({type(error).__name__}: {error}). "
            "Open het in een PDF-lezer en bewaar het opnieuw, of haal het opnieuw op."
        ) from error


class _Listener(logging.Handler):
    """Keeps the messages of its own thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread_of_reader = threading.get_ident()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread_of_reader and len(self.messages) < 1000:
            self.messages.append(record.getMessage())


@contextmanager
def listening() -> Iterator[list[str]]:
    """The messages that pypdf logs meanwhile; they go nowhere else."""
    logger, listener = logging.getLogger("pypdf"), _Listener()
    before = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield listener.messages
    finally:
        logger.removeHandler(listener)
        logger.propagate = before


def damage_in(messages: list[str]) -> list[str]:
    """At most one Dutch sentence, for messages after which text may be missing."""
    damage = [message for message in messages if any(word in message for word in DAMAGE)]
    if not damage:
        return []
    return [f"Het bestand is beschadigd en zo goed mogelijk gelezen; er kan tekst ontbreken ({damage[0].strip()})."]
