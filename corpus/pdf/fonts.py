"""A PDF font as far as reading needs it: codes to letters and widths, and whether it is bold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf.errors import PyPdfError
from pypdf.generic import StreamObject
from pypdf.generic._font import Font  # pypdf's own text extraction stands on it; there is no public name for it

UNKNOWN = "\ufffd"
BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!al)", re.IGNORECASE)
# A font of 65,536 glyphs maps them in 1.5 MB; reading a mapping takes twenty times its size in memory.
LARGEST_MAPPING = 4 * 2**20
FORCE_BOLD, BOLD_WEIGHT = 1 << 18, 600
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# What Symbol and Wingdings print for these private codes, or what text editors put in their place.
BULLETS = dict.fromkeys((0xF0B7, 0xF0A7, 0xF0A8, 0xF076, 0xF0D8, 0xF0FC, 0xF06E, 0xF071, 0xF06F, 0x25CF, 0xF020), "•")
INVISIBLE = dict.fromkeys([*range(32), *range(0x7F, 0xA0), 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF], "")
SPACES = dict.fromkeys([9, 10, 13, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000], " ")
LETTERS = str.maketrans(LIGATURES | INVISIBLE | BULLETS | SPACES)
# Codes that WinAnsiEncoding leaves free show a bullet (ISO 32000-1, annex D.2, note 3).
UNUSED = frozenset("\x7f\x81\x8d\x8f\x90\x9d")
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


@dataclass(slots=True)
class Face:
    """A font with a memory of the codes it has shown. `dropped` counts glyphs that have no letter; `guessed` says that
    the file does not tell which letters the codes are, so that the standard ones are taken.
    """

    font: Font | None
    bold: bool
    identity: bool
    known: dict[str, tuple[str, float]] = field(default_factory=dict)
    dropped: int = 0
    guessed: bool = False

    def letters(self, data: bytes) -> Iterator[tuple[str, float, bool]]:
        """For each code its letters ("" for none, U+FFFD for unknown), width in thousandths of an em, and whether
        word spacing applies to it.
        """
        font = self.font
        if font is None:
            for _ in data:
                yield UNKNOWN, 500.0, False
            return
        simple = not isinstance(font.encoding, str)
        codes = "".join(map(chr, data)) if simple else data.decode(str(font.encoding), "replace")
        for code in codes:
            if code not in self.known:
                self.known[code] = self._look_up(font, code)
            letter, width = self.known[code]
            yield letter, width, simple and code == " "

    def _look_up(self, font: Font, code: str) -> tuple[str, float]:
        width = font.space_width if code == font.space_char else font.get_text_width(code)
        letter: Any = code
        if not isinstance(font.encoding, str):
            letter = font.encoding.get(ord(code), code)
        elif self.identity and code not in font.character_map:
            return UNKNOWN, float(width)
        letter = font.character_map.get(letter, letter)
        if not font.interpretable or (len(letter) > 1 and letter.startswith("/")):
            return UNKNOWN, float(width)
        if letter in UNUSED and not isinstance(font.encoding, str):
            letter = "•"
        readable = letter.translate(LETTERS)
        if PRIVATE.search(readable):
            self.dropped += 1
            readable = PRIVATE.sub("", readable)
        return readable, float(width)


def make_face(resource: Any) -> Face:
    """The face of a font dictionary; one that cannot be read shows unknown letters."""
    try:
        mapping = resource["/ToUnicode"].get_object() if "/ToUnicode" in resource else None
        if isinstance(mapping, StreamObject) and len(mapping.get_data()) > LARGEST_MAPPING:
            return Face(None, False, False)
        font = Font.from_font_resource(resource)
    except (PyPdfError, AttributeError, TypeError, ValueError, KeyError, IndexError, OverflowError):
        return Face(None, False, False)
    encoding = resource.get("/Encoding")
    identity = isinstance(encoding, str) and encoding.startswith("/Identity")
    built_in = "/ToUnicode" not in resource and "/Encoding" not in resource and font.sub_type == "Type1"
    embedded = font.font_descriptor.font_file is not None
    return Face(font, _is_bold(font, resource), identity, guessed=built_in and embedded)


def _is_bold(font: Font, resource: Any) -> bool:
    names = f"{font.name} {resource.get('/BaseFont', '')} {font.font_descriptor.name}"
    flags, weight = font.font_descriptor.flags, font.font_descriptor.weight
    heavy = isinstance(weight, (int, float)) and weight >= BOLD_WEIGHT
    return bool(BOLD.search(names)) or heavy or bool(isinstance(flags, int) and flags & FORCE_BOLD)
