"""Facts in a text: whole words, with number words and digits, thousands and percentages written one way."""

from collections.abc import Sequence

from qa.numerals import as_words


def has_fact(text: str, alternatives: Sequence[str]) -> bool:
    """Whether one of the alternatives occurs in a text, word for word: "twaalf procent" stands in "groeit met 12%"."""
    words = f" {' '.join(as_words(text))} "
    return any(f" {' '.join(as_words(fact))} " in words for fact in alternatives if as_words(fact))
