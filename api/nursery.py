"""Loads, where it is imported, what every answering process reads and none changes: they split off from here.

The process that imports it starts no thread and answers nothing. See `api.worker.splitting`.
"""

from contextlib import suppress

from corpus.errors import BronvastError
from index.encode import tokenizer_of
from index.models import find_model
from qa import engine
from qa.settings import load_settings

__all__ = ["engine"]

with suppress(BronvastError):  # what is wrong is told by the process that needs it
    _settings = load_settings()
    _model = find_model(_settings.model, _settings.cache, lambda _message: None)
    if engine.engine_for(_settings, _model) == "onnx":
        tokenizer_of(_model.path)
