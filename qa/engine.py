"""From settings to something that answers: finds documents, keeps the index up to date, opens it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import IndexUnusableError, InputError
from corpus.find import GIVEN, Found, document_id, find_documents
from corpus.load import DocumentFile, Refused, file_hashes, load_readable
from index.build import Progress, build_index, is_current
from index.encode import Encoder, load_encoder
from index.join import join_parts
from index.manifest import VECTORS, check_files, check_model, check_recipe, read_manifest
from index.milvus import in_milvus
from index.models import ModelFolder, find_model
from index.store import open_index
from qa.answer import Answerer
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
    settings: Settings, paths: Sequence[Path], force: bool, notify: Notify, progress: Progress
) -> Prepared:
    """Build the index unless the current one already holds these documents, by this model and these settings.

    A damaged current index is replaced. Raises BronvastError; the old index is then as it was. A file that a user
    named must be readable; one that was found in a folder is left out when it is not.
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
    if manifest is not None and current and _same_limits(manifest, settings):
        _to_store(settings, manifest, notify)
        known = (Refused(Path(one["file"]), one["why"]) for one in manifest["refused"])
        return Prepared(manifest, found, False, tuple(known))
    files, refused = _readable(found, settings)  # before the model: a bad document should not cost ten seconds
    encoder = load_encoder(model, engine_for(settings, model), settings.thread_count)
    if joined := join_parts(settings.vectors or settings.index / VECTORS):
        notify(f"Vectoren van {joined} delen samengevoegd.")
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
        settings.vectors,
        before=lambda made: _to_store(settings, made, notify),
    )
    return Prepared(built, found, True, tuple(refused))


def _to_store(settings: Settings, manifest: Mapping[str, Any], notify: Notify) -> None:
    """Put a build that is whole where the settings say that it is searched; in files it is already."""
    if settings.milvus_place:
        from index.milvus_fill import fill

        fill(open_index(settings.index, manifest), settings.milvus_place, notify)


def _readable(found: Found, settings: Settings) -> tuple[list[DocumentFile], list[Refused]]:
    files, refused = load_readable(found.paths, settings.limits)
    named = [one.why for one in refused if one.path in found.named]
    if named or not files:
        raise InputError("\n".join(named or [one.why for one in refused]))
    return files, refused


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
    manifest = read_manifest(settings.index)
    if manifest is None:
        raise IndexUnusableError(f"{settings.index}: er is nog geen index. Maak hem met: bronvast index")
    check_recipe(settings.index, manifest, settings.recipe)
    check_files(manifest)
    if encoder is None:
        model = find_model(settings.model, settings.cache, notify)
        check_model(settings.index, manifest, model.fingerprint, model.name)
        encoder = load_encoder(model, engine_for(settings, model), settings.thread_count)
    else:
        check_model(settings.index, manifest, encoder.fingerprint, settings.model)
    index = open_index(settings.index, manifest)
    if settings.milvus_place:
        index = in_milvus(index, settings.milvus_place)
    judge = load_judge(settings.calibration)
    rerank = reranker_for(settings)
    return Answerer(index, encoder, settings.threshold, settings.max_question, settings.contact, judge, rerank)


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
