"""Which build of the index is current, what shaped it, and whether it can be trusted.

A build is a folder; its manifest holds the hash of every other file, and the pointer file CURRENT holds the build's
name and the hash of its manifest. So a new build takes the place of the old one in a single step.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from corpus.errors import IndexUnusableError
from corpus.load import file_hash

FORMAT = 4
CURRENT, MANIFEST, VECTORS = "CURRENT", "manifest.json", "vectors"
# A gigabyte takes seconds to read whole at each start. Up to here a file is, above only blocks of it.
SAMPLED_FROM = 64 * 2**20
SAMPLES, SAMPLE = 64, 65_536
OLD = ".old"
NAME_LENGTH = 20
CURE = "Maak de index opnieuw met: bronvast index --force"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What shapes an index besides documents and model: two settings, and the code that reads and cuts."""

    window: int
    stride: int
    reader: str


def current_build(root: Path) -> Path | None:
    """The folder of the build in use; None when there is no index yet. Raises IndexUnusableError."""
    pointer = _read_pointer(root)
    return pointer and root / pointer[0]


def _read_pointer(root: Path) -> tuple[str, str] | None:
    """The current build's name and the hash of its manifest."""
    try:
        words = (root / CURRENT).read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusableError(f"{root / CURRENT}: kan niet worden gelezen ({error}). {CURE}") from error
    if len(words) != 2 or "/" in words[0] or words[0].startswith("."):
        raise IndexUnusableError(f"{root / CURRENT}: wijst naar geen geldige index. {CURE}")
    return words[0], words[1]


def publish(root: Path, build: Path) -> None:
    """Make a finished build the current one in a single step, keep the one before, remove older ones."""
    try:
        before = current_build(root)
    except IndexUnusableError:
        before = None  # a broken pointer is about to be replaced
    draft = root / f"{CURRENT}.new"
    draft.write_text(f"{build.name} {_sha256(build / MANIFEST)}\n", encoding="utf-8")
    draft.replace(root / CURRENT)
    for folder in root.iterdir():
        older = build != before and folder not in (build, before)
        if folder.is_dir() and folder.name != VECTORS and (older or folder.name.startswith(".")):
            shutil.rmtree(folder, ignore_errors=True)


def write_manifest(build: Path, content: Mapping[str, Any], created: str) -> Mapping[str, Any]:
    """Write the manifest with the hash of every file, and return it. Last of all: without one a build is incomplete.

    The build is named by its content, `created` left out: what is the same has the same name.
    """
    paths = {str(p.relative_to(build)): p for p in sorted(build.rglob("*")) if p.is_file()}
    samples = {name: _sample(path) for name, path in paths.items() if path.stat().st_size >= SAMPLED_FROM}
    sums = {name: _sha256(path) for name, path in paths.items()}
    whole = {"format": FORMAT, **content, "files": sums, "samples": samples}
    name = sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:NAME_LENGTH]
    manifest = {"build": name, "created": created, **whole}
    (build / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2), encoding="utf-8")
    return manifest


def settle(root: Path, build: Path, manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a finished build its name in `root`, and return its manifest; one that is there already and whole stays."""
    place = root / str(manifest["build"])
    there = _whole(root, place)
    if there is not None and {**there, "created": manifest["created"]} == manifest:
        return there
    if place.exists():
        shutil.rmtree(root / OLD, ignore_errors=True)
        place.replace(root / OLD)
    build.replace(place)
    return manifest


def _whole(root: Path, build: Path) -> Mapping[str, Any] | None:
    """The manifest of a build that can be trusted."""
    try:
        manifest: Mapping[str, Any] = json.loads((build / MANIFEST).read_text(encoding="utf-8"))
        return manifest if verify(root, manifest) == build else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexUnusableError):
        return None


def read_manifest(root: Path) -> Mapping[str, Any] | None:
    """The current build's manifest, whole and of this format; None when there is no index yet.

    Raises IndexUnusableError when it is damaged or of another format.
    """
    pointer = _read_pointer(root)
    if pointer is None:
        return None
    path = root / pointer[0] / MANIFEST
    if not path.is_file() or _sha256(path) != pointer[1]:
        raise IndexUnusableError(f"{path}: ontbreekt of is beschadigd. {CURE}")
    manifest: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if manifest["format"] != FORMAT:
        raise IndexUnusableError(
            f"{root}: de index heeft indeling {manifest['format']}, deze versie van Bronvast verwacht {FORMAT}. {CURE}"
        )
    return manifest


def verify(root: Path, manifest: Mapping[str, Any], complete: bool = False) -> Path:
    """The current build's folder, every file of it present and unchanged. Raises IndexUnusableError.

    Of a file of SAMPLED_FROM bytes or more only its size and parts spread over it are read, unless `complete`.
    """
    build = root / str(manifest["build"])
    for name, expected in manifest["files"].items():
        path = build / name
        if not path.is_file():
            raise IndexUnusableError(f"{path}: dit bestand van de index ontbreekt. {CURE}")
        sample = None if complete else manifest["samples"].get(name)
        if (_sample(path) != sample) if sample else (_sha256(path) != expected):
            raise IndexUnusableError(f"{path}: dit bestand van de index is beschadigd of afgekapt. {CURE}")
    return build


def check_model(root: Path, manifest: Mapping[str, Any], fingerprint: str, name: str) -> None:
    """Refuse an index that another model made: its vectors do not compare. Raises IndexUnusableError."""
    made_by = manifest["model"]
    if made_by["fingerprint"] != fingerprint:
        raise IndexUnusableError(
            f"{root}: de index is gemaakt met model {made_by['name']} ({made_by['fingerprint']}), maar de instellingen "
            f"vragen om {name} ({fingerprint}). Maak de index opnieuw met: bronvast index; of kies het eerste model."
        )


def check_recipe(root: Path, manifest: Mapping[str, Any], recipe: Recipe) -> None:
    """Refuse an index made with other settings or by another version. Raises IndexUnusableError."""
    made = recipe_of(manifest)
    if made.reader != recipe.reader:
        raise IndexUnusableError(
            f"{root}: de index is gemaakt door een andere versie van Bronvast. Werk de index bij met: bronvast index"
        )
    if made != recipe:
        raise IndexUnusableError(
            f"{root}: de index is gemaakt met window = {made.window} en stride = {made.stride}, maar de instellingen "
            f"zeggen window = {recipe.window} en stride = {recipe.stride}. Werk de index bij met: bronvast index"
        )


def check_files(manifest: Mapping[str, Any]) -> None:
    """Refuse an index whose files have changed since; a file that is gone is no problem, the index holds its text.

    Raises IndexUnusableError.
    """
    for document in manifest["documents"]:
        path = Path(document["file"])
        if path.is_file() and file_hash(path) != document["file_sha256"]:
            raise IndexUnusableError(
                f"{path}: dit document is veranderd sinds de index is gemaakt. Werk de index bij met: bronvast index"
            )


def recipe_of(manifest: Mapping[str, Any]) -> Recipe:
    """The settings that shaped an index."""
    return Recipe(**manifest["recipe"])


def recipe_values(recipe: Recipe) -> dict[str, Any]:
    """A recipe as JSON values."""
    return asdict(recipe)


def _sample(path: Path) -> str:
    """A file's size, and the hash of SAMPLES blocks spread over it, the first and the last included."""
    size = path.stat().st_size
    digest = sha256()
    with path.open("rb") as file:
        for number in range(SAMPLES):
            file.seek(max(0, size - SAMPLE) * number // (SAMPLES - 1))
            digest.update(file.read(SAMPLE))
    return f"{size} {digest.hexdigest()}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
