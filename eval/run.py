"""Asks the gold questions."""

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import InputError
from eval.gold import GoldQuestion, bundled_gold, load_gold
from eval.measures import Outcome
from qa.answer import Answerer


def gold_for(answerer: Answerer, chosen: Path | None) -> list[GoldQuestion]:
    """The questions of a file, or those in the package about the indexed documents.

    Raises InputError when a file's questions, or all of the package's, are about other documents.
    """
    known = {document.sha256 for document in answerer.index.documents.values()}
    if chosen is not None:
        questions = load_gold(chosen)
        strange = [q.id for q in questions if q.document_sha256 not in known]
        if strange:
            raise InputError(
                f"{chosen}: deze vragen gaan over een document dat niet in de index staat: {', '.join(strange[:10])}. "
                f"Indexeer dat document, of pas document_sha256 aan."
            )
        return questions
    questions = [q for path in bundled_gold() for q in load_gold(path) if q.document_sha256 in known]
    if not questions:
        raise InputError(
            "Er zijn geen gouden vragen over de documenten in de index. Geef een bestand: bronvast eval GOUD.jsonl"
        )
    return questions


def run(answerer: Answerer, questions: Sequence[GoldQuestion]) -> list[Outcome]:
    """Answer every question, in order."""
    documents = {document.sha256: document for document in answerer.index.documents.values()}
    return [Outcome(gold, answerer.answer(gold.question), documents[gold.document_sha256]) for gold in questions]
