"""The index on disk: whole or not at all, and refused with the cure when it cannot be trusted."""

import errno
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.enrichment import beside
from corpus.errors import BronvastError, IndexUnusableError, InputError
from corpus.load import DocumentFile, load_documents
from corpus.structure import read_document
from fakes import MADE_UP, RECIPE, FakeEncoder, as_file, build
from index.build import build_index, is_current
from index.encode import Matrix
from index.manifest import (
    CURRENT,
    MANIFEST,
    Recipe,
    check_files,
    check_model,
    check_recipe,
    current_build,
    read_manifest,
)
from index.store import open_index

LONGER = MADE_UP + "\n2 Slot\n\n" + "\n".join(f"Zin {n} van het slot gaat over onderwerp {n * n}." for n in range(300))


def made_up_file(text: str = MADE_UP) -> DocumentFile:
    return as_file(read_document("brug", "De brug", text))


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.iterdir() if path.name.startswith(".new") or path.name.endswith(".new")]


def test_an_index_comes_back_as_it_was_built(tmp_path: Path) -> None:
    index = build(tmp_path, [made_up_file()], FakeEncoder())
    again = open_index(tmp_path, read_manifest(tmp_path) or {})
    assert again.documents == index.documents
    assert again.passages == index.passages
    assert again.floor == index.floor
    vector = FakeEncoder().encode_queries(["Wat kostte de brug?"])[0]
    assert again.dense_contexts.search(vector, 5) == index.dense_contexts.search(vector, 5)
    assert again.words.search("brug", 5) == index.words.search("brug", 5)


def test_the_same_documents_give_the_same_files(tmp_path: Path) -> None:
    sums = [build(tmp_path / name, [made_up_file()], FakeEncoder()).manifest["files"] for name in ("one", "other")]
    assert sums[0] == sums[1]


def test_a_build_is_named_by_its_content_and_a_damaged_one_is_replaced(tmp_path: Path) -> None:
    first = build(tmp_path, [made_up_file()], FakeEncoder()).manifest
    again = build(tmp_path, [made_up_file()], FakeEncoder()).manifest
    assert again == first
    (tmp_path / first["build"] / "documents.json").write_text("[]")
    assert open_index(tmp_path, build(tmp_path, [made_up_file()], FakeEncoder()).manifest).manifest["files"]
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {first["build"], "vectors"}
    assert build(tmp_path, [made_up_file(LONGER)], FakeEncoder()).fingerprint != first["build"]


def test_the_manifest_says_what_shaped_the_index(tmp_path: Path) -> None:
    manifest = build(tmp_path, [made_up_file()], FakeEncoder()).manifest
    assert manifest["model"] == {"name": "test", "fingerprint": "fake:1", "dimension": 256}
    assert manifest["recipe"] == {"window": 5, "stride": 2, "reader": "test"}
    assert manifest["documents"][0]["sha256"] == made_up_file().document.sha256
    assert manifest["documents"][0]["pages"] == 2
    assert manifest["passages"] == manifest["documents"][0]["passages"] > 0


def test_is_current_looks_at_files_model_and_recipe(tmp_path: Path) -> None:
    manifest = build(tmp_path, [made_up_file()], FakeEncoder()).manifest
    hashes = {"brug": made_up_file().sha256}
    assert is_current(manifest, hashes, "fake:1", RECIPE)
    assert not is_current(manifest, {"brug": "other"}, "fake:1", RECIPE)
    assert not is_current(manifest, hashes | {"more": "x"}, "fake:1", RECIPE)
    assert not is_current(manifest, hashes, "fake:2", RECIPE)
    assert not is_current(manifest, hashes, "fake:1", Recipe(3, 1, "test"))
    assert not is_current(manifest, hashes, "fake:1", Recipe(5, 2, "other"))
    assert not is_current(None, hashes, "fake:1", RECIPE)


def test_no_index_yet(tmp_path: Path) -> None:
    assert current_build(tmp_path) is None
    assert read_manifest(tmp_path) is None


