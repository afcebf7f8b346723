"""Words and numbers written one way: number words as digits, thousands without dots, per cent as a word."""

import re
import unicodedata
from functools import cache

# Larger number words are rare in reports, which write those in digits ("41.000", "12 miljoen").
LARGEST = 2100
ROUND = (*range(2_200, 10_000, 100), *range(3_000, 101_000, 1_000))
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|\w+|%")
THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")


def as_words(text: str) -> list[str]:
    """The words of a text in lower case, numbers as plain digits, without accents and other signs.

    "een" stays a word, for it is mostly an article; "één" is 1.
    """
    return [_plain(found) for found in TOKEN.findall(unicodedata.normalize("NFC", text).casefold())]


def _plain(found: str) -> str:
    if found == "%":
        return "procent"
    if found == "één":
        return "1"
    if found[0].isdigit():
        return found.replace(".", "") if THOUSANDS.fullmatch(found) else found
    bare = _bare(found)
    return _numbers().get(bare, bare)


@cache
def _numbers() -> dict[str, str]:
    """Number word, without accents, to digits."""
    from num2words import num2words

    def word(number: int) -> str:
        return _bare(num2words(number, lang="nl"))

    hundreds = {f"{word(n)}honderd": n * 100 for n in range(11, 100) if n % 10}
    return {w: str(n) for w, n in ({word(n): n for n in (0, *range(2, LARGEST + 1), *ROUND)} | hundreds).items()}


def _bare(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
