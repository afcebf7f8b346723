"""Fits the weights of the signals and writes them: `python -m eval.bench.ranking [--write]`.

Fits on the dev questions about the current index, once with every signal and once without what was written for
passages, which is what another document gets. Prints how both do on questions they have not seen.
"""

import json
import sys
from pathlib import Path
from statistics import fmean

from eval.fit import FOLDS, cross_validated, examples, fit, hits
from eval.run import gold_for
from qa.engine import open_answerer
from qa.settings import load_settings
from qa.signals import PLAIN, SIGNALS
from qa.weights import FILE

COMMAND = "python -m eval.bench.ranking --write"


def main() -> None:
    """Print the two models, and with --write keep them."""
    answerer = open_answerer(load_settings(), print)
    documents = list(answerer.index.documents.values())
    found = {
        split: examples(answerer.retriever, [q for f in gold_for(documents, None, split) for q in f.questions])
        for split in ("dev", "test")
    }
    content: dict[str, object] = {"made_by": COMMAND, "questions": len(found["dev"])}
    for name, signals in (("enriched", SIGNALS), ("plain", PLAIN)):
        weights = fit(found["dev"], signals)
        content[name] = weights
        unseen = " ".join(f"{fmean(cross_validated(found['dev'], signals, k)):.3f}" for k in (1, 3, 5))
        test = " ".join(f"{fmean(hits(found['test'], weights, k)):.3f}" for k in (1, 3, 5))
        print(f"{name}: {weights}")
        print(f"right sentence among 1, 3, 5: dev, {FOLDS} folds {unseen} (n = {len(found['dev'])}); test {test}")
    if "--write" in sys.argv:
        path = Path(__file__).parents[2] / "qa" / "data" / FILE
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        print(f"written: {path}")


if __name__ == "__main__":
    main()
