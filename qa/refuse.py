"""Decides whether what was found answers the question, says how sure it is, and why not.

A logistic model of a few signals, read from `qa/data/refusal.json`, which `bronvast calibrate` makes from gold
questions. An index with enrichment has its own model: a question is best compared with questions. So has one with
questions that have no answer.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import InputError
from corpus.model import Kind
from index.documents import YEAR
from index.sparse import stems, stems_of
from qa.around import covered, missing_numbers, surroundings
from qa.bearing import LEAST_SAID, MOST_SAID, bears
from qa.model import Reason
from qa.quotes import Quote
from qa.retrieve import Retrieval, Retriever
from qa.sentence import Expected, counts, gives, speaks_of_sums
from qa.signals import SIGNALS

FILE = "refusal.json"
# Below this part of the threshold a question is not even about the same subject, unless the documents, or what was
# written for them, have this part of its words. Of the dev questions that are refused it calls 37 of 45 about something
# else so, and 17 of 76 that are nearly answered; the first bound alone 41 and 53.
FAR, KNOWN_SUBJECT = 0.5, 0.75
# A question assumes what is not so when one that was written to do that lies this much nearer, in cosine, than one that
# only asks for more: so 23 of the 39 dev questions that do and are refused, and 5 of 206 other refused ones.
ASSUMES = 0.04
# Odds beyond this are no odds any more, and more than a float can hold.
FARTHEST = 700.0
# What brings more than any feature, in log-odds: a question names a part ("tabel 2"), so who asks has the document at
# hand; or it asks for a sum of money and no quote gives one.
SURE = {"absent_part": -2 * FARTHEST, "whole_part": 20.0, "known_part": 1.0, "no_sum": -20.0}
NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w-]{2,}")

FEATURES = (
    "asked",  # cosine of the best question that was written for any place
    "restated",  # cosine of the best restatement
    "height",  # how many spreads the best cosine of the text lies above what unrelated questions reach
    "known",  # share of the question's stems, by rarity, that the text has
    "known_anywhere",  # the same with what was written for it
    "lead",  # log of the best sentence's share of all odds
    "words",  # best BM25 of a context
    "gives",  # 1 when the first quote holds the kind of thing asked for; not for a sum of money, see SURE
    "uncounted",  # 1 when "hoeveel" asks for a count that no quote gives
    "strange_name",  # names in the question that nothing knows
    "strange_year",  # years in the question that no document has
    "size",  # natural logarithm of the number of stems and one
    "weight",  # rarity of all stems of the question together
    "around",  # share of the question's stems, by rarity, that stand around a quote or were asked of that place
    "missing_number",  # numbers in the question that stand around no quote
    "sentence",  # how many spreads the cosine of the best sentence lies above the mean of all sentences
    "words_share",  # best BM25 of a context, for each unit of the question's weight
    "bears",  # log-odds that the best sentence answers, by a small model that reads both; 0 when not read
    "unanswered",  # how far it lies among questions that have no answer, written or about everyday life, 0 to 1
)
CONTRASTED = FEATURES
ENRICHED = tuple(name for name in FEATURES if name != "unanswered")
PLAIN = tuple(name for name in ENRICHED if name not in ("asked", "restated", "known_anywhere"))
# A model for each kind of index, with the features it has.
MODELS = {"contrasted": CONTRASTED, "enriched": ENRICHED, "plain": PLAIN}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How sure an answer is, between 0 and 1, and why it must not be given; None when it may.

    `found` are the features that count, `shares` what each brings; with `constant` they add up to the log-odds of
    `confidence`, which must reach `threshold`.
    """

    confidence: float
    reason: Reason | None
    found: Mapping[str, float]
    shares: Mapping[str, float]
    constant: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Judge:
    """Models by their name in MODELS: {"features": {name: coefficient}, "constant", "threshold"}.

    Without "contrasted", as in a file from before there was such a thing, "enriched" takes its place.
    """

    models: Mapping[str, Mapping[str, Any]]

    def judge(
        self, retriever: Retriever, retrieval: Retrieval, quotes: Sequence[Quote], threshold: float | None
    ) -> Verdict:
        """Whether to answer; `threshold` takes the place of the fitted one."""
        kind = model_for(retriever, retrieval)
        model = self.models.get(kind) or self.models["enriched"]
        least = model["threshold"] if threshold is None else threshold
        found = _features(retriever, retrieval, quotes)
        found["bears"] = bears(retriever, retrieval, quotes) if _matters(model, found, least) else 0.0
        shares = {name: weight * found[name] for name, weight in model["features"].items()}
        about = _likely(model["constant"] + sum(shares.values()))
        if sure := _sure_sign(retriever, retrieval, quotes):
            found[sure] = 1.0
            shares[sure] = SURE[sure]
        total = model["constant"] + sum(shares.values())
        confidence = _likely(total)
        assumes = contradicting(retrieval) is not None
        reason = None if confidence >= least else _why(found, about, least, _words(retriever, quotes), assumes)
        return Verdict(confidence, reason, {name: found[name] for name in shares}, shares, model["constant"], least)


def model_for(retriever: Retriever, retrieval: Retrieval | None = None) -> str:
    """The name in MODELS of what an index, or the documents of it that are searched, asks for.

    After a retrieval whose best sentence stands in a document without enrichment, what was written for others
    tells nothing.
    """
    if not retriever.written or (retrieval is not None and not _in_enriched(retrieval)):
        return "plain"
    return "contrasted" if retriever.signaller.contrasts else "enriched"


