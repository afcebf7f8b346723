"""A second opinion on a sentence, by the model or a natural-language-inference cross-encoder: it can only say no."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import ModelUnusableError
from qa.written.connect import LanguageModel
from qa.written.draft import objects
from qa.written.model import Usage
from qa.written.prompts import fenced, load_prompt
from qa.written.support import Evidence

SCHEMA = {
    "type": "object",
    "properties": {"volgt": {"type": "boolean"}},
    "required": ["volgt"],
    "additionalProperties": False,
}
Judge = Callable[[str, Sequence[Evidence], float], tuple[bool, Usage]]
"""(sentence, its quotes, deadline) to whether it follows, and what asking took."""


def open_judge(model: LanguageModel) -> Judge | None:
    """The judge that the settings name: "" for none, "model", or the folder of a cross-encoder."""
    named = model.options.judge
    if not named:
        return None
    return model_judge(model) if named == "model" else inference_judge(Path(named), model.options.judge_threshold)


def model_judge(model: LanguageModel) -> Judge:
    """Asks the model. No clear yes is a no."""
    prompt = load_prompt("oordeel")

    def judge(sentence: str, evidence: Sequence[Evidence], deadline: float) -> tuple[bool, Usage]:
        data = fenced(zin=sentence, citaten=[f"{one.context}\n{one.text}" for one in evidence])
        reply, usage = model.say(prompt.text, data, deadline, SCHEMA)
        return any(item.get("volgt") is True for item in objects([reply])), usage

    return judge


def inference_judge(folder: Path, threshold: float) -> Judge:
    """A cross-encoder that has a label for entailment, without internet. Raises ModelUnusableError."""
    if not folder.is_dir():
        raise ModelUnusableError(
            f'taalmodel.judge = "{folder}": deze map bestaat niet. Geef de map van een NLI-cross-encoder, of "model".'
        )
    from sentence_transformers import CrossEncoder

    return judge_by(CrossEncoder(str(folder), local_files_only=True), threshold, str(folder))


def judge_by(encoder: Any, threshold: float, name: str) -> Judge:
    """A judge on anything that predicts like a CrossEncoder. Raises ModelUnusableError without such a label."""
    labels = {str(label).lower(): int(number) for number, label in encoder.config.id2label.items()}
    entails = next((number for label, number in labels.items() if label.startswith("entail")), None)
    if entails is None:
        raise ModelUnusableError(
            f"{name}: dit model heeft geen label 'entailment' maar {', '.join(sorted(labels))}. Geef een NLI-model."
        )

    def judge(sentence: str, evidence: Sequence[Evidence], _deadline: float) -> tuple[bool, Usage]:
        premise = "\n".join(one.text for one in evidence)
        return float(encoder.predict([(premise, sentence)], apply_softmax=True)[0][entails]) >= threshold, Usage()

    return judge
