"""Hits in, quotes out: the sentences of the best passages that answer, whole and with what they lean on."""

import re
from dataclasses import dataclass, replace

from corpus.model import Kind, Passage, Unit, UnitKind
from index.store import Index
from qa.question import asks_all, asks_meaning, counted_things, counts, expected_kind, gives
from qa.retrieve import Retrieval, Retriever

PASSAGES_READ = 10
MOST_QUOTES = 3
LONGEST_LIST, LONGEST_UNASKED_LIST = 1400, 500
LONGEST_JOINED = 700
# In cosine; e5's cosines of good and bad sentences lie about 0.05 apart.
RANK_WEIGHT = 0.016
# What was written for a place, beside the cosine of the sentence itself.
ASKED_WEIGHT, RESTATED_WEIGHT = 0.7, 0.6
KIND_BONUS = 0.05
COUNT_BONUS = 0.05
FOOTNOTE_PENALTY = 0.015
REFERENCE_PENALTY = 0.05
# A summary says the same in fewer words: between equals the chapter that explains is quoted.
SUMMARY_PENALTY = 0.02
SUMMARY = re.compile(r"(management|publieks)?samenvatting|summary", re.IGNORECASE)
# A second quote must come this close to the first, or it only distracts.
MARGIN = 0.1
# A sentence that only sends the reader elsewhere.
BARE_REFERENCE = re.compile(r"\W*(zie|vgl|bron|idem)\b", re.IGNORECASE)
# A sentence that opens like this cannot be understood alone.
LOOSE_START = re.compile(
    r"((al|bij|door|in|met|op|van|voor) )?"
    r"(dit|deze|dat|die|zij|ze|hij|het gaat|hier|hierbij|hierdoor|hiervoor|daar|daarbij|daarom|daardoor|daarvoor|"
    r"daarmee|daarnaast|daarin|zo|ook|wel|toch|echter|volgens (hem|haar|hen))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A span to quote, the passage it was found in, and how well its best sentence matches the question."""

    passage: Passage
    start: int
    end: int
    score: float


def select_quotes(retriever: Retriever, retrieval: Retrieval) -> list[Quote]:
    """One to MOST_QUOTES quotes of different places, best first."""
    index = retriever.index
    quotes: list[Quote] = []
    for score, sentence, passage in _ranked_sentences(retriever, retrieval):
        if quotes and score < quotes[0].score - MARGIN:
            break
        quote = Quote(passage, *_extend(index, sentence, asks_all(retrieval.question)), score)
        beside = next((n for n, other in enumerate(quotes) if _touches(index, other, quote)), None)
        if beside is None:
            quotes.append(quote)
        else:
            quotes[beside] = _joined(quotes[beside], quote)
        if len(quotes) == MOST_QUOTES:
            break
    return quotes


def _ranked_sentences(retriever: Retriever, retrieval: Retrieval) -> list[tuple[float, Passage, Passage]]:
    """(score, sentence, the best passage that holds it), best first, ties by place in the document."""
    index = retriever.index
    holder: dict[int, tuple[int, Passage]] = {}
    for hit in retrieval.hits[:PASSAGES_READ]:
        for position in retriever.sentences_in(hit.passage):
            holder.setdefault(position, (hit.rank, hit.passage))
    positions = sorted(holder)
    cosines = index.dense_sentences.scores(retrieval.vector, positions)
    kind, counted = expected_kind(retrieval.question), counted_things(retrieval.question)
    ranked = []
    for position, cosine in zip(positions, cosines, strict=True):
        sentence, (rank, passage) = index.sentences[position], holder[position]
        score = cosine - RANK_WEIGHT * (rank - 1)
        score += _written_for(retriever, retrieval, position)
        if kind and gives(index.text(sentence), kind):
            score += KIND_BONUS
        if counts(index.text(sentence), counted):
            score += COUNT_BONUS
        if sentence.section.kind is Kind.FOOTNOTE and not asks_meaning(retrieval.question):
            score -= FOOTNOTE_PENALTY
        if SUMMARY.fullmatch(sentence.section.path[0]):
            score -= SUMMARY_PENALTY
        if BARE_REFERENCE.match(index.text(sentence)):
            score -= REFERENCE_PENALTY
        ranked.append((score, sentence, passage))
    return sorted(ranked, key=lambda item: (-item[0], item[1].document_id, item[1].start))


def _written_for(retriever: Retriever, retrieval: Retrieval, position: int) -> float:
    """How far what was written for a sentence's place matches the question, above the mean of all places."""
    signals, own = retrieval.signals, retriever.sentence_spans
    if signals is None or not retriever.weights.asked or not own[position]:
        return 0.0
    values = ASKED_WEIGHT * signals.questions + RESTATED_WEIGHT * signals.restatement
    return max(float(values[span]) for span in own[position]) - float(values.mean())


def _extend(index: Index, sentence: Passage, whole: bool) -> tuple[int, int]:
    """The whole of a short list or table, the list a sentence announces, the sentence before a loose start."""
    document = index.documents[sentence.document_id]
    position = next(n for n, unit in enumerate(document.units) if unit.start == sentence.start)
    unit = document.units[position]
    if unit.kind is UnitKind.ROW or _is_record(document.text, unit):
        first, last = _run(document.text, document.units, position)
        start, end = document.units[first].start, document.units[last].end
        if end - start <= (LONGEST_LIST if whole else LONGEST_UNASKED_LIST):
            return (start if first == last else _with_bullet(document.text, start)), end
    start, end = sentence.start, _with_list(document.text, document.units, position)
    before = document.units[position - 1] if position else None
    if before and before.section == unit.section and LOOSE_START.match(document.text, start):
        start = before.start
    return start, end


def _with_list(text: str, units: tuple[Unit, ...], position: int) -> int:
    """The end of a sentence, or of the list it announces with a colon: as many whole items as may be quoted."""
    first = units[position]
    end = first.end
    if text[end - 1] != ":":
        return end
    for unit, following in zip(units[position + 1 :], [*units[position + 2 :], None], strict=False):
        if unit.kind is not UnitKind.ITEM or unit.section != first.section or unit.end - first.start > LONGEST_LIST:
            break
        if following is None or "\n" in text[unit.end : following.start]:
            end = unit.end
    return end


def _with_bullet(text: str, start: int) -> int:
    """Where the line of an item starts, its bullet included: in a list all items look alike."""
    line = text.rfind("\n", 0, start) + 1
    return start if any(letter.isalnum() for letter in text[line:start]) else line


def _is_record(text: str, unit: Unit) -> bool:
    """Whether a list item is a name or a term rather than a sentence."""
    return unit.kind is UnitKind.ITEM and text[unit.end - 1] not in ".!?;:"


def _run(text: str, units: tuple[Unit, ...], position: int) -> tuple[int, int]:
    """First and last unit of the table or list of records around a unit."""

    def alike(other: Unit) -> bool:
        same = other.section == units[position].section and other.kind is units[position].kind
        return same and (other.kind is UnitKind.ROW or _is_record(text, other))

    first = last = position
    while first and alike(units[first - 1]):
        first -= 1
    while last + 1 < len(units) and alike(units[last + 1]):
        last += 1
    return first, last


def _touches(index: Index, one: Quote, other: Quote) -> bool:
    """Whether two quotes overlap, or follow each other in one section with only white space between.

    Rows of a table each speak for themselves.
    """
    if one.passage.document_id != other.passage.document_id:
        return False
    if one.start < other.end and other.start < one.end:
        return True
    if one.passage.section.kind is Kind.TABLE:
        return False
    text = index.documents[one.passage.document_id].text
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    length = max(one.end, other.end) - min(one.start, other.start)
    return one.passage.section == other.passage.section and not between.strip() and length <= LONGEST_JOINED


def _joined(one: Quote, other: Quote) -> Quote:
    """One quote over both, in the place of the first."""
    return replace(one, start=min(one.start, other.start), end=max(one.end, other.end))
