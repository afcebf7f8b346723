"""The index on disk: a folder per build, a manifest to check it by, and a small file that says which is current."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from corpus.errors import IndexUnusableError
from corpus.model import Document, Passage
from index.dense import DenseIndex, load_dense
from index.floor import Floor, floor_of
from index.sparse import WordIndex, load_words

FORMAT = 1
CURRENT, MANIFEST, DOCUMENTS, ABBREVIATIONS = "CURRENT", "manifest.json", "documents.json", "abbreviations.json"
PASSAGES, SENTENCES, WORDS = "passages", "sentences", "words"
CURE = "Maak de index opnieuw met: bronvast index --force"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What shapes an index besides documents and model: two settings, and the code that reads and cuts."""

    window: int
    stride: int
    reader: str


@dataclass(frozen=True, slots=True)
class Index:
    """An opened index. `dense_passages` and `words` are over `passages`, `dense_sentences` over `sentences`."""

    manifest: Mapping[str, Any]
    documents: dict[str, Document]
    passages: list[Passage]
    sentences: list[Passage]
    dense_passages: DenseIndex
    dense_sentences: DenseIndex
    words: WordIndex
    abbreviations: dict[str, str]
    floor: Floor

    @property
    def fingerprint(self) -> str:
        """The build's name."""
        return str(self.manifest["build"])

    def text(self, passage: Passage) -> str:
        """The passage's words: a slice of its document."""
        return self.documents[passage.document_id].text[passage.start : passage.end]


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
        if folder.is_dir() and folder not in (build, before):
            shutil.rmtree(folder, ignore_errors=True)


def write_manifest(build: Path, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the manifest with the hash of every file, and return it. Last of all: without one a build is incomplete."""
    sums = {str(p.relative_to(build)): _sha256(p) for p in sorted(build.rglob("*")) if p.is_file()}
    manifest = {**content, "files": sums}
    (build / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2), encoding="utf-8")
    return manifest


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


def verify(root: Path, manifest: Mapping[str, Any]) -> Path:
    """The current build's folder, every file of it present and unchanged. Raises IndexUnusableError."""
    build = root / str(manifest["build"])
    for name, expected in manifest["files"].items():
        path = build / name
        if not path.is_file():
            raise IndexUnusableError(f"{path}: dit bestand van de index ontbreekt. {CURE}")
        if _sha256(path) != expected:
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
        if path.is_file() and _sha256(path) != document["file_sha256"]:
            raise IndexUnusableError(
                f"{path}: dit document is veranderd sinds de index is gemaakt. Werk de index bij met: bronvast index"
            )


def open_index(root: Path, manifest: Mapping[str, Any]) -> Index:
    """Verify and load. Raises IndexUnusableError with the cure."""
    build = verify(root, manifest)
    try:
        documents = {d["id"]: Document.from_json(d) for d in _load(build / DOCUMENTS)}
        index = Index(
            manifest,
            documents,
            _read_passages(build / f"{PASSAGES}.json", documents),
            _read_passages(build / f"{SENTENCES}.json", documents),
            load_dense(build / f"{PASSAGES}.faiss"),
            load_dense(build / f"{SENTENCES}.faiss"),
            load_words(build / WORDS),
            _load(build / ABBREVIATIONS),
            floor_of(manifest),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise IndexUnusableError(f"{build}: de index kan niet worden gelezen ({error}). {CURE}") from error
    if len(index.passages) != len(index.dense_passages) or len(index.sentences) != len(index.dense_sentences):
        raise IndexUnusableError(f"{build}: het aantal passages en vectoren verschilt. {CURE}")
    return index


def save_documents(build: Path, documents: list[Document]) -> None:
    """Write the documents whole: an index needs no other file to show a quote in its source."""
    _dump(build / DOCUMENTS, [document.to_json() for document in documents])


def save_abbreviations(build: Path, abbreviations: Mapping[str, str]) -> None:
    """Write the abbreviations that the documents explain."""
    _dump(build / ABBREVIATIONS, dict(abbreviations))


def save_passages(path: Path, passages: list[Passage], documents: Mapping[str, Document]) -> None:
    """Write passages as spans; sections as positions in their document."""
    positions = {name: {id(s): n for n, s in enumerate(d.sections)} for name, d in documents.items()}
    rows = [[p.id, p.document_id, positions[p.document_id][id(p.section)], p.page, p.start, p.end] for p in passages]
    _dump(path, rows)


def _read_passages(path: Path, documents: Mapping[str, Document]) -> list[Passage]:
    return [
        Passage(name, document, documents[document].sections[section], (page[0], page[1]), start, end)
        for name, document, section, page, start, end in _load(path)
    ]


def recipe_of(manifest: Mapping[str, Any]) -> Recipe:
    """The settings that shaped an index."""
    return Recipe(**manifest["recipe"])


def recipe_values(recipe: Recipe) -> dict[str, Any]:
    """A recipe as JSON values."""
    return asdict(recipe)


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _dump(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
