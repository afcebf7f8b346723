"""Text comes back as it was written, whatever it was written in; what is no text is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.encoding import decode
from corpus.errors import InputError

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "iso8859_15", "mac_roman", "cp850")
PLAIN = ["de", "gemeente", "werkt", "samen", "met", "regio", "Limburg", "krimp", "2016", "plan,", "woningen."]
ACCENTED = ["ideeën", "één", "coördinatie", "financiële", "geïnterviewden", "België", "reünie", "privé", "scène"]
QUOTED = ["zo’n", "“krimp”", "‘ruimte’", "regio’s", "foto’s", "“Nee”,", "(‘zo’)"]
SIGNS = ["–", "€ 5", "…"]
words = st.lists(st.sampled_from(PLAIN + ACCENTED), min_size=1, max_size=40)
quoting = st.lists(st.sampled_from(PLAIN + ACCENTED + QUOTED + SIGNS), min_size=1, max_size=40)


@given(words, st.sampled_from(ENCODINGS), st.sampled_from(["\n", "\r\n"]))
def test_dutch_comes_back_from_every_encoding(written: list[str], encoding: str, end: str) -> None:
    text = f"{' '.join(written)}{end}"
    assert decode("a.txt", text.encode(encoding)) == text


@given(quoting, st.sampled_from(["utf-8", "utf-16", "cp1252", "mac_roman"]))
def test_curly_quotes_and_dashes_come_back(written: list[str], encoding: str) -> None:
    text = " ".join(written)
    assert decode("a.txt", text.encode(encoding)) == text


@given(st.lists(st.sampled_from(PLAIN), min_size=3), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf16_needs_no_mark(written: list[str], encoding: str) -> None:
    text = " ".join([*written, "ideeën"])
    assert decode("a.txt", text.encode(encoding)) == text


@pytest.mark.parametrize("sign", ["zo’n", "“krimp", "krimp”", "é", "€", "– "])
@pytest.mark.parametrize("where", [0, 63_000, 126_000])
def test_one_sign_in_a_long_file_is_enough(sign: str, where: int) -> None:
    plain = "De regio werkt samen aan een plan. " * 3600
    text = f"{plain[:where]} {sign} {plain[where:]}"
    assert decode("a.txt", text.encode("cp1252")) == text


@given(st.text(min_size=1).filter(lambda text: text.strip("\ufeff").strip() and "\x00" not in text))
def test_utf8_is_never_taken_for_something_else(text: str) -> None:
    data = text.encode("utf-8-sig")
    assert decode("a.txt", data) == text


@given(st.binary(max_size=400))
def test_bytes_are_text_or_refused(data: bytes) -> None:
    text = ""
    with suppress(InputError):
        text = decode("a.txt", data)
    assert "\x00" not in text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "leeg"),
        (b" \n\t ", "leeg"),
        (b"\xef\xbb\xbf", "leeg"),
        (b"tekst\x00tekst", "binaire gegevens"),
        (bytes(range(256)) * 20, "binaire gegevens"),
        (b"%PDF-1.7 tekst", "PDF-bestand"),
        (b"PK\x03\x04rest", "zip-bestand"),
        (b"\xd0\xcf\x11\xe0rest", "oud Office-bestand"),
        ("één idee\nén één idee".encode()[:-9] + b"\xff idee\xc3\xabn", r"regel 2\) is geen UTF-8"),
        (b"\xff\xfea", "geen UTF-16"),
        ("Привет, как дела".encode("cp1251"), "niet te herkennen"),
    ],
)
def test_a_refusal_names_the_file_and_the_cause(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=f"a.txt: .*{message}"):
        decode("a.txt", data)
