"""From settings to something that answers: finds documents, keeps the index up to date, opens it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpus.errors import IndexUnusableError, InputError
from corpus.find import GIVEN, Found, document_id, find_documents
from corpus.load import DocumentFile, Refused, file_hashes
from index.build import build_index, is_current
from index.encode import DeferredEncoder, Encoder, UnloadedEncoder, load_encoder
from index.intake import Intake
from index.join import join_parts
from index.manifest import VECTORS, check_files, check_model, check_recipe, read_manifest, recipe_of
from index.milvus import in_milvus
from index.models import ModelFolder, find_model
from index.reuse import Progress
from index.store import open_index
from index.threads import sum_alone
from qa.answer import Answerer
from qa.bearing import reads
from qa.refuse import load_judge
from qa.rerank import CrossEncoderScore, Rerank, weighed
from qa.settings import Settings

Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The index that is now current, the documents looked for, and whether it had to be built.

    `refused` are files in a folder that cannot be read: the index holds the others.
    """

    manifest: Mapping[str, Any]
    found: Found
    built: bool
    refused: tuple[Refused, ...] = ()


def prepare_index(
    settings: Settings,
    paths: Sequence[Path],
    force: bool,
    notify: Notify,
    progress: Progress,
    reading: Progress = lambda _ready, _total: None,
    lose_none: bool = False,
) -> Prepared:
    """Build the index unless the current one already holds these documents, by this model and these settings.

    A damaged current index is replaced. Raises BronvastError; the old index is then as it was. A file that a user
    named must be readable; one that was found in a folder is left out when it is not, unless `lose_none` and the
    current index holds that document.

    Only what is new is read and embedded; `force` reads all of it again. `reading` counts bytes of files, `progress`
    texts, both only those that are work. A run that was killed goes on where it was.
    """
    found = find_documents(paths, settings.documents, Path.cwd())
    hashes = file_hashes(found.paths)
    model = find_model(settings.model, settings.cache, notify)
    try:
        manifest = None if force else read_manifest(settings.index)
    except IndexUnusableError as error:
        notify(str(error))
        manifest = None
    current = manifest is not None and is_current(manifest, hashes, model.fingerprint, settings.recipe)
    collections = _collections(found, manifest)
    if manifest is not None and current and _same_limits(manifest, settings) and _stand_in(manifest, collections):
        _to_store(settings, manifest, notify)
        known = (Refused(Path(one["file"]), one["why"]) for one in manifest["refused"])
        return Prepared(manifest, found, False, tuple(known))
    kept = settings.vectors or settings.index / VECTORS
    if joined := join_parts(kept):
        notify(f"Vectoren van {joined} delen samengevoegd.")
    with closing(Intake(kept, settings.recipe.reader, settings.limits, settings.thread_count)) as intake:
        # Before the model: a bad document should not cost ten seconds.
        still = [] if force else _known_refusals(manifest, found, hashes, settings)
        readable = [path for path in found.paths if path not in {one.path for one in still}]
        files, more = intake.read(readable, hashes, force, reading)
        files = [replace(file, collection=collections[file.document.id]) for file in files]
        refused = sorted([*still, *more], key=lambda one: found.paths.index(one.path))
        _check_needed(found, files, refused, _indexed(manifest) if lose_none else frozenset())
        encoder = _encoder_to_index(settings, model, manifest)
        told = [_describe_refused(one, hashes, settings) for one in refused]
        built = build_index(
            settings.index,
            files,
            found.origin,
            encoder,
            model.name,
            settings.recipe,
            progress,
            told,
            kept,
            before=lambda made: _to_store(settings, made, notify),
            read=reads(model.fingerprint),
        )
        intake.finish()
    return Prepared(built, found, True, tuple(refused))


def _encoder_to_index(settings: Settings, model: ModelFolder, manifest: Mapping[str, Any] | None) -> Encoder:
    """The model; loaded when the first text must be embedded, if the index that is there says how long vectors are."""

    def load() -> Encoder:
        return load_encoder(model, engine_for(settings, model), settings.thread_count)

    if manifest is None or manifest["model"]["fingerprint"] != model.fingerprint:
        return load()
    return DeferredEncoder(model.fingerprint, manifest["model"]["dimension"], load)


def _to_store(settings: Settings, manifest: Mapping[str, Any], notify: Notify) -> None:
    """Put a build that is whole where the settings say that it is searched; in files it is already."""
    if settings.milvus_place:
        from index.milvus_fill import fill

        fill(open_index(settings.index, manifest), settings.milvus_place, notify)


def _collections(found: Found, manifest: Mapping[str, Any] | None) -> dict[str, str]:
    """The collection of each document, "" for none; a file that is named by itself keeps the one the index gave it."""
    kept = {d["file"]: str(d.get("collection", "")) for d in (manifest or {"documents": []})["documents"]}
    collections = {document_id(path): found.collections.get(path, "") for path in found.paths}
    alone = found.named - found.collections.keys()
    return collections | {document_id(path): kept.get(str(path.resolve()), "") for path in alone}


def _stand_in(manifest: Mapping[str, Any], collections: Mapping[str, str]) -> bool:
    """Whether every document of an index stands in the collection it stood in: a file may move to another folder."""
    return all(document.get("collection", "") == collections[document["id"]] for document in manifest["documents"])


def _indexed(manifest: Mapping[str, Any] | None) -> frozenset[str]:
    """The ids of the documents that an index holds."""
    return frozenset(document["id"] for document in manifest["documents"]) if manifest else frozenset()


