"""Finds the gold about the indexed documents, and asks it."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.errors import InputError
from corpus.model import Document
from eval.gold import GoldFile, GoldQuestion, bundled_gold, listed, read_gold
from eval.outcome import Outcome, Place, failed, outcome_of
from qa.answer import Answerer

Progress = Callable[[int, int], None]
Ask = Callable[[GoldQuestion], Outcome]


def gold_for(documents: Sequence[Document], chosen: Path | None, split: str = "") -> list[GoldFile]:
    """The chosen file, or those in the package about these documents; with `split` only files of that split.

    A file whose name says no split belongs to both. Raises InputError when nothing is left, or when a question points
    into another document or outside its own.
    """
    files = [read_gold(path) for path in ([chosen] if chosen else bundled_gold())]
    known = {document.sha256 for document in documents}
    if chosen is None:
        files = [file for file in files if known & {question.document_sha256 for question in file.questions}]
    files = [file for file in files if not split or file.split in ("", split)]
    if not files:
        which = f" in het deel {split}" if split else ""
        raise InputError(
            f"Er zijn geen gouden vragen{which} over de documenten in de index. Geef een bestand: "
            f"bronvast eval GOUD.jsonl; of maak een vraag met: bronvast gold add"
        )
    for file in files:
        check_places(file, documents)
    counts = Counter(question.id for file in files for question in file.questions)
    if double := [name for name, count in counts.items() if count > 1]:
        raise InputError(f"Deze id staat in meer dan een bestand met gouden vragen: {', '.join(double)}.")
    return files


def check_places(file: GoldFile, documents: Sequence[Document]) -> None:
    """Raise InputError that names every line whose document is unknown or whose span lies outside it."""
    lengths = {document.sha256: len(document.source) for document in documents}
    wrong: dict[int, list[str]] = {}
    for question in file.questions:
        length = lengths.get(question.document_sha256)
        if length is None:
            wrong[question.line] = [f"dit document staat niet in de index: {question.document_sha256[:12]}"]
        elif any(end > length for _, end in question.spans):
            wrong[question.line] = [f"een span ligt buiten het document, dat {length} tekens heeft"]
    if wrong:
        raise InputError(
            f"{file.path}: {listed(wrong)}\nIndexeer dat document, of wijs de plaats opnieuw aan met: bronvast gold add"
        )


def run(answerer: Answerer, questions: Sequence[GoldQuestion], progress: Progress | None = None) -> list[Outcome]:
    """Answer every question, in order."""
    ask = asker(answerer)
    outcomes = []
    for number, gold in enumerate(questions, 1):
        outcomes.append(ask(gold))
        if progress:
            progress(number, len(questions))
    return outcomes


def asker(answerer: Answerer) -> Ask:
    """Asks gold questions in this process. One on which the program breaks fails alone."""
    documents = {document.sha256: document for document in answerer.index.documents.values()}
    places = passage_places(answerer, documents)

    def ask(gold: GoldQuestion) -> Outcome:
        document = documents[gold.document_sha256]
        try:
            record = answerer.answer(gold.question, gold.earlier).to_record(gold.id, 0.0)
            return outcome_of(gold, record, document, places[gold.document_sha256])
        except Exception as error:  # a broken answer is a measurement too, and must not hide the others
            return failed(gold, error, document)

    return ask


def passage_places(answerer: Answerer, documents: dict[str, Document]) -> dict[str, dict[str, Place]]:
    """Document hash to passage id to source spans."""
    hashes = {document.id: sha256 for sha256, document in documents.items()}
    places: dict[str, dict[str, Place]] = {sha256: {} for sha256 in documents}
    for passage in answerer.index.passages:
        sha256 = hashes[passage.document_id]
        places[sha256][passage.id] = documents[sha256].source_spans(passage.start, passage.end)
    return places
