"""Gold against its documents: what is wrong, what looks odd, and what no question touches."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Document, Kind, Passage, Section
from corpus.passages import chunk
from eval.gold import GoldQuestion
from eval.measures import overlaps
from index.sparse import stems

NAMED = (Kind.CHAPTER, Kind.BOX, Kind.TABLE, Kind.FOOTNOTE)
# Two questions that share this part of their words (Jaccard) ask the same in other order. Above MOST questions only
# those with exactly the same words are found, so that a check stays quick.
ALIKE = 0.8
SHORTEST = 3
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the spans of a gold set touch in a document: its named parts and its passages."""

    sections: tuple[Section, ...]
    untouched_sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    untouched_passages: tuple[Passage, ...]


def section_names(document: Document) -> set[str]:
    """The names a gold question may use: chapters, boxes, tables and footnotes."""
    return {section.label for section in document.sections if section.kind in NAMED}


def errors_against(questions: Iterable[GoldQuestion], documents: Mapping[str, Document]) -> dict[int, list[str]]:
    """Line to what is wrong with it; `documents` by hash. Questions about other documents are passed over."""
    names = {sha256: section_names(document) for sha256, document in documents.items()}
    wrong: dict[int, list[str]] = {}
    for question in questions:
        if document := documents.get(question.document_sha256):
            found = [*_span_errors(question, document), *_section_errors(question, names[question.document_sha256])]
            if found:
                wrong[question.line] = found
    return wrong


def _span_errors(question: GoldQuestion, document: Document) -> Iterator[str]:
    for start, end in question.spans:
        words = document.source[start:end]
        if end > len(document.source):
            yield f"span [{start}, {end}] ligt buiten het document ({len(document.source)} tekens)"
        elif not any(letter.isalnum() for letter in words):
            yield f"span [{start}, {end}] bevat geen woorden"
        elif words != words.strip():
            yield f"span [{start}, {end}] begint of eindigt met wit"
    if len(set(question.spans)) < len(question.spans):
        yield "dezelfde span staat er twee keer in"


def _section_errors(question: GoldQuestion, names: set[str]) -> Iterator[str]:
    if unknown := sorted(set(question.sections) - names):
        yield f"dit deel kent het document niet: {', '.join(unknown)}"
    if question.answerable and not question.sections:
        yield "een vraag met antwoord noemt geen deel (sections)"


def twins(questions: Sequence[GoldQuestion]) -> list[tuple[GoldQuestion, GoldQuestion, float]]:
    """Pairs of questions with nearly the same words, and how alike they are; found without comparing every pair.

    Two sets that are ALIKE share one of the rarest words of each (prefix filtering: Chaudhuri et al., 2006).
    """
    words = [frozenset(found) for found in stems([" ".join(question.turns) for question in questions])]
    counts = Counter(word for found in words for word in found)
    rare = [sorted(found, key=lambda word: (counts[word], word)) for found in words]
    holders: dict[str, list[int]] = {}
    pairs = []
    for here, found in enumerate(rare):
        first = _prefix(found, everything=len(rare) > MOST)
        for there in sorted({n for word in first for n in holders.get(word, ())}):
            likeness = len(words[here] & words[there]) / len(words[here] | words[there])
            if likeness >= ALIKE:
                pairs.append((questions[there], questions[here], likeness))
        for word in first:
            holders.setdefault(word, []).append(here)
    return pairs


def _prefix(rarest_first: Sequence[str], everything: bool) -> Sequence[str]:
    """The words of which two sets that are ALIKE share at least one, or the whole set as one word.

    Nothing for a set too short to say anything.
    """
    count = len(rarest_first)
    if count < SHORTEST:
        return ()
    return [" ".join(rarest_first)] if everything else rarest_first[: count - math.ceil(ALIKE * count) + 1]


def coverage(questions: Iterable[GoldQuestion], document: Document, window: int, stride: int) -> Coverage:
    """What the answerable questions about a document touch."""
    spans = sorted({span for q in questions if q.document_sha256 == document.sha256 for span in q.spans})
    passages = chunk(document, window, stride)
    sections = [section for section in document.sections if section.kind in (*NAMED, Kind.SUBHEADING)]

    def touched(start: int, end: int) -> bool:
        place = document.source_spans(start, end)
        return any(overlaps(place, span) for span in spans)

    return Coverage(
        tuple(sections),
        tuple(s for s in sections if not touched(s.start, s.end)),
        tuple(passages),
        tuple(p for p in passages if not touched(p.start, p.end)),
    )
