"""Bad files get a clear message; good ones are read byte for byte."""

import tracemalloc
from pathlib import Path

import pytest

from corpus.errors import InputError
from corpus.find import document_id, document_title, find_documents
from corpus.limits import Limits
from corpus.load import DocumentFile, Refused, file_hashes, load_document, load_documents, read_bytes
from corpus.parallel import load_each

TEXT = "Een zin met een é en een €-teken.\r\nEn een tweede regel."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
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
    for path, message in [
        ("weg.txt", "bestaat niet"),
        ("leeg", "bevat geen document"),
        ("blad.xlsx", "niet gelezen.*Verwacht: .txt, .pdf"),
    ]:
        with pytest.raises(InputError, match=message):
            find_documents([tmp_path / path], [], tmp_path)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(file_bytes=2**20), "2 MB groot, de grens is 1 MB.*max_file_mb"),
        (Limits(characters=100), "2000001 tekens, de grens is 100.*max_characters"),
        (Limits(pages=1), "2 pagina's, de grens is 1.*max_pages"),
    ],
)
def test_too_large_a_file_names_the_limit_and_its_setting(tmp_path: Path, limits: Limits, message: str) -> None:
    path = tmp_path / "groot.txt"
    path.write_text("a " * 10**6 + "\f" if limits.pages > 1 else "Een zin.\n\fNog een zin.\n")
    with pytest.raises(InputError, match=message):
        load_document(path, limits)


def test_a_huge_file_is_not_taken_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "reus.txt"
    with path.open("wb") as file:
        file.truncate(300 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="300 MB"):
            load_document(path, Limits())
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "schrijft.txt"
    path.write_text("Een zin.")
    opened = Path.open

    def append_first(self: Path, *given: str) -> object:
        with opened(self, "ab") as file:
            file.write(b" En nog een.")
        return opened(self, *given)

    monkeypatch.setattr(Path, "open", append_first)
    with pytest.raises(InputError, match="veranderde tijdens het lezen"):
        read_bytes(path, Limits())


def test_one_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    for name, content in {"goed.txt": b"Een zin.", "leeg.txt": b"", "kapot.pdf": b"%PDF-1.7 niets"}.items():
        (tmp_path / name).write_bytes(content)
    read = list(load_each(find_documents([tmp_path], [], tmp_path).paths, Limits(), 1))
    refused = [one for one in read if isinstance(one, Refused)]
    assert [one.path.name for one in read if isinstance(one, DocumentFile)] == ["goed.txt"]
    assert [one.path.name for one in refused] == ["kapot.pdf", "leeg.txt"]
    assert all(one.path.name in one.why for one in refused)


def test_files_of_other_programs_are_passed_over_and_old_formats_are_told(tmp_path: Path) -> None:
    for name in ("rapport.txt", "~$rapport.docx", ".verborgen.txt", "oud.doc", "plaatje.png"):
        (tmp_path / name).write_text("Tekst.")
    found = find_documents([tmp_path], [], tmp_path)
    assert [path.name for path in found.paths] == ["rapport.txt"]
    assert [path.name for path in found.unread] == ["oud.doc"]


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
