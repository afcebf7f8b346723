"""Bytes to text: what the bytes prove (a mark, strict UTF-8, UTF-16), else what fits Dutch best and chardet finds."""

import re
from itertools import islice

import chardet

from corpus.errors import InputError

MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
# What Dutch text was written in before UTF-8; on equal evidence the first wins.
SINGLE_BYTE = ("cp1252", "iso8859_15", "mac_roman", "cp850")
ENOUGH = 20_000
LEAST_POINTS = 0.5
WINDOW = re.compile(rb"[^\x80-\xff]{0,40}[\x80-\xff]+[^\x80-\xff]{0,40}")
SIGNATURES = {
    b"%PDF": "een PDF-bestand",
    b"PK\x03\x04": "een zip-bestand (of een .docx)",
    b"\xd0\xcf\x11\xe0": "een oud Office-bestand (.doc of .xls)",
    b"{\\rtf": "een RTF-bestand",
}
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Form feeds and the like occur in text files; other control characters do not.
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
UTF8_LETTER = re.compile(rb"[\xc3\xc5][\x80-\xbf]|[\xe2\xef][\x80-\xbf]{2}|\xc2[\xa0-\xbf]")
COMMON, OTHER = frozenset("ëéïöüè"), frozenset("êîíôóûúäáàâçñ")
CAPITALS = frozenset("ËÉÏÖÜÈ")
SIGNS = frozenset("…•€°§²³½¼¾·«»×±µ©®™\xa0")


def decode(name: str, data: bytes) -> str:
    """The text in a file's bytes, no line end translated and no byte order mark kept.

    In this order: a byte order mark, strict UTF-8, UTF-16 by where its zero bytes stand, and else the older Western
    encoding in which most signs outside ASCII stand where Dutch puts them; where several fit alike, chardet's choice.
    Raises InputError for an empty file, binary data, and UTF-8 that is damaged.
    """
    mark = next((mark for mark in MARKS if data.startswith(mark)), b"")
    encoding = MARKS[mark] if mark else _unmarked(name, data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(name, data, encoding, error) from error
    if not text.strip():
        raise InputError(f"{name}: het bestand is leeg. Geef een document met tekst.")
    if "\x00" in text:
        raise _binary(name, "het bevat binaire gegevens")
    return text


def _unmarked(name: str, data: bytes) -> str:
    for signature, what in SIGNATURES.items():
        if data.startswith(signature):
            raise _binary(name, f"het is {what}")
    if wide := _utf16(data):
        return wide
    if b"\x00" in data or len(CONTROL.findall(data, 0, ENOUGH)) > 0.01 * len(data[:ENOUGH]):
        raise _binary(name, "het bevat binaire gegevens")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _was_utf8(data):
            raise _damaged(name, data, "utf-8", error) from error
        return _single_byte(name, data)
    return "utf-8"


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark: in Western text nearly every other byte is zero, and hardly any of those between."""
    even, odd = data[0:ENOUGH:2].count(0), data[1:ENOUGH:2].count(0)
    pairs = len(data[:ENOUGH]) // 2
    if len(data) % 2 or not pairs:
        return ""
    if odd > 0.7 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * pairs and odd < 0.05 * pairs else ""


def _was_utf8(data: bytes) -> bool:
    """Whether most bytes outside ASCII still form UTF-8, so that a few broken ones are damage."""
    formed = sum(len(match) for match in UTF8_LETTER.findall(data))
    return 2 * formed > len(data) - len(data.translate(None, bytes(range(128, 256))))


def _single_byte(name: str, data: bytes) -> str:
    """The older encoding in which most signs stand where Dutch puts them; of those that fit alike, chardet's choice."""
    named = chardet.detect(_around_signs(data), include_encodings=SINGLE_BYTE, compat_names=False)["encoding"]
    found = (named or "").replace("-", "_")
    best = max(SINGLE_BYTE, key=lambda encoding: (_points(data, encoding), encoding == found))
    if _points(data, best) < LEAST_POINTS:
        raise InputError(
            f"{name}: de tekencodering is niet te herkennen. Bewaar het bestand opnieuw als UTF-8, bijvoorbeeld in "
            "Kladblok met Opslaan als, of met: iconv -f WINDOWS-1252 -t UTF-8 in.txt > uit.txt"
        )
    return best


def _around_signs(data: bytes) -> bytes:
    """What stands around the bytes outside ASCII: in a long file the rest drowns them."""
    return b" ".join(islice((match.group() for match in WINDOW.finditer(data)), ENOUGH))


def _points(data: bytes, encoding: str) -> float:
    """The mean evidence of the signs outside ASCII for this encoding; below zero where it cannot be."""
    try:
        text = f" {data.decode(encoding)} "
    except UnicodeDecodeError:
        return -3
    signs = [_evidence(*text[m.start() - 1 : m.end() + 1]) for m in islice(NOT_ASCII.finditer(text), ENOUGH)]
    return sum(signs) / len(signs)


def _evidence(before: str, sign: str, after: str) -> float:
    """3 for a sign that stands where Dutch puts it, -3 for one that cannot stand there."""
    if sign.isalpha():
        return _letter(before, sign, after)
    opens, closes = not before.isalnum() and not after.isspace(), not before.isspace() and not after.isalnum()
    if sign in "“‘„":
        return 3 if opens else -2
    if sign in "”’":
        return 3 if closes or (sign == "’" and (opens or (before.isalpha() and after.isalpha()))) else -2
    if sign in "–—":
        return 1 if before.isalpha() and after.isalpha() else 3
    if sign in SIGNS:
        return -2 if before.isalpha() and after.isalpha() and sign != "\xa0" else 2
    return -3


def _letter(before: str, sign: str, after: str) -> float:
    """No Dutch word has three letters outside ASCII in a row, or a capital after a small letter."""
    if min(before, after) > "\x7f" and before.isalpha() and after.isalpha():
        return -3
    if sign.isupper():
        if before.islower() or not (before.isalpha() or after.isalpha()):
            return -3
        return 2 if sign in CAPITALS else 0.5
    if before.isupper() and after.isupper():
        return -3
    if not (before.isalpha() or after.isalpha()):
        return 1 if sign in "àé" else -1
    if not before.isalpha() and after.isupper():
        return -3
    return 3 if sign in COMMON else 2 if sign in OTHER else 1 if sign.islower() else -1


def _binary(name: str, why: str) -> InputError:
    return InputError(f"{name}: dit is geen tekstbestand ({why}). Bewaar het document als .txt in UTF-8.")


def _damaged(name: str, data: bytes, encoding: str, error: UnicodeDecodeError) -> InputError:
    line = data.count(b"\n", 0, error.start) + 1
    return InputError(
        f"{name}: de tekencodering klopt niet: byte {error.start} (regel {line}) is geen {encoding.upper()}. "
        "Bewaar het bestand opnieuw als UTF-8, bijvoorbeeld in Kladblok met Opslaan als, of met: "
        "iconv -f WINDOWS-1252 -t UTF-8 in.txt > uit.txt"
    )
