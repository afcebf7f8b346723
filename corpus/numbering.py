"""How list and heading numbers are written: 3 as "3", "c", "C", "iii" or "III"."""

ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
SMALL_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def count_as(style: str, number: int) -> str:
    """A number in one of Word's styles; in figures where the style has no sign for it, as Word and browsers do."""
    if style == "decimalZero":
        return f"{number:02d}"
    if style.endswith("Roman") and 0 < number < 4000:
        written = _roman(number)
    elif style.endswith("Letter") and 0 < number <= 780:
        written = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        return str(number)
    return written.upper() if style.startswith("upper") else written


def _roman(number: int) -> str:
    written = ""
    for value, letters in ROMAN + SMALL_ROMAN:
        written += letters * (number // value)
        number %= value
    return written