def load_judge(path: Path | None = None) -> Judge:
    """The models in a file, or those that ship with the program. Raises InputError when the file is not one."""
    if path is None:
        return Judge(json.loads(files("qa").joinpath("data", FILE).read_text(encoding="utf-8")))
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        models = {name: content[name] for name in MODELS if name in content or name != "contrasted"}
        for model in models.values():
            unknown = set(model["features"]) - set(FEATURES)
            if unknown or not 0 <= model["threshold"] <= 1:
                raise ValueError(f"onbekende kenmerken of drempel: {', '.join(sorted(unknown)) or model['threshold']}")
            numbers = [model["constant"], *model["features"].values()]
            if not all(math.isfinite(float(number)) for number in numbers):
                raise ValueError("een getal is oneindig of geen getal")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: dit is geen ijking ({error}). Maak er een met: bronvast calibrate") from error
    return Judge(models)


def contradicting(retrieval: Retrieval) -> int | None:
    """The enriched span that says something else than a question seems to assume, if it seems to assume anything."""
    contrast = retrieval.candidates.like.contrast
    return contrast.wrong if contrast.lead >= ASSUMES and _in_enriched(retrieval) else None


def _in_enriched(retrieval: Retrieval) -> bool:
    """Whether the best sentence stands in a document with enrichment."""
    return bool(retrieval.candidates.enriched[retrieval.scores.argmax()])


def features(retriever: Retriever, retrieval: Retrieval, quotes: Sequence[Quote]) -> dict[str, float]:
    """The value of every feature; 0 where an index has nothing written for its passages."""
    return {**_features(retriever, retrieval, quotes), "bears": bears(retriever, retrieval, quotes)}


def _matters(model: Mapping[str, Any], found: Mapping[str, float], least: float) -> bool:
    """Whether reading the sentence can change the verdict: it takes longer than embedding the question does."""
    weights = dict(model["features"])
    own = weights.pop("bears", 0.0)
    rest = model["constant"] + sum(weight * found[name] for name, weight in weights.items())
    low, high = sorted(rest + own * said for said in (LEAST_SAID, MOST_SAID))
    return bool(own) and (not 0 < least < 1 or low <= math.log(least / (1 - least)) <= high)


def _features(retriever: Retriever, retrieval: Retrieval, quotes: Sequence[Quote]) -> dict[str, float]:
    """All but what reading the sentence tells."""
    index, question = retriever.index, retrieval.question
    own = dict.fromkeys(stems_of(question.asked))  # no set: sums in another order differ in their last bits
    like = retrieval.candidates.like
    rarity = {stem: index.words.rarity(stem) for stem in own}
    everywhere = [stem for stem in own if retriever.knows(stem)]
    weight = sum(rarity.values())
    top = float(retrieval.scores.max())
    signals = retrieval.candidates.signals
    words = float(signals[:, SIGNALS.index("words")].max())
    quoted = _words(retriever, quotes)
    strange = [name for name in NAME.findall(question.text) if not set(stems([name])[0]).issubset(everywhere)]
    return {
        "asked": like.asked,
        "restated": like.restated,
        "height": retrieval.height,
        "known": retrieval.known,
        "known_anywhere": sum(rarity[stem] for stem in everywhere) / (weight or 1.0),
        "lead": -float(np.log(np.exp(retrieval.scores - top).sum())),
        "words": words,
        "gives": float(bool(quoted) and question.kind is not Expected.MONEY and question.gets(quoted[0])),
        "uncounted": float(bool(question.counted) and not any(counts(quote, question.counted) for quote in quoted)),
        "strange_name": float(len(strange)),
        "strange_year": float(len(set(YEAR.findall(question.text)) - retriever.years)),
        "size": math.log1p(len(own)),
        "weight": weight,
        "around": covered(retriever, quotes, rarity),
        "missing_number": float(missing_numbers(retriever, quotes, question.text)),
        "sentence": float(signals[retrieval.scores.argmax(), SIGNALS.index("sentence")]),
        "words_share": words / (weight or 1.0),
        "unanswered": like.contrast.share,
    }


def _likely(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -FARTHEST else 0.0


def _sure_sign(retriever: Retriever, retrieval: Retrieval, quotes: Sequence[Quote]) -> str:
    """What of SURE a question shows: a part it names is not there, it asks nothing else than a part, or also something
    else; or it asks for a sum that is not there. "" for any other.
    """
    if retriever.signaller.absent_parts(retrieval.question):
        return "absent_part"
    if retrieval.question.kind is Expected.MONEY and not any(_may_give_sum(retriever, quote) for quote in quotes):
        return "no_sum"
    if not retrieval.in_named:
        return ""
    return "whole_part" if retrieval.question.asks_part else "known_part"


def _may_give_sum(retriever: Retriever, quote: Quote) -> bool:
    """Whether a quote may give a sum of money; a row of a table has its unit in a heading."""
    in_table = quote.sentence.section.kind is Kind.TABLE
    return speaks_of_sums(surroundings(retriever, quote) if in_table else _words(retriever, [quote])[0])


def _words(retriever: Retriever, quotes: Sequence[Quote]) -> list[str]:
    return [retriever.index.documents[q.sentence.document_id].text[q.start : q.end] for q in quotes]


def _why(found: Mapping[str, float], about: float, least: float, quotes: Sequence[str], assumes: bool) -> Reason:
    """The reason for a refusal: a part that is not there, another year than is given, something else that is not so,
    another subject, or not found.

    `about` is the confidence without what is sure.
    """
    if "absent_part" in found or assumes:
        return Reason.FALSE_PREMISE
    dated = any(gives(quote, Expected.DATE) for quote in quotes[:1])
    if found["strange_year"] and dated and found["known_anywhere"] > 1 - FAR:
        return Reason.FALSE_PREMISE
    strange = about < FAR * least and found["known_anywhere"] < KNOWN_SUBJECT
    if strange or found["strange_name"]:
        return Reason.OTHER_SUBJECT
    return Reason.NOT_FOUND
