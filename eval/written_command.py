"""The work of `bronvast eval --taalmodel`: both answers to every gold question, compared."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from corpus.errors import InputError
from eval.console import asking
from eval.gold import GoldFile
from eval.report import as_json
from eval.write import replace_file
from eval.written import figures, measure_pairs, supported_by_source
from eval.written_report import as_markdown, show
from qa.answer import Answerer
from qa.settings import Settings
from qa.written.open import with_language_model


def compare_written(
    answerer: Answerer, settings: Settings, files: Sequence[GoldFile], json_file: Path | None, page: Path | None
) -> bool:
    """Measure, show, and write the reports asked for. True when everything shown was quoted and supported.

    Raises InputError without a language model in the settings.
    """
    if not settings.taalmodel.url:
        raise InputError("Er is geen taalmodel ingesteld. Zet url en model onder [taalmodel]; zie docs/taalmodel.md.")
    console, log = Console(highlight=False, soft_wrap=True), Console(stderr=True, soft_wrap=True)
    writer = with_language_model(answerer, settings.taalmodel, log.print)
    questions = [question for file in files for question in file.questions]
    with asking(log) as progress:
        pairs = measure_pairs(writer, questions, progress)
    found = figures(pairs)
    text = as_markdown(found, settings.taalmodel.model, ", ".join(file.name for file in files))
    show(console, text)
    if json_file:
        replace_file(json_file, as_json(found))
    if page:
        replace_file(page, text)
    documents = answerer.index.documents
    verbatim = all(supported_by_source(pair.written, documents) for pair in pairs)
    return verbatim and not found["numbers without quote"]
