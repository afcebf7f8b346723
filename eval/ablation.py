"""What each ranking brings: the same questions through every variant of the retriever, as a table for the docs."""

import time
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from corpus.errors import InputError
from eval.bench.external import FOLDER, external_index, load_questions
from eval.bench.retrieval import measure_variant
from eval.fit import Example, examples, fit
from eval.gold import GoldFile
from eval.measures import Scores, score
from eval.noise import bootstrap, paired_p
from eval.run import gold_for, run
from eval.wording import chance_words, figure_words
from eval.wordings import WORDINGS, RewordingRetriever, Wording
from eval.write import replace_file
from index.encode import Encoder
from index.manifest import recipe_of
from index.store import Index
from qa.answer import Answerer
from qa.retrieve import Retriever
from qa.signals import PLAIN, SIGNALS, WRITTEN
from qa.weights import Weights, weights_of
from qa.written.options import LanguageModelOptions

ALL = "alles, met verrijking waar die er is"
VARIANTS = {
    "alleen woorden (BM25)": ("words",),
    "alleen zinnen (vectoren)": ("sentence",),
    "alleen vensters van drie zinnen (vectoren)": ("context",),
    "zinnen + vensters": ("sentence", "context"),
    "zinnen + vensters + woorden": ("sentence", "context", "words"),
    "zonder verrijking": PLAIN,
    "zonder het soort antwoord": tuple(name for name in SIGNALS if name != "kind"),
    "zonder vorm van de zin": tuple(name for name in SIGNALS if name not in ("loose", "length")),
    "zonder woorden van vragen": tuple(name for name in SIGNALS if name != "asked_words"),
    "zonder woorden ter plaatse": tuple(name for name in SIGNALS if name not in ("said", "said_near")),
    "zonder weergaven": tuple(name for name in SIGNALS if name != "restated"),
    ALL: SIGNALS,
}
COLUMNS = {
    "goed": "right",
    "eerste citaat antwoordt": "answering quote at 1",
    "hit@1": "passage hit@1",
    "hit@5": "passage hit@5",
    "nDCG@10": "nDCG@10",
    "MRR": "MRR",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """How signals are weighed, and other words to look for, if any."""

    weights: Weights
    wording: Wording | None = None

    def of(self, answerer: Answerer) -> Answerer:
        """The same answerer, as this variant has it."""
        other = with_weights(answerer, self.weights)
        if self.wording:
            other.retriever = self.over(answerer.index, answerer.retriever.encoder)
        return other

    def over(self, index: Index, encoder: Encoder) -> Retriever:
        """A retriever of this variant over an index."""
        if self.wording:
            return RewordingRetriever(index, encoder, self.wording, self.weights)
        return Retriever(index, encoder, self.weights)


INTRO = """\
# Wat elk signaal bijdraagt

Gemaakt met `bronvast eval --ablate`. Elke rij stelt dezelfde vragen met minder signalen, of zoekt andere woorden
(`eval/wordings.py`). De gewichten van elke rij zijn opnieuw bepaald op de dev-vragen, ook die van de laatste rij, met
alle signalen. De kolommen rechts vergelijken de eerste passage met die rij: het verschil, het interval van 95 % en de
kans dat het toeval is.
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
    variants = fitted_variants(answerer)
    parts = [INTRO, *gold_table(answerer, files, variants, notify, helped or {})]
    if (FOLDER / "queries.jsonl").is_file():
        parts += external_table(answerer, variants, notify)
    else:
        parts.append(f"De externe set xquad-nl stond bij deze meting niet in `{FOLDER}`.\n")
    replace_file(path, "\n".join(parts))
    notify(f"Geschreven: {path}")


def fitted_variants(answerer: Answerer) -> dict[str, Variant]:
    """Each variant with its own weights, fitted on the dev questions: a signal left out is not just set to nought."""
    questions = [q for file in gold_for(list(answerer.index.documents.values()), None, "dev") for q in file.questions]
    found = examples(answerer.retriever, questions)
    variants = {name: Variant(_fitted(found, signals)) for name, signals in VARIANTS.items()}
    for name, wording in WORDINGS.items():
        retriever = RewordingRetriever(answerer.index, answerer.retriever.encoder, wording)
        variants[name] = Variant(_fitted(examples(retriever, questions), SIGNALS), wording)
    return variants | {ALL: variants.pop(ALL)}


def _fitted(found: Sequence[Example], signals: Sequence[str]) -> Weights:
    plain = tuple(signal for signal in signals if signal not in WRITTEN)
    return weights_of({"enriched": fit(found, signals), "plain": fit(found, plain)})


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
    answerer: Answerer,
    files: Sequence[GoldFile],
    variants: Mapping[str, Variant],
    notify: Callable[[str], None],
    helped: Mapping[str, Answerer],
) -> list[str]:
    """The variants over the gold, as lines of Markdown."""
    questions = [question for file in files for question in file.questions]
    found: dict[str, list[Scores]] = {}
    spent: dict[str, float] = {}
    answerers = {name: variant.of(answerer) for name, variant in variants.items()} | dict(helped)
    for name, other in answerers.items():
        notify(f"Gouden vragen: {name}")
        started = time.perf_counter()
        found[name] = score(run(other, questions))
        spent[name] = (time.perf_counter() - started) / len(questions) * 1000
    rows = [
        [
            name,
            *(_mean(scores, measure) for measure in COLUMNS.values()),
            *_gain(scores, found[ALL]),
            f"{spent[name]:.0f}",
        ]
        for name, scores in found.items()
    ]
    names = ", ".join(file.name for file in files)
    header = ["variant", *COLUMNS, "hit@1 tegen alles", "95 %", "p", "ms per vraag"]
    return [f"## Gouden vragen ({names}: {len(questions)})\n", *_table(header, rows), ""]


def external_table(answerer: Answerer, variants: Mapping[str, Variant], notify: Callable[[str], None]) -> list[str]:
    """The variants over xquad-nl, which has nothing to do with any report and no enrichment."""
    questions = load_questions()
    encoder = answerer.retriever.encoder
    rows = []
    with external_index(encoder, recipe_of(answerer.index.manifest)) as index:
        for name, variant in variants.items():
            if set(VARIANTS.get(name, ())) & set(WRITTEN):
                continue
            notify(f"xquad-nl: {name}")
            figures = measure_variant(variant.over(index, encoder), questions)
            rows.append([name, *(figure_words(figure) for figure in figures)])
    header = ["variant", "accuracy@1", "hit@5", "MRR@10", "eerste citaat bevat het antwoord"]
    return [f"## xquad-nl ({len(questions)} vragen over alinea's uit Wikipedia)\n", *_table(header, rows), ""]


def with_weights(answerer: Answerer, weights: Weights) -> Answerer:
    """The same answerer with another balance between the signals."""
    other = copy(answerer)
    other.retriever = copy(answerer.retriever)
    other.retriever.weights = weights
    return other


def _mean(scores: Sequence[Scores], measure: str) -> str:
    return figure_words(fmean(found[measure] for found in scores if measure in found))


def _gain(scores: Sequence[Scores], whole: Sequence[Scores]) -> list[str]:
    """How much better the first passage is than with everything: the difference, its interval and its chance."""
    if scores is whole:
        return ["", "", ""]
    both = zip(scores, whole, strict=True)
    gains = [a["passage hit@1"] - b["passage hit@1"] for a, b in both if "passage hit@1" in a]
    low, high = bootstrap(gains)
    return [_signed(fmean(gains)), f"{_signed(low)} tot {_signed(high)}", chance_words(paired_p(gains))]


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace(".", ",")


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
