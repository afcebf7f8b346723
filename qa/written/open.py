"""From the settings under `[taalmodel]` to an answerer that writes."""

from collections.abc import Callable
from copy import copy

from qa.answer import Answerer
from qa.numerals import as_words
from qa.written.answer import WrittenAnswerer
from qa.written.complete import CompletingAnswerer
from qa.written.connect import LanguageModel
from qa.written.expand import ExpandingRetriever
from qa.written.judge import open_judge
from qa.written.options import LanguageModelOptions
from qa.written.servers import open_model


def with_language_model(
    answerer: Answerer, options: LanguageModelOptions, notify: Callable[[str], None]
) -> WrittenAnswerer:
    """The answerer with the model around it. Nothing is sent yet; says once where questions will go."""
    model = open_model(options)
    as_words("")
    as_words("één miljoen")  # the number words are made once, here and not in the first answer
    notify(f"Taalmodel: {options.model} op {options.url}. Vragen en passages gaan daarheen; zie docs/taalmodel.md.")
    return wrapped(answerer, model)


def wrapped(answerer: Answerer, model: LanguageModel) -> WrittenAnswerer:
    """The answerer as a connected model's options ask: with help to search, and with a judge."""
    return WrittenAnswerer(searching_with(answerer, model), model, open_judge(model))


def searching_with(answerer: Answerer, model: LanguageModel) -> Answerer:
    """The answerer with the help to search that the model's options ask for; it quotes as before."""
    inner = answerer
    if model.options.expand != "off":
        inner = copy(answerer)
        inner.retriever = ExpandingRetriever(answerer.retriever, model)
    return CompletingAnswerer(inner, model) if model.options.rewrite else inner
