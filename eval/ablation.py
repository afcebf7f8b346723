"""What each ranking brings: the same questions through every variant of the retriever, as a table for the docs."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from pathlib import Path
from statistics import fmean

from corpus.errors import InputError
from eval.bench.external import FOLDER, external_index, load_questions
from eval.bench.retrieval import measure_variant
from eval.gold import GoldFile
from eval.measures import Scores, score
from eval.noise import paired_p
from eval.run import run
from eval.wording import chance_words, figure_words
from eval.write import replace_file
from index.manifest import recipe_of
from qa.answer import Answerer
from qa.retrieve import Retriever, Weights
from qa.written.options import LanguageModelOptions

VARIANTS = {
    "alleen woorden (BM25)": Weights(0, 0, 1, 0, 0, 0),
    "alleen passages (vectoren)": Weights(1, 0, 0, 0, 0, 0),
    "alleen zinnen (vectoren)": Weights(0, 1, 0, 0, 0, 0),
    "passages + woorden": Weights(1, 0, 0.5, 0, 0, 0),
    "passages + zinnen": Weights(1, 1, 0, 0, 0, 0),
    "passages + zinnen + woorden": Weights(1, 1, 0.5, 0, 0, 0),
    "alles, met verrijking waar die er is": Weights(),
}
WHOLE = "alles, met verrijking waar die er is"
COLUMNS = {
    "goed": "right",
    "eerste citaat antwoordt": "answering quote at 1",
    "hit@1": "passage hit@1",
    "hit@5": "passage hit@5",
    "nDCG@10": "nDCG@10",
    "MRR": "MRR",
}
INTRO = """\
# Wat elke zoekmethode bijdraagt

Gemaakt met `bronvast eval --ablate`. Elke rij stelt dezelfde vragen met een andere manier van zoeken. De laatste rij is
wat Bronvast gebruikt. De kolom p vergelijkt nDCG@10 per vraag met die rij: onder 0,05 is het verschil
waarschijnlijk geen toeval.
"""


def write_ablation(
    answerer: Answerer,
    files: Sequence[GoldFile],
    path: Path,
    notify: Callable[[str], None],
    helped: Mapping[str, Answerer] | None = None,
) -> None:
    """Measure every variant and write the table. Raises InputError when there is no folder for it.

    `helped` are answerers that a language model helps to search: rows of their own, on the gold alone.
    """
    if not path.parent.is_dir():
        raise InputError(f"{path}: de map {path.parent} bestaat niet. Kies een plek met: --ablate --markdown BESTAND")
    parts = [INTRO, *gold_table(answerer, files, notify, helped or {})]
    if (FOLDER / "queries.jsonl").is_file():
        parts += external_table(answerer, notify)
    else:
        parts.append(f"De externe set xquad-nl stond bij deze meting niet in `{FOLDER}`.\n")
    replace_file(path, "\n".join(parts))
    notify(f"Geschreven: {path}")


def helped_variants(answerer: Answerer, options: LanguageModelOptions) -> dict[str, Answerer]:
    """The answerer with each kind of help that a language model can give to a search. Raises InputError without one."""
    from qa.written.open import searching_with
    from qa.written.servers import open_model

    if not options.url:
        raise InputError("Er is geen taalmodel ingesteld. Zet url en model onder [taalmodel]; zie docs/taalmodel.md.")
    asked = {
        "vraag aangevuld (rewrite)": {"rewrite": True, "expand": "off"},
        "andere vragen erbij (expand = multi)": {"rewrite": False, "expand": "multi"},
        "bedachte alinea erbij (expand = hyde)": {"rewrite": False, "expand": "hyde"},
    }
    return {
        f"{name}, door {options.model}": searching_with(answerer, open_model(options.model_copy(update=changes)))
        for name, changes in asked.items()
    }


def gold_table(
    answerer: Answerer, files: Sequence[GoldFile], notify: Callable[[str], None], helped: Mapping[str, Answerer]
) -> list[str]:
    """The variants over the gold, as lines of Markdown."""
    questions = [question for file in files for question in file.questions]
    found: dict[str, list[Scores]] = {}
    for name, weights in VARIANTS.items():
        notify(f"Gouden vragen: {name}")
        found[name] = score(run(with_weights(answerer, weights), questions))
    for name, other in helped.items():
        notify(f"Gouden vragen: {name}")
        found[name] = score(run(other, questions))
    rows = [
        [name, *(_mean(scores, measure) for measure in COLUMNS.values()), _p(scores, found[WHOLE])]
        for name, scores in found.items()
    ]
    names = ", ".join(file.name for file in files)
    return [f"## Gouden vragen ({names}: {len(questions)})\n", *_table(["variant", *COLUMNS, "p"], rows), ""]


def external_table(answerer: Answerer, notify: Callable[[str], None]) -> list[str]:
    """The variants over xquad-nl, which has nothing to do with any report."""
    questions = load_questions()
    encoder = answerer.retriever.encoder
    rows = []
    with external_index(encoder, recipe_of(answerer.index.manifest)) as index:
        for name, weights in VARIANTS.items():
            notify(f"xquad-nl: {name}")
            figures = measure_variant(Retriever(index, encoder, weights), questions)
            rows.append([name, *(figure_words(figure) for figure in figures)])
    header = ["variant", "accuracy@1", "hit@5", "MRR@10", "eerste citaat bevat het antwoord"]
    return [f"## xquad-nl ({len(questions)} vragen over alinea's uit Wikipedia)\n", *_table(header, rows), ""]


def with_weights(answerer: Answerer, weights: Weights) -> Answerer:
    """The same answerer with another balance between the rankings."""
    other = copy(answerer)
    other.retriever = Retriever(answerer.index, answerer.retriever.encoder, weights)
    return other


def _mean(scores: Sequence[Scores], measure: str) -> str:
    return figure_words(fmean(found[measure] for found in scores if measure in found))


def _p(scores: Sequence[Scores], whole: Sequence[Scores]) -> str:
    if scores is whole:
        return ""
    both = zip(scores, whole, strict=True)
    return chance_words(paired_p([a["nDCG@10"] - b["nDCG@10"] for a, b in both if "nDCG@10" in a]))


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
