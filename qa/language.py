"""Which language a question is in: Dutch, unless its small words are English."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = _words(
    """
    the what which who whom whose why how where when is are was were did does do of to from by with for about and or
    that this these those have has had can could should would will their there it its many much any according
    """
)
DUTCH = _words(
    """
    de het een wat welke welk wie waarom hoe waar wanneer zijn waren werd wordt van naar uit door met voor over en of
    dat dit deze die heeft hebben had kan kunnen zou moet zal hun er hoeveel volgens op bij niet
    """
)


def language_of(question: str) -> str:
    """English ("en") when more of the small words are English than Dutch, else Dutch ("nl")."""
    words = re.findall(r"[a-zà-ÿ]+", question.lower())
    english, dutch = (sum(word in known for word in words) for known in (ENGLISH, DUTCH))
    return "en" if english > dutch and english >= 2 else "nl"
