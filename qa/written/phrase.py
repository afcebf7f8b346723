"""The fixed Dutch sentences around a written answer."""

from collections.abc import Sequence

from qa.model import Citation
from qa.phrase import place_phrase
from qa.written.model import WrittenSentence
from qa.written.trouble import Trouble


def written_text(sentences: Sequence[WrittenSentence], citations: Sequence[Citation], note: str) -> str:
    """The sentences with their numbers, then each quote they stand on with its place, then what to know of it."""
    used = sorted({number for one in sentences for number in one.citations})
    several = len({citation.place.document for citation in citations}) > 1
    lines = []
    for number in used:
        citation = citations[number - 1]
        document = f"{citation.place.document_title}, " if several else ""
        lines.append(f"[{number}] {document}{place_phrase(citation.place)}: “{citation.quote}”")
    return "\n\n".join([said_text(sentences), *lines, *([note] if note else [])])


def said_text(sentences: Sequence[WrittenSentence]) -> str:
    """The sentences with their numbers."""
    return " ".join(f"{one.text} {marks(one.citations)}" for one in sentences)


def marks(numbers: Sequence[int]) -> str:
    """The numbers of citations as a reader sees them: "[1] [3]"."""
    return " ".join(f"[{number}]" for number in numbers)


def fallback_text(quotes: str, why: str) -> str:
    """The extractive answer, and why it is that."""
    return f"{quotes}\n\nDit zijn alleen de citaten: {why}."


def note_text(dropped: int, trouble: Trouble | None) -> str:
    """What a reader should know of an answer that lost sentences or was cut short; "" when it is whole."""
    lost = {0: "", 1: "Eén zin is weggelaten, want die volgde niet uit de citaten."}.get(
        dropped, f"{dropped} zinnen zijn weggelaten, want die volgden niet uit de citaten."
    )
    cut = f"Het antwoord is misschien niet af: {trouble}." if trouble else ""
    return " ".join(part for part in (lost, cut) if part)
