"""Documents by URL: copied whole, read as any other, and fetched again only when they changed."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from typer.testing import CliRunner

from api.cli import app
from corpus.errors import InputError
from corpus.find import find_documents, sample_documents
from corpus.load import load_documents
from corpus.remote import copy_of, local_path, place_of, shown
from index.manifest import read_manifest
from qa.engine import other_documents
from qa.settings import load_settings

TEXT = "1 Aanleiding\n\nDe brug over de Lauwe is te smal.\n"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A file system in memory with two reports, an enrichment and a picture, and a cache folder of its own."""
    monkeypatch.setattr("corpus.remote.user_cache_path", lambda _name: tmp_path / "cache")
    files = fsspec.filesystem("memory")
    for name, text in {
        "/archief/brug.txt": TEXT,
        "/archief/2021/veer.md": "# Het veer\n\nHet veer vaart niet meer.\n",
        "/archief/kaart.png": "geen document",
    }.items():
        files.pipe_file(name, text.encode())
    yield files
    files.rm("/archief", recursive=True)


def fetched(files: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that are fetched from now on."""
    names: list[str] = []
    get = files.get_file
    monkeypatch.setattr(type(files), "get_file", lambda _self, name, to, **_more: (names.append(name), get(name, to)))
    return names


def test_a_folder_elsewhere_is_read_as_a_folder_here(elsewhere: Any, tmp_path: Path) -> None:
    folder = copy_of("memory://archief", tmp_path / "copies")
    found = find_documents([folder], [], tmp_path)
    assert [path.relative_to(folder).as_posix() for path in found.paths] == ["2021/veer.md", "brug.txt"]
    assert "te smal" in load_documents(found.paths)[1].document.text


def test_a_file_elsewhere_keeps_its_name_and_its_bytes(elsewhere: Any, tmp_path: Path) -> None:
    path = copy_of("memory://archief/brug.txt", tmp_path)
    assert path.name == "brug.txt"
    assert path.read_bytes() == TEXT.encode()


def test_only_what_changed_is_fetched_again_and_what_is_gone_goes(
    elsewhere: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = fetched(elsewhere, monkeypatch)
    folder = copy_of("memory://archief", tmp_path)
    assert sorted(names) == ["/archief/2021/veer.md", "/archief/brug.txt"]
    names.clear()
    copy_of("memory://archief", tmp_path)
    assert names == []
    elsewhere.pipe_file("/archief/brug.txt", b"De brug is af.\n")
    elsewhere.rm_file("/archief/2021/veer.md")
    copy_of("memory://archief", tmp_path)
    assert names == ["/archief/brug.txt"]
    assert (folder / "brug.txt").read_text(encoding="utf-8") == "De brug is af.\n"
    assert not (folder / "2021" / "veer.md").exists()


def test_what_was_written_for_a_document_comes_along(elsewhere: Any, tmp_path: Path) -> None:
    elsewhere.pipe_file("/archief/brug.verrijking.jsonl", b"{}\n")
    path = copy_of("memory://archief/brug.txt", tmp_path)
    assert (path.parent / "brug.verrijking.jsonl").is_file()


def test_a_broken_transfer_leaves_the_copy_as_it_was(
    elsewhere: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy_of("memory://archief/brug.txt", tmp_path)
    elsewhere.pipe_file("/archief/brug.txt", b"De brug is af.\n")

    def broken(_self: Any, _name: str, to: str, **_more: Any) -> None:
        Path(to).write_bytes(b"De b")
        raise ConnectionResetError("weg")

    monkeypatch.setattr(type(elsewhere), "get_file", broken)
    with pytest.raises(InputError, match="kan dit niet ophalen"):
        copy_of("memory://archief/brug.txt", tmp_path)
    assert path.read_bytes() == TEXT.encode()


def test_a_url_on_this_machine_is_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "brug.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert local_path(path.as_uri()) == path
    assert local_path(str(path)) == path


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("memory://nergens/brug.txt", "kan dit niet ophalen"),
        ("memory://archief/kaart.png", "dit bestandstype wordt niet gelezen"),
        ("onbekend://archief/brug.txt", "deze soort URL is onbekend"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_was_expected(
    url: str, told: str, elsewhere: Any, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=told) as caught:
        copy_of(url, tmp_path)
    assert url in str(caught.value)


def test_a_folder_without_documents_says_so(elsewhere: Any, tmp_path: Path) -> None:
    elsewhere.pipe_file("/archief/beeld/kaart.png", b"")
    with pytest.raises(InputError, match="deze map bevat geen document"):
        copy_of("memory://archief/beeld", tmp_path)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(InputError, match="Installeer het met: pip install s3fs"):
        copy_of("s3://emmer/rapport.pdf", tmp_path)


def test_a_password_in_a_url_is_never_shown(tmp_path: Path) -> None:
    assert shown("ftp://jan:geheim@host/x.txt") == "ftp://host/x.txt"
    with pytest.raises(InputError) as caught:
        copy_of("onbekend://jan:geheim@host/x.txt", tmp_path)
    assert "geheim" not in str(caught.value)


def test_a_name_cannot_lead_out_of_its_folder(elsewhere: Any, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(elsewhere), "find", lambda _self, _path: ["/archief/../../weg.txt"])
        with pytest.raises(InputError, match="buiten zijn map"):
            copy_of("memory://archief", tmp_path / "copies")
    assert not (tmp_path / "weg.txt").exists()


def test_places_are_urls_or_paths() -> None:
    assert place_of("s3://emmer/rapport.pdf") == "s3://emmer/rapport.pdf"
    assert place_of("zip://rapport.pdf::s3://emmer/a.zip") == "zip://rapport.pdf::s3://emmer/a.zip"
    assert place_of("rapporten/") == Path("rapporten")


def test_the_command_indexes_a_url_and_the_settings_may_name_one(
    elsewhere: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRONVAST_ENGINE", "onnx")
    done = CliRunner().invoke(app, ["index", "memory://archief"])
    assert done.exit_code == 0, done.output
    manifest = read_manifest(tmp_path / "var" / "index") or {}
    assert sorted(document["id"] for document in manifest["documents"]) == ["brug", "veer"]

    (tmp_path / "bronvast.toml").write_text('documents = ["memory://archief/brug.txt"]\n', encoding="utf-8")
    settings = load_settings()
    assert settings.documents == ("memory://archief/brug.txt",)
    assert [path.name for path in find_documents([], settings.documents, tmp_path).paths] == ["brug.txt"]
    names = fetched(elsewhere, monkeypatch)
    elsewhere.pipe_file("/archief/brug.txt", b"De brug is af.\n")
    assert other_documents(settings, {"origin": "", "documents": []}) is None
    assert names == []


def test_no_url_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert find_documents(list(sample_documents()), [], tmp_path).paths == sample_documents()
