"""What a model gets to read: the question and numbered passages, as data."""

from collections.abc import Sequence

from qa.model import Answer, FoundPassage
from qa.written.prompts import fenced
from qa.written.snap import usable

LONGEST_PASSAGE = 2500


def passages_for(answer: Answer, most: int) -> list[FoundPassage]:
    """The passages that hold the quotes, then the best others, at most `most`; none that gives a model orders."""
    quoted = {citation.passage_id for citation in answer.citations}
    ranked = sorted(answer.passages, key=lambda found: (found.hit.passage.id not in quoted, found.hit.rank))
    return [found for found in ranked if usable(found.text)][:most]


def question_and_passages(question: str, passages: Sequence[FoundPassage]) -> str:
    """The message that a model answers; passages are numbered from 1."""
    rows = [
        {"nummer": number, "kop": _heading(found), "tekst": found.text[:LONGEST_PASSAGE]}
        for number, found in enumerate(passages, 1)
    ]
    return fenced(vraag=question, passages=rows)


def _heading(found: FoundPassage) -> str:
    place = found.place
    parts = [place.chapter_title, place.heading, *place.sections[1:]]
    return " > ".join(dict.fromkeys(part for part in parts if part))
