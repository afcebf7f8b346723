"""Sentences that may answer in, quotes out: the best of them, each as far as it must reach to be understood."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Document, Kind, Passage
from index.store import Index
from qa.extent import item_at, neighbour, unit_at, whole_list, widened
from qa.retrieve import Retrieval, Retriever

MOST_QUOTES = 3
# Only the best sentences are looked at: what comes after them is quoted by nobody.
SENTENCES_READ = 60
# A quote with its neighbours stays readable at this length.
MOST_SENTENCES, LONGEST_GROWN = 3, 420
LONGEST_JOINED = 700

Scores = dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far behind, in log-odds: a neighbour that still belongs to a quote, one that is joined to it because it would
    be quoted too, and a further quote behind the first; what is further behind only distracts.
    """

    grows: float
    joins: float
    further: float


# Signals of what was written for passages tell more, in larger odds.
WRITTEN_BOUNDS, PLAIN_BOUNDS = Bounds(2.5, 5.5, 5.5), Bounds(1.5, 3.5, 3.5)


def bounds_of(retrieval: Retrieval) -> Bounds:
    """The bounds on the scale of the best sentence."""
    return WRITTEN_BOUNDS if retrieval.candidates.enriched[retrieval.scores.argmax()] else PLAIN_BOUNDS


@dataclass(frozen=True, slots=True)
class Quote:
    """A span to quote, the sentence that earned it with its position in the index, and its score in log-odds."""

    position: int
    sentence: Passage
    start: int
    end: int
    score: float


def select_quotes(retriever: Retriever, retrieval: Retrieval) -> list[Quote]:
    """One to MOST_QUOTES quotes of different places, best first."""
    index = retriever.index
    ranked = retrieval.ranked(SENTENCES_READ)
    quotes: list[Quote] = []
    bounds = bounds_of(retrieval)
    scores = _by_place(index, retrieval, bounds)
    for position, score in ranked:
        sentence = index.sentences[position]
        if quotes and score < quotes[0].score - bounds.further:
            break
        if any(_holds(quote, sentence) for quote in quotes):
            continue
        document = index.documents[sentence.document_id]
        number = index.documents.number(document.id)
        start, end = _reach(document, number, sentence, scores, bounds.grows, retrieval.question.asks_all)
        quote = Quote(position, sentence, start, end, score)
        beside = next((n for n, other in enumerate(quotes) if _touches(index, other, quote)), None)
        if beside is None:
            quotes.append(quote)
        elif score >= quotes[beside].score - bounds.joins:
            quotes[beside] = _joined(quotes[beside], quote)
            quotes = apart(quotes, beside)
        if len(quotes) == MOST_QUOTES:
            break
    return quotes


def put_first(index: Index, position: int, quotes: Sequence[Quote]) -> list[Quote]:
    """These quotes behind that of one sentence, with what it leans on and what limits it, without those over it."""
    sentence = index.sentences[position]
    document = index.documents[sentence.document_id]
    unit = unit_at(document, sentence.start)
    first = Quote(position, sentence, *widened(document, unit, unit), quotes[0].score if quotes else 0.0)
    same = [quote.sentence.document_id == document.id for quote in quotes]
    over = [quote.start < first.end and first.start < quote.end for quote in quotes]
    return [first, *(q for q, own, lies in zip(quotes, same, over, strict=True) if not (own and lies))]


def apart(quotes: list[Quote], grown: int) -> list[Quote]:
    """The same quotes with those that lie over one that has grown made part of the better of the two."""
    for other, quote in enumerate(quotes):
        one = quotes[grown]
        same = other != grown and quote.sentence.document_id == one.sentence.document_id
        if same and quote.start < one.end and one.start < quote.end:
            first, last = sorted((grown, other))
            joined = _joined(quotes[first], quotes[last])
            return apart([*quotes[:first], joined, *quotes[first + 1 : last], *quotes[last + 1 :]], first)
    return quotes


def _by_place(index: Index, retrieval: Retrieval, bounds: Bounds) -> Scores:
    """The scores of candidates that a quote begins with or grows by, by their document's number and their start."""
    near = retrieval.scores >= retrieval.scores.max() - bounds.further - bounds.grows
    positions = retrieval.candidates.positions[near]
    columns = (index.sentences.column(name, positions).tolist() for name in ("document", "start"))
    return dict(zip(zip(*columns, strict=True), retrieval.scores[near].tolist(), strict=True))


def _reach(
    document: Document, number: int, sentence: Passage, scores: Scores, growth: float, asked: bool
) -> tuple[int, int]:
    """The whole list or table of a record, else the sentence with the neighbours that answer nearly as well."""
    position = unit_at(document, sentence.start)
    if found := whole_list(document, position, asked):
        return found
    first = last = position
    best = scores[number, sentence.start]
    while last - first + 1 < MOST_SENTENCES:
        beside = [neighbour(document, first, -1), neighbour(document, last, 1)]
        known = [(scores.get((number, document.units[n].start), best - growth), -n) for n in beside if n is not None]
        score, chosen = max(known, default=(best - growth, 0))
        low, high = min(first, -chosen), max(last, -chosen)
        if score <= best - growth or document.units[high].end - document.units[low].start > LONGEST_GROWN:
            break
        first, last = low, high
    return widened(document, first, last)


def _holds(quote: Quote, sentence: Passage) -> bool:
    same = quote.sentence.document_id == sentence.document_id
    return same and quote.start <= sentence.start and sentence.end <= quote.end


def _touches(index: Index, one: Quote, other: Quote) -> bool:
    """Whether two quotes overlap, or follow each other in one section with only white space between.

    Rows of a table and items of a list each speak for themselves.
    """
    if one.sentence.document_id != other.sentence.document_id:
        return False
    if one.start < other.end and other.start < one.end:
        return True
    if one.sentence.section.kind is Kind.TABLE:
        return False
    document = index.documents[one.sentence.document_id]
    items = {item_at(document, quote.sentence.start) for quote in (one, other)} - {None}
    if len(items) > 1:
        return False
    text = document.text
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    length = max(one.end, other.end) - min(one.start, other.start)
    return one.sentence.section == other.sentence.section and not between.strip() and length <= LONGEST_JOINED


def _joined(one: Quote, other: Quote) -> Quote:
    """One quote over both, in the place of the first."""
    return Quote(one.position, one.sentence, min(one.start, other.start), max(one.end, other.end), one.score)
