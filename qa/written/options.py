"""The settings under `[taalmodel]`; `docs/taalmodel.md` explains each in Dutch."""

import os
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

KEY_VARIABLE = "BRONVAST_TAALMODEL_KEY"
"""The only place where a key is looked for: a key in a settings file gets copied along with it."""


class LanguageModelOptions(BaseModel):
    """Which language model writes, and what it may take; without `url` none does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ""
    model: str = ""
    kind: Literal["openai", "ollama"] = "openai"
    timeout: Annotated[float, Field(gt=0, le=600)] = 20
    parallel: Annotated[int, Field(ge=1, le=64)] = 2
    passages: Annotated[int, Field(ge=1, le=10)] = 6
    max_tokens: Annotated[int, Field(ge=16, le=8192)] = 700
    structured: bool = True
    judge: str = ""
    judge_threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    rewrite: bool = False
    expand: Literal["off", "multi", "hyde"] = "off"
    price_in: Annotated[float, Field(ge=0)] = 0
    price_out: Annotated[float, Field(ge=0)] = 0

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError(
                'verwacht een adres dat met http:// of https:// begint, bijvoorbeeld "http://127.0.0.1/v1"'
            )
        if "@" in url.partition("://")[2].partition("/")[0]:
            raise ValueError(f"zet geen naam of wachtwoord in het adres; een sleutel hoort in {KEY_VARIABLE}")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _names_a_model(self) -> "LanguageModelOptions":
        if self.url and not self.model:
            raise ValueError('geef ook model: de naam van het model op die server, bijvoorbeeld model = "gemma3:12b"')
        return self

    @property
    def key(self) -> str:
        """The key for the server, from the environment; "" where none is set."""
        return os.environ.get(KEY_VARIABLE, "")
