"""Opens a docx that may be broken, locked or hostile: what goes wrong is an InputError in Dutch, never a crash."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.oxml import parse_xml

from corpus.errors import InputError
from corpus.gather import RAISE_IT, grouped, megabytes, refuse_large
from corpus.limits import Limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_KINDS = {"xl/": "een Excel-bestand", "ppt/": "een PowerPoint-bestand", "content.xml": "een OpenDocument-bestand"}
XML = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<")
# Word writes none, and with one an XML part can grow to a million times its size.
DOCTYPE = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E")
CHUNK = 2**20
# A tag takes some 160 bytes in memory. A report of a thousand pages has about half of this.
MOST_TAGS = 2_000_000
MOST_PARTS = 10_000


@contextmanager
def refusing(name: str) -> Iterator[None]:
    """Whatever a broken document makes go wrong inside becomes an InputError that names the file and what to do."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise InputError(
            f"{name}: dit is geen Word-document (.docx), of het bestand is beschadigd ({error}). Open het in Word en "
            "bewaar het opnieuw als .docx, of haal het opnieuw op."
        ) from error
    except KeyError as error:
        raise InputError(
            f"{name}: er ontbreekt een onderdeel in dit Word-document ({error.args[0] if error.args else error}). "
            "Open het in Word en bewaar het opnieuw als .docx."
        ) from error
    except (ValueError, TypeError, AttributeError, AssertionError, IndexError, RecursionError, SyntaxError) as error:
        raise InputError(
            f"{name}: dit Word-document is niet te lezen ({type(error).__name__}: {error}). Open het in Word en bewaar "
            "het opnieuw als .docx (gewoon, niet als sjabloon of Strict Open XML)."
        ) from error


def open_docx(name: str, data: bytes, limits: Limits) -> Document:
    """The document as python-docx reads it, after its zip was checked in full.

    Raises InputError, and what the libraries raise: `refusing` is round it.
    """
    refuse_large(name, data, limits)
    if data.startswith(OLE):
        raise _ole(name, data)
    with ZipFile(BytesIO(data)) as archive:
        _check_names(name, archive)
        _check_sizes(name, archive, limits)
    document = docx.Document(BytesIO(data))
    if document.element.body is None:
        raise ValueError("w:body")
    return document


def related(part: Any, kind: str) -> Any:
    """The XML of the part that a part relates to in a way ("footnotes"), None where there is none."""
    for relation in part.rels.values():
        if relation.reltype.rpartition("/")[2] == kind and not relation.is_external:
            target = relation.target_part
            element = getattr(target, "element", None)
            return parse_xml(target.blob) if element is None else element
    return None


def _ole(name: str, data: bytes) -> InputError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return InputError(
            f"{name}: dit document is beveiligd met een wachtwoord. Bewaar een kopie zonder wachtwoord en voeg die toe."
        )
    return InputError(
        f"{name}: dit is een bestand in het oude Office-formaat (.doc), geen .docx. Open het in Word en bewaar als "
        ".docx."
    )


def _check_names(name: str, archive: ZipFile) -> None:
    names = archive.namelist()
    if len(names) > MOST_PARTS:
        raise InputError(
            f"{name}: het bestand heeft {grouped(len(names))} onderdelen; de grens is {grouped(MOST_PARTS)}. "
            "Bewaar het document opnieuw als .docx."
        )
    for inside in names:
        if ".." in inside.replace("\\", "/").split("/") or inside.startswith(("/", "\\")):
            raise InputError(
                f"{name}: een onderdeel verwijst naar buiten het bestand ({inside[:80]}). Vertrouw dit bestand niet; "
                "vraag de maker om het document."
            )
    if not any(inside.startswith("word/") for inside in names):
        kind = next((said for start, said in OTHER_KINDS.items() if any(n.startswith(start) for n in names)), "")
        raise InputError(
            f"{name}: dit is {kind or 'een zip-bestand'}, geen Word-document (.docx). Bewaar het document als .docx."
        )


def _check_sizes(name: str, archive: ZipFile, limits: Limits) -> None:
    """Unpack everything once in small pieces and keep nothing: what a zip says of its sizes may be a lie."""
    declared = sum(entry.file_size for entry in archive.infolist())
    if declared > limits.unpacked_bytes:
        raise _too_large(name, declared, limits)
    unpacked = tags = 0
    for entry in archive.infolist():
        if entry.flag_bits & 1:
            raise InputError(f"{name}: dit bestand is versleuteld. Bewaar een kopie zonder wachtwoord en voeg die toe.")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BadZipFile(f"onbekende compressie in {entry.filename[:80]}")
        size, inside = _unpack(name, archive, entry, limits.unpacked_bytes - unpacked, limits)
        unpacked += size
        tags += inside
        if tags > MOST_TAGS:
            raise InputError(
                f"{name}: het document heeft meer dan {grouped(MOST_TAGS)} XML-tags; dat is te veel om te lezen. "
                "Splits het document."
            )


def _unpack(name: str, archive: ZipFile, entry: ZipInfo, most: int, limits: Limits) -> tuple[int, int]:
    """Bytes and XML tags in one part. Raises InputError beyond `most` bytes and for a document type."""
    size = tags = 0
    is_xml, before = False, b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            is_xml = is_xml or (size == 0 and XML.match(chunk) is not None)
            size += len(chunk)
            if size > most:
                raise _too_large(name, limits.unpacked_bytes + size - most, limits)
            if is_xml:
                tags += chunk.count(b"<")
                if DOCTYPE.search(before + chunk) and not entry.filename.endswith(".svg"):
                    raise InputError(
                        f"{name}: een onderdeel ({entry.filename[:80]}) bevat een DOCTYPE; daarmee kan een bestand een "
                        "computer vastzetten. Word schrijft zoiets niet: bewaar het document opnieuw als .docx."
                    )
            before = chunk[-32:]
    return size, tags


def _too_large(name: str, found: int, limits: Limits) -> InputError:
    return InputError(
        f"{name}: het document wordt uitgepakt minstens {megabytes(found)} groot; de grens is "
        f"{megabytes(limits.unpacked_bytes)} (unpacked_bytes). {RAISE_IT}"
    )