def _check_needed(
    found: Found, files: Sequence[DocumentFile], refused: Sequence[Refused], indexed: frozenset[str]
) -> None:
    """Raise InputError when a document that may not be left out cannot be read, or when none can."""
    needed = [one.why for one in refused if one.path in found.named or document_id(one.path) in indexed]
    if needed or not files:
        raise InputError("\n".join(needed or [one.why for one in refused]))


def _known_refusals(
    manifest: Mapping[str, Any] | None, found: Found, hashes: Mapping[str, str], settings: Settings
) -> list[Refused]:
    """Files that the current index left out and that are the same now, under the same limits and by the same reader."""
    if manifest is None or recipe_of(manifest).reader != settings.recipe.reader or not _same_limits(manifest, settings):
        return []
    paths = {str(path): path for path in found.paths}
    return [
        Refused(paths[one["file"]], one["why"])
        for one in manifest["refused"]
        if one["file"] in paths and hashes[one["id"]] == one["file_sha256"]
    ]


def _describe_refused(one: Refused, hashes: Mapping[str, str], settings: Settings) -> dict[str, Any]:
    name = document_id(one.path)
    limits = asdict(settings.limits)
    return {"id": name, "file": str(one.path), "file_sha256": hashes[name], "why": one.why, "limits": limits}


def _same_limits(manifest: Mapping[str, Any], settings: Settings) -> bool:
    """Whether files that were refused would be refused again."""
    return all(one["limits"] == asdict(settings.limits) for one in manifest["refused"])


def given_paths(settings: Settings) -> list[Path]:
    """The files of the current index if a user named them: the service goes on with those, not with what it finds."""
    try:
        manifest = read_manifest(settings.index)
    except IndexUnusableError:
        return []
    if manifest is None or manifest["origin"] != GIVEN:
        return []
    return [path for document in manifest["documents"] if (path := Path(document["file"])).is_file()]


def other_documents(settings: Settings, manifest: Mapping[str, Any]) -> Found | None:
    """The documents that would be indexed now, when those are others than the index holds and no user named.

    A place that is elsewhere is not looked at: that would cost each question a connection.
    """
    if manifest["origin"] == GIVEN or any(isinstance(place, str) for place in settings.documents):
        return None
    found = find_documents([], settings.documents, Path.cwd())
    indexed = {document["file"] for document in manifest["documents"]}
    return None if indexed == {str(path.resolve()) for path in found.paths} else found


def open_answerer(settings: Settings, notify: Notify, encoder: Encoder | None = None) -> Answerer:
    """What answers by the settings: extractive, or around that a language model that phrases. Raises as below.

    `encoder` is one that is loaded already, as when the index is replaced under a running service.
    """
    answerer = open_extractive(settings, notify, encoder)
    if not settings.taalmodel.url:
        return answerer
    from qa.written.open import with_language_model

    return with_language_model(answerer, settings.taalmodel, notify)


def open_extractive(settings: Settings, notify: Notify, encoder: Encoder | None = None) -> Answerer:
    """An answerer on the current index. Raises IndexUnusableError when there is none, or it is stale or damaged."""
    manifest = _usable_manifest(settings)
    if encoder is None:
        model = find_model(settings.model, settings.cache, notify)
        check_model(settings.index, manifest, model.fingerprint, model.name)
        encoder = load_encoder(model, engine_for(settings, model), settings.thread_count)
    else:
        check_model(settings.index, manifest, encoder.fingerprint, settings.model)
    index = open_index(settings.index, manifest, settings.vectors)
    if settings.milvus_place:
        index = in_milvus(index, settings.milvus_place)
    judge = load_judge(settings.calibration)
    rerank = reranker_for(settings)
    sum_alone()  # once everything that sums is loaded
    return Answerer(index, encoder, settings.threshold, settings.max_question, settings.contact, judge, rerank)


def open_unanswering(settings: Settings, notify: Notify, before: Encoder | None = None) -> Answerer:
    """An answerer that holds the current index and loads no model: for a process that lets others answer.

    `before` is the encoder of the one it replaces. Raises as `open_extractive` does.
    """
    manifest = _usable_manifest(settings)
    named = before or find_model(settings.model, settings.cache, notify)
    check_model(settings.index, manifest, named.fingerprint, settings.model)
    encoder = UnloadedEncoder(named.fingerprint, manifest["model"]["dimension"])
    index, judge = open_index(settings.index, manifest), load_judge(settings.calibration)
    return Answerer(index, encoder, settings.threshold, settings.max_question, settings.contact, judge)


def _usable_manifest(settings: Settings) -> Mapping[str, Any]:
    """The manifest of the current index. Raises IndexUnusableError when it cannot be used as it is."""
    manifest = read_manifest(settings.index)
    if manifest is None:
        raise IndexUnusableError(f"{settings.index}: er is nog geen index. Maak hem met: bronvast index")
    check_recipe(settings.index, manifest, settings.recipe)
    check_files(manifest)
    return manifest


def reranker_for(settings: Settings) -> Rerank | None:
    """The cross-encoder that the settings name, None without one. Raises ModelUnusableError."""
    if not settings.reranker:
        return None
    folder = Path(settings.reranker).expanduser()
    return weighed(CrossEncoderScore(folder, settings.thread_count), settings.reranker_weight)


def engine_for(settings: Settings, model: ModelFolder) -> str:
    """The bundled weights through ONNX Runtime give the same vectors without torch, sooner; other models need torch."""
    if settings.engine != "auto":
        return settings.engine
    return "onnx" if model.weights else "torch"
