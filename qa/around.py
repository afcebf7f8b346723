"""What stands around a quote: a question that the text nearly answers shares its subject, but not all of its words."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from qa.beside import LEAST_LETTERS, WIDE
from qa.quotes import Quote
from qa.retrieve import Retriever

# A stem that is part of another, as in a compound, counts for this much.
PART = 0.7
PIECES_KEPT = 512
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def covered(retriever: Retriever, quotes: Sequence[Quote], rarity: Mapping[str, float]) -> float:
    """The part of a question that stands around one of its quotes, or in what was asked of that place, at best.

    `rarity` weighs the stems of the question; 0 to 1, and 0 without stems or quotes.
    """
    total = sum(rarity.values())
    shares = [_share(retriever, quote, rarity) for quote in quotes] if total else []
    return max(shares, default=0.0) / (total or 1.0)


def missing_numbers(retriever: Retriever, quotes: Sequence[Quote], question: str) -> int:
    """How many numbers of a question stand nowhere around the quote that has most of them."""
    numbers = set(NUMBER.findall(question))
    missing = [sum(number not in surroundings(retriever, quote) for number in numbers) for quote in quotes]
    return min(missing, default=len(numbers))


def surroundings(retriever: Retriever, quote: Quote) -> str:
    """The words of a quote, WIDE characters on either side, and the titles it stands under."""
    document = retriever.index.documents[quote.sentence.document_id]
    titles = [section.title for section in document.enclosing(quote.sentence.section)]
    return "\n".join([*titles, document.text[max(0, quote.start - WIDE) : quote.end + WIDE]])


def _share(retriever: Retriever, quote: Quote, rarity: Mapping[str, float]) -> float:
    around = retriever.beside.stems(quote.position, quote.start, quote.end)
    elsewhere = rarity.keys() - around.there
    asked = retriever.signaller.asked_about(quote.position, elsewhere) if elsewhere else elsewhere
    share = 0.0
    for stem, weight in rarity.items():
        if stem not in elsewhere or stem in asked:
            share += weight
        elif len(stem) >= LEAST_LETTERS and (stem in around.joined or not around.long.isdisjoint(_pieces(stem))):
            share += PART * weight
    return share


@lru_cache(PIECES_KEPT)
def _pieces(stem: str) -> frozenset[str]:
    """Everything that is part of a stem and long enough to count."""
    ends = range(LEAST_LETTERS, len(stem) + 1)
    return frozenset(stem[start:end] for end in ends for start in range(end - LEAST_LETTERS + 1))
