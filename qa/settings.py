"""Every setting in one place: defaults, `bronvast.toml`, then environment variables `BRONVAST_*`."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from corpus.errors import InputError
from corpus.limits import Limits
from corpus.remote import place_of
from index.build import reader_fingerprint
from index.manifest import Recipe
from index.milvus import MilvusPlace
from index.models import BUNDLED
from qa.written.options import LanguageModelOptions

FILE = "bronvast.toml"
MOST_THREADS = 4
# What shapes the service and never an answer.
SERVING = (
    "host", "port", "workers", "queue", "answer_seconds", "open", "keys", "rate", "max_body_kb", "body_seconds",
    "hosts", "origins", "frame_ancestors", "proxies", "keep_days", "keep_folder", "traces", "examples", "feedback",
    "evaluation",
)  # fmt: skip


class Settings(BaseSettings):
    """What an operator may choose; `docs/instellingen.md` explains each in Dutch."""

    model_config = SettingsConfigDict(env_prefix="BRONVAST_", env_nested_delimiter="__", extra="forbid", frozen=True)

    documents: tuple[Annotated[Path | str, BeforeValidator(place_of)], ...] = ()
    index: Path = Path("var/index")
    store: Literal["faiss", "milvus"] = "faiss"
    milvus: str = "var/milvus.db"
    milvus_token: str = Field("", repr=False)
    milvus_name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,62}$")] = "bronvast"
    model: str = BUNDLED
    engine: Literal["auto", "torch", "onnx"] = "auto"
    cache: Path | None = None
    threads: Annotated[int, Field(ge=0, le=256)] = 0
    window: Annotated[int, Field(ge=2, le=12)] = 5
    stride: Annotated[int, Field(ge=1, le=12)] = 2
    max_file_mb: Annotated[float, Field(gt=0, le=10_000)] = 50
    max_unpacked_mb: Annotated[float, Field(gt=0, le=100_000)] = 200
    max_characters: Annotated[int, Field(ge=1000)] = 6_000_000
    max_pages: Annotated[int, Field(ge=1)] = 2000
    max_read_seconds: Annotated[float, Field(gt=0)] = 120
    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    calibration: Path | None = None
    vectors: Path | None = None
    reranker: str = ""
    reranker_weight: Annotated[float, Field(ge=0, le=100)] = 1.0
    max_question: Annotated[int, Field(ge=10, le=100_000)] = 1000
    contact: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    taalmodel: LanguageModelOptions = LanguageModelOptions()
    workers: Annotated[int, Field(ge=0, le=256)] = 0
    queue: Annotated[int, Field(ge=1, le=10_000)] = 64
    answer_seconds: Annotated[float, Field(gt=0, le=600)] = 10
    open: bool = False
    keys: tuple[str, ...] = ()
    rate: Annotated[int, Field(ge=0)] = 600
    max_body_kb: Annotated[int, Field(ge=1, le=100_000)] = 1024
    body_seconds: Annotated[float, Field(gt=0, le=600)] = 10
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    keep_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    keep_folder: Path = Path("var/bewaard")
    traces: str = ""
    examples: tuple[str, ...] = ()
    feedback: Path | None = None
    evaluation: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller passes wins over the environment, and that over the file."""
        file = TomlConfigSettingsSource(settings_cls, toml_file=Path(os.environ.get("BRONVAST_CONFIG", FILE)))
        return init_settings, env_settings, file

    @property
    def recipe(self) -> Recipe:
        """The settings that shape an index."""
        return Recipe(window=self.window, stride=self.stride, reader=reader_fingerprint())

    @property
    def milvus_place(self) -> MilvusPlace | None:
        """Where vectors and words are searched when that is Milvus."""
        return MilvusPlace(self.milvus, self.milvus_token, self.milvus_name) if self.store == "milvus" else None

    @property
    def limits(self) -> Limits:
        """What one document may ask of this machine."""
        return Limits(
            file_bytes=int(self.max_file_mb * 2**20),
            unpacked_bytes=int(self.max_unpacked_mb * 2**20),
            characters=self.max_characters,
            pages=self.max_pages,
            seconds=self.max_read_seconds,
        )

    @property
    def thread_count(self) -> int:
        """Threads for the model: the number set, or what this process may use, at most MOST_THREADS."""
        return self.threads or min(MOST_THREADS, usable_cores())

    @property
    def worker_count(self) -> int:
        """Answering processes: the number set, or one for each processor this process may use, at most MOST_THREADS."""
        return self.workers or min(MOST_THREADS, usable_cores())


def usable_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_settings(**chosen: object) -> Settings:
    """The settings in force. Raises InputError, in Dutch, that names every key that is wrong."""
    file = os.environ.get("BRONVAST_CONFIG")
    if file and not Path(file).is_file():
        raise InputError(f"BRONVAST_CONFIG: het bestand {file} bestaat niet.")
    try:
        return Settings(**chosen)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise InputError(f"De instellingen kloppen niet: {wrong}. Zie docs/instellingen.md.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{file or FILE}: kan dit bestand niet lezen als TOML ({error}).") from error
