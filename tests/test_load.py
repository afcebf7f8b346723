"""Bad files get a clear message; good ones are read byte for byte."""

from pathlib import Path

import pytest

from corpus.errors import InputError
from corpus.load import document_id, document_title, file_hashes, find_documents, load_documents

TEXT = "Een zin met een é en een €-teken.\r\nEn een tweede regel."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_source_is_what_was_written(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert load_documents([path])[0].document.source == TEXT


def test_the_document_hash_is_the_file_hash_for_plain_utf8(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(TEXT.encode())
    file = load_documents([path])[0]
    assert file.document.sha256 == file.sha256 == file_hashes([path])["brief"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "leeg"),
        (b" \n\t\n", "leeg"),
        (b"%PDF-1.7\x00\x01\x02", "geen tekstbestand"),
        ("Een cliché".encode("cp1252"), "tekencodering.*byte 9.*regel 1.*iconv"),
        (b"\xff\xfea", "tekencodering.*UTF-16"),
    ],
)
def test_a_file_that_is_no_text_is_named_with_the_cure(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "fout.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"fout.txt.*{message}"):
        load_documents([path])


def test_missing_and_unreadable_paths_are_named(tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()
    (tmp_path / "blad.xlsx").write_bytes(b"x")
    for path, message in [("weg.txt", "bestaat niet"), ("leeg", "bevat geen document"), ("blad.xlsx", "niet gelezen")]:
        with pytest.raises(InputError, match=message):
            find_documents([tmp_path / path], [], tmp_path)


def test_too_large_a_file_names_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.load.LARGEST", 10)
    path = tmp_path / "groot.txt"
    path.write_text("x" * 11)
    with pytest.raises(InputError, match="groter dan"):
        load_documents([path])


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rapport.txt").write_text("Tekst.")
    found = find_documents([tmp_path], [], tmp_path)
    with pytest.raises(InputError, match="dezelfde naam"):
        load_documents(found.paths)


def test_documents_are_found_in_the_agreed_order(tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    places = {name: root / name for name in ("given", "configured", "documents")}
    places["shared"] = tmp_path / "shared" / "corpus"
    for name, folder in places.items():
        folder.mkdir(parents=True)
        (folder / f"{name}.txt").write_text("Tekst.")
    assert _names(find_documents([places["given"]], [Path("configured")], root)) == ["given"]
    assert _names(find_documents([], [Path("configured")], root)) == ["configured"]
    assert _names(find_documents([], [], root)) == ["documents"]
    (places["documents"] / "documents.txt").unlink()
    assert _names(find_documents([], [], root)) == ["shared"]
    (places["shared"] / "shared.txt").unlink()
    sample = find_documents([], [], root)
    assert _names(sample) == ["evaluatie-regioplan-veenkamp"]
    assert "voorbeelddocument" in sample.origin


def _names(found: object) -> list[str]:
    return [path.stem for path in found.paths]  # type: ignore[attr-defined]


def test_names_come_from_the_file() -> None:
    path = Path("Evaluatie_Plan 2021.txt")
    assert document_id(path) == "evaluatie_plan-2021"
    assert document_title(path) == "Evaluatie Plan 2021"
