"""One measurement: what was asked, what came of it, by what it was made, and how it differs from the baseline."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpus.errors import BronvastError
from eval.baseline import Baseline, Past, baseline_path, past_of, read_baseline, write_baseline
from eval.compare import Comparison, compare
from eval.gold import GoldFile
from eval.measures import Scores, score
from eval.outcome import Outcome
from eval.run import Progress, run
from eval.summary import Summary, summarise
from index.store import Index
from qa.answer import Answerer
from qa.settings import SERVING, Settings

# Settings that say where things are or how fast they go, and change no quote.
MILVUS = {"milvus", "milvus_token", "milvus_name"}
NO_ANSWER = {"documents", "index", "vectors", "cache", "threads", "contact", "taalmodel", *MILVUS, *SERVING}


@dataclass(frozen=True, slots=True)
class Measurement:
    """Everything a report can show. `outcomes` and `scores` are in the order of the gold; the rest is by question id.

    `reasons` says for each gold file why its baseline was blessed; a file without one is not in it.
    """

    files: tuple[GoldFile, ...]
    made_by: Mapping[str, Any]
    outcomes: tuple[Outcome, ...]
    scores: tuple[Scores, ...]
    summary: Summary
    pasts: Mapping[str, Past]
    reasons: Mapping[str, str]
    comparison: Comparison | None

    @property
    def right(self) -> int:
        """How many questions came out as gold says."""
        return sum(scores["right"] == 1 for scores in self.scores)

    @property
    def all_verbatim(self) -> bool:
        """Whether every quote is what the document says."""
        return all(scores.get("quotes verbatim", 1.0) == 1 for scores in self.scores)


def measure(
    answerer: Answerer,
    settings: Settings,
    files: Sequence[GoldFile],
    baselines: Path | None = None,
    progress: Progress | None = None,
) -> Measurement:
    """Ask every question and compare with the baselines, in the folder given or where they belong."""
    questions = [question for file in files for question in file.questions]
    sets = [file.name for file in files for _ in file.questions]
    outcomes = run(answerer, questions, progress)
    scores = score(outcomes)
    pasts = {o.gold.id: past_of(o, s) for o, s in zip(outcomes, scores, strict=True)}
    found = {file.name: read_baseline(baseline_path(file.path, baselines)) for file in files}
    before = {name: past for baseline in found.values() if baseline for name, past in baseline.questions.items()}
    return Measurement(
        files=tuple(files),
        made_by=provenance(answerer.index, settings, files),
        outcomes=tuple(outcomes),
        scores=tuple(scores),
        summary=summarise(outcomes, scores, sets),
        pasts=pasts,
        reasons={name: baseline.reason for name, baseline in found.items() if baseline},
        comparison=compare(questions, before, pasts) if before else None,
    )


def provenance(index: Index, settings: Settings, files: Sequence[GoldFile]) -> dict[str, Any]:
    """What made the answers. Holds no time and no path, so that the same things give the same digits everywhere."""
    manifest = index.manifest
    made = {
        "model": manifest["model"],
        "recipe": manifest["recipe"],
        "documents": {document["id"]: document["sha256"] for document in manifest["documents"]},
    }
    return {
        "version": version("bronvast"),
        **made,
        "index": sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16],
        "settings": settings.model_dump(mode="json", exclude=NO_ANSWER),
        "gold": {file.name: {"sha256": file.sha256, "questions": len(file.questions)} for file in files},
    }


def bless(measurement: Measurement, reason: str, baselines: Path | None = None) -> list[Path]:
    """Make these answers the baseline, with the reason; returns the files written.

    Raises BronvastError when a quote is not verbatim: no reason makes that right.
    """
    if not measurement.all_verbatim:
        raise BronvastError("Er zijn citaten die niet letterlijk zijn. Zulke antwoorden worden nooit een ijkpunt.")
    written = []
    for file in measurement.files:
        path = baseline_path(file.path, baselines)
        made_by = {**measurement.made_by, "gold": {file.name: measurement.made_by["gold"][file.name]}}
        write_baseline(path, file, Baseline(reason, made_by, measurement.pasts))
        written.append(path)
    return written