def test_every_file_of_the_index_is_guarded(tmp_path: Path) -> None:
    manifest = build(tmp_path / "whole", [made_up_file()], FakeEncoder()).manifest
    for name in manifest["files"]:
        for damage in ("truncate", "flip", "remove"):
            root = tmp_path / "damaged"
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(tmp_path / "whole", root)
            path = root / manifest["build"] / name
            data = path.read_bytes()
            if damage == "truncate":
                path.write_bytes(data[: len(data) // 2])
            elif damage == "flip":
                path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
            else:
                path.unlink()
            with pytest.raises(IndexUnusableError, match=r"(beschadigd|ontbreekt).*bronvast index --force"):
                open_index(root, read_manifest(root) or {})


def test_a_damaged_manifest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / build(tmp_path, [made_up_file()], FakeEncoder()).fingerprint / MANIFEST
    for content in ("", "{", path.read_text().replace('"stride": 2', '"stride": 3')):
        path.write_text(content)
        with pytest.raises(IndexUnusableError, match=r"manifest\.json.*beschadigd.*bronvast index --force"):
            read_manifest(tmp_path)
    path.unlink()
    with pytest.raises(IndexUnusableError, match="ontbreekt"):
        read_manifest(tmp_path)


def test_an_index_of_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, [made_up_file()], FakeEncoder())
    monkeypatch.setattr("index.manifest.FORMAT", 99)
    with pytest.raises(IndexUnusableError, match=r"indeling 4.*verwacht 99.*bronvast index --force"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("pointer", ["", "een-woord", "../elders x", ".new-x y"])
def test_a_pointer_out_of_the_folder_is_refused(tmp_path: Path, pointer: str) -> None:
    (tmp_path / CURRENT).write_text(pointer)
    with pytest.raises(IndexUnusableError, match="geen geldige index"):
        current_build(tmp_path)


def test_an_index_of_another_model_or_recipe_is_refused(tmp_path: Path) -> None:
    manifest = build(tmp_path, [made_up_file()], FakeEncoder()).manifest
    with pytest.raises(IndexUnusableError, match=r"fake:1.*ander \(fake:2\).*bronvast index"):
        check_model(tmp_path, manifest, "fake:2", "ander")
    with pytest.raises(IndexUnusableError, match=r"window = 5.*window = 3.*bronvast index"):
        check_recipe(tmp_path, manifest, Recipe(3, 1, "test"))
    with pytest.raises(IndexUnusableError, match=r"andere versie.*bronvast index"):
        check_recipe(tmp_path, manifest, Recipe(5, 2, "other"))


def test_a_document_that_changed_makes_the_index_stale_and_one_that_is_gone_does_not(tmp_path: Path) -> None:
    path = tmp_path / "brug.txt"
    path.write_text(MADE_UP, encoding="utf-8")
    manifest = build(tmp_path / "index", load_documents([path]), FakeEncoder()).manifest
    check_files(manifest)
    path.write_text(MADE_UP + "Nog een zin.", encoding="utf-8")
    with pytest.raises(IndexUnusableError, match=r"brug\.txt.*veranderd.*bronvast index"):
        check_files(manifest)
    path.unlink()
    check_files(manifest)


def test_a_document_with_its_own_enrichment_can_be_asked_until_that_changes(tmp_path: Path) -> None:
    path = tmp_path / "brug.txt"
    path.write_text(MADE_UP, encoding="utf-8")
    beside(path).write_text("\n", encoding="utf-8")
    manifest = build(tmp_path / "index", load_documents([path]), FakeEncoder()).manifest
    check_files(manifest)
    beside(path).unlink()
    with pytest.raises(IndexUnusableError, match=r"brug\.txt.*veranderd"):
        check_files(manifest)


class FailingEncoder(FakeEncoder):
    """Breaks off half-way, as a user or a full disk would."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def encode_passages(self, texts: Sequence[str], done: object = None) -> Matrix:
        raise self.error


@pytest.mark.parametrize(
    ("error", "raised", "message"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt, ""),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            BronvastError,
            "schijf is vol.*oude index is niet veranderd",
        ),
        (OSError(errno.EACCES, "Permission denied"), BronvastError, "rechten.*oude index is niet veranderd"),
    ],
)
def test_whatever_goes_wrong_the_old_index_stays(
    tmp_path: Path, error: BaseException, raised: type[BaseException], message: str
) -> None:
    old = build(tmp_path, [made_up_file()], FakeEncoder())
    with pytest.raises(raised, match=message or None):
        build(tmp_path, [made_up_file(LONGER)], FailingEncoder(error))
    assert open_index(tmp_path, read_manifest(tmp_path) or {}).documents == old.documents
    assert leftovers(tmp_path) == []


def test_a_document_without_sentences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="geen leesbare zinnen"):
        build(tmp_path, [made_up_file("1\n\n2\n\n\f3\n")], FakeEncoder())


def test_two_indexers_at_once_are_refused(tmp_path: Path) -> None:
    class Nested(FakeEncoder):
        def encode_passages(self, texts: Sequence[str], done: object = None) -> Matrix:
            build(tmp_path, [made_up_file()], FakeEncoder())
            return super().encode_passages(texts)

    with pytest.raises(BronvastError, match="ander proces"):
        build(tmp_path, [made_up_file()], Nested())


def test_old_builds_are_cleared_but_the_one_before_is_kept(tmp_path: Path) -> None:
    names = [build(tmp_path, [made_up_file(MADE_UP + f"\nZin {n}.")], Named(n)).manifest["build"] for n in range(3)]
    (tmp_path / ".new-left-by-a-kill").mkdir()
    last = build(tmp_path, [made_up_file()], Named(3)).manifest["build"]
    kept = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert kept == {names[-1], last, "vectors"}


class Named(FakeEncoder):
    """Differs by fingerprint, so that every build is another."""

    def __init__(self, number: int) -> None:
        self.fingerprint = f"fake:{number}"


def test_a_really_full_disk_leaves_the_old_index(tiny_disk: Path) -> None:
    old = build(tiny_disk / "index", [made_up_file()], FakeEncoder())
    with pytest.raises(BronvastError, match="schijf is vol"):
        build(tiny_disk / "index", [made_up_file(LONGER)], FakeEncoder())
    assert open_index(tiny_disk / "index", read_manifest(tiny_disk / "index") or {}).documents == old.documents
    assert leftovers(tiny_disk / "index") == []


def test_a_build_whose_files_are_complete_but_unpublished_is_not_current(tmp_path: Path) -> None:
    old = build(tmp_path, [made_up_file()], FakeEncoder())
    stray = tmp_path / "20990101T000000-1"
    shutil.copytree(tmp_path / old.fingerprint, stray)
    assert current_build(tmp_path) == tmp_path / old.fingerprint
    assert json.loads((stray / MANIFEST).read_text())["build"] == old.fingerprint


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_index(
        tmp_path,
        [made_up_file()],
        "test",
        FakeEncoder(),
        "test",
        RECIPE,
        lambda ready, total: seen.append((ready, total)),
    )
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1] > 0
