"""What `bronvast gold check` says: every error and oddity by line, and what no question is about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from corpus.errors import InputError
from corpus.model import Document
from eval.audit import coverage, errors_against, twins
from eval.find import one_line
from eval.gold import GoldFile, GoldQuestion, bundled_gold, listed, read_gold

out = Console(highlight=False, soft_wrap=True)
SHOWN = 60


def check_files(paths: Sequence[Path], documents: Mapping[str, Document], window: int, stride: int) -> bool:
    """Print everything about these files, or about those in the package; whether all is well."""
    read = [_read(path) for path in paths or bundled_gold()]
    files = [file for file in read if file is not None]
    good = [_check_file(file, documents, strict=bool(paths)) for file in files]
    questions = [question for file in files for question in file.questions]
    double = [name for name, count in Counter(question.id for question in questions).items() if count > 1]
    if double:
        out.print(f"Fout: deze id staat in meer dan een bestand: {', '.join(double)}", markup=False)
    for one, other, likeness in twins(questions):
        out.print(f"Let op: {one.id} en {other.id} lijken op elkaar ({likeness:.0%} dezelfde woorden).", markup=False)
    for sha256 in dict.fromkeys(question.document_sha256 for question in questions):
        if sha256 in documents:
            _show_coverage(questions, documents[sha256], window, stride)
    return len(files) == len(read) and all(good) and not double


def _read(path: Path) -> GoldFile | None:
    """The file, or None after its errors are printed: the other files are still checked."""
    try:
        return read_gold(path)
    except InputError as error:
        out.print(f"Fout: {error}", markup=False)
        return None


def _check_file(file: GoldFile, documents: Mapping[str, Document], strict: bool) -> bool:
    wrong = errors_against(file.questions, documents)
    elsewhere = [question.line for question in file.questions if question.document_sha256 not in documents]
    if elsewhere and strict:
        for line in elsewhere:
            wrong.setdefault(line, []).append("gaat over een document dat hier niet is; geef het met --document")
    answerable = sum(question.answerable for question in file.questions)
    out.print(f"{file.path}: {len(file.questions)} vragen, {answerable} met antwoord", markup=False)
    if elsewhere and not strict:
        out.print(
            f"  {len(elsewhere)} vragen gaan over een document dat hier niet is: alleen de vorm is gecontroleerd."
        )
    if wrong:
        out.print(f"  Fout:{listed(dict(sorted(wrong.items())))}", markup=False)
    for title, counted in (("soort", "kind"), ("stijl", "style")):
        counts = Counter(getattr(question, counted) or "geen" for question in file.questions)
        out.print(f"  {title}: {', '.join(f'{name} {count}' for name, count in counts.most_common())}", markup=False)
    return not wrong


def _show_coverage(questions: Sequence[GoldQuestion], document: Document, window: int, stride: int) -> None:
    seen = coverage(questions, document, window, stride)
    touched = len(seen.passages) - len(seen.untouched_passages)
    out.print(f"\n{document.title}: vragen raken {touched} van {len(seen.passages)} passages.", markup=False)
    if seen.untouched_sections:
        out.print("Over deze delen gaat geen vraag:")
    for section in seen.untouched_sections:
        page = document.pages(section.start, section.end)[0]
        title = "" if section.path[-1].endswith(section.title) else f" {section.title}"
        out.print(f"  p. {page}: {' > '.join(section.path)}{title}", markup=False)
    if seen.untouched_passages:
        out.print("Over deze passages gaat geen vraag (plaats in de bron, eerste woorden):")
    for passage in seen.untouched_passages:
        start = document.source_spans(passage.start, passage.end)[0][0]
        words = one_line(document.text[passage.start : passage.end])[:SHOWN]
        out.print(f"  p. {passage.page[0]}, {start}: {words}…", markup=False)
