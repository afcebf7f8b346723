"""A cross-encoder that reads question and sentence together, for who has one on disk; without it nothing changes."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ModelUnusableError
from index.encode import clean
from index.enriched import Values

Score = Callable[[str, Sequence[str]], Values]
"""One number per text, higher is better, in whatever unit the model has."""
Rerank = Callable[[str, Sequence[str]], Values]
"""What is added to the score of each text, in log-odds."""

EXPECTED = "Geef de map van een CrossEncoder van sentence-transformers, of laat de instelling reranker leeg."


def weighed(score: Score, weight: float) -> Rerank:
    """Adds `weight` times how many standard deviations a text lies above the mean of the texts it is read with."""

    def rerank(question: str, texts: Sequence[str]) -> Values:
        return np.asarray(weight * standing(score(question, texts)), np.float32)

    return rerank


def standing(scores: Values) -> Values:
    """z-scores, by the population's standard deviation; all 0 when the scores are equal."""
    spread = float(scores.std()) if len(scores) else 0.0
    return np.asarray((scores - scores.mean()) / spread if spread > 0 else np.zeros(len(scores)), np.float32)


class CrossEncoderScore:
    """The logit of a local cross-encoder for each pair of question and text, on the CPU."""

    def __init__(self, folder: Path, threads: int) -> None:
        if not (folder / "config.json").is_file():
            raise ModelUnusableError(f'reranker = "{folder}": in deze map staat geen config.json. {EXPECTED}')
        if not _is_cross_encoder(folder):
            raise ModelUnusableError(f'reranker = "{folder}": dit is een ander soort model. {EXPECTED}')
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        torch.set_num_threads(threads)
        # The logit, because a sigmoid makes all good sentences alike.
        self._raw = torch.nn.Identity()
        try:
            self._model: Any = CrossEncoder(str(folder), local_files_only=True, device="cpu")
            tried = self("Wat is dit?", ["Een proef."])
        except Exception as error:  # a folder that is not what it should be fails in many ways
            raise ModelUnusableError(
                f'reranker = "{folder}": dit model kan niet worden geladen ({error}). {EXPECTED}'
            ) from error
        if tried.shape != (1,) or not np.isfinite(tried).all():
            raise ModelUnusableError(
                f'reranker = "{folder}": dit model geeft niet één getal per zin, maar {tried.tolist()}. {EXPECTED}'
            )

    def __call__(self, question: str, texts: Sequence[str]) -> Values:
        pairs = [(clean(question), clean(text)) for text in texts]
        return np.asarray(self._model.predict(pairs, activation_fn=self._raw, show_progress_bar=False), np.float32)


def _is_cross_encoder(folder: Path) -> bool:
    """Whether a folder says so. Any other model would load as well, with a last layer of chance numbers."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        own = folder / "config_sentence_transformers.json"
        kind = json.loads(own.read_text(encoding="utf-8")).get("model_type") if own.is_file() else None
    except (OSError, ValueError, AttributeError):
        return False
    names = config.get("architectures") if isinstance(config, dict) else None
    return kind == "CrossEncoder" or any(str(name).endswith("ForSequenceClassification") for name in names or ())
