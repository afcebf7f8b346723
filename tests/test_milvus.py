"""Searched in Milvus an index gives what it gives in files, and a new build takes over without a gap."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import BronvastError, IndexUnusableError
from corpus.find import sample_documents
from corpus.load import load_documents
from corpus.model import Document
from eval.gold import bundled_gold, read_gold
from fakes import FakeEncoder, answerer_on, as_file, build, run_in
from index.encode import Encoder
from index.milvus import MilvusPlace, connect, in_milvus
from index.milvus_fill import INSERTED_AT_ONCE, fill
from index.store import Index
from qa.settings import Settings

pytest.importorskip("pymilvus", reason='pymilvus is hier niet: pip install "bronvast[milvus]"')
pytest.importorskip("milvus_lite", reason='milvus-lite is hier niet: pip install "bronvast[milvus]"')

QUESTIONS = [question for path in bundled_gold() if path.stem == "sample" for question in read_gold(path).questions]
SOME = "brug brug ziekenhuis reistijd"


def quiet(_message: str) -> None:
    """Hears nothing."""


@pytest.fixture
def place(tmp_path: Path) -> MilvusPlace:
    return MilvusPlace(str(tmp_path / "milvus.db"), "", "proef")


@pytest.fixture
def small(made_up: Document, tmp_path: Path) -> Index:
    return build(tmp_path / "index", [as_file(made_up)], FakeEncoder())


@pytest.fixture(scope="module")
def sample_twice(sample_index: Index, tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, Index]:
    """The sample in files and in Milvus."""
    there = MilvusPlace(str(tmp_path_factory.mktemp("milvus") / "milvus.db"), "", "proef")
    fill(sample_index, there, quiet)
    return sample_index, in_milvus(sample_index, there)


def test_the_first_five_passages_are_the_same_for_every_gold_question(
    sample_twice: tuple[Index, Index], onnx: Encoder
) -> None:
    local, there = (answerer_on(index, onnx).retriever for index in sample_twice)
    assert len(QUESTIONS) > 40
    for question in QUESTIONS:
        ours, theirs = (one.retrieve(question.question, 5).hits for one in (local, there))
        assert [hit.passage.id for hit in theirs] == [hit.passage.id for hit in ours], question.id
        assert [hit.score for hit in theirs] == pytest.approx([hit.score for hit in ours], abs=1e-3)


def test_scores_of_words_are_those_of_the_files(sample_twice: tuple[Index, Index]) -> None:
    local, there = (index.words for index in sample_twice)
    for question in [*(question.question for question in QUESTIONS), "bus bus buurtbus", "", "xyzzy"]:
        expected = local.scores(question)
        assert there.scores(question) == pytest.approx(expected, abs=1e-4)
        assert len(there.search(question, 7)) == min(7, int((expected > 0).sum()))
        some = [3, 0, 3, 5]
        assert there.scores_at(question, some) == pytest.approx(expected[some], abs=1e-4)  # type: ignore[attr-defined]
        assert there.known_share(question) == local.known_share(question)


def test_vectors_and_heights_are_those_of_the_files(sample_twice: tuple[Index, Index], onnx: Encoder) -> None:
    vector = onnx.encode_queries(["Wat kost een rit met de buurtbus?"])[0]
    for local, there in zip(*((one.dense_sentences, one.dense_contexts) for one in sample_twice), strict=True):
        assert len(there) == len(local)
        assert there.dimension == local.dimension
        assert np.array_equal(there.vectors([4, 1, 4]), local.vectors([4, 1, 4]))
        assert there.vectors([]).shape == (0, local.dimension)
        assert there.heights(vector, [2, 0]) == pytest.approx(local.heights(vector, [2, 0]), abs=1e-4)
        assert [n for n, _ in there.search(vector, 5)] == [n for n, _ in local.search(vector, 5)]
        assert there.highest(vector, len(local) + 9)[1] == pytest.approx(local.highest(vector, len(local))[1], abs=1e-4)


def test_a_graph_is_searched_above_a_number_of_rows(small: Index, place: MilvusPlace) -> None:
    fill(small, place, quiet, exact_up_to=0)
    vector = FakeEncoder().encode_queries([SOME])[0]
    local, there = small.dense_sentences, in_milvus(small, place).dense_sentences
    assert [n for n, _ in there.search(vector, 3)] == [n for n, _ in local.search(vector, 3)]
    kinds = connect(place).describe_index(place.collection(small.fingerprint, "sentences"), "vector")
    assert kinds["index_type"] == "HNSW"


def test_the_alias_moves_to_the_new_build_while_the_old_one_goes_on_answering(
    made_up: Document, tmp_path: Path, place: MilvusPlace
) -> None:
    first = build(tmp_path / "index", [as_file(made_up)], FakeEncoder())
    fill(first, place, quiet)
    serving = in_milvus(first, place)
    asked = FakeEncoder().encode_queries([SOME])[0]
    before = serving.dense_sentences.search(asked, 3)

    longer = replace(made_up, id="tweede")
    second = build(tmp_path / "index", [as_file(made_up), as_file(longer)], FakeEncoder())
    fill(second, place, quiet)
    client = connect(place)
    assert target_of(client, place) == place.collection(second.fingerprint, "sentences")
    assert serving.dense_sentences.search(asked, 3) == before

    third = build(tmp_path / "index", [as_file(longer)], FakeEncoder())
    fill(third, place, quiet)
    assert target_of(client, place) == place.collection(third.fingerprint, "sentences")
    kept = {place.collection(one.fingerprint, kind) for one in (second, third) for kind in ("sentences", "contexts")}
    assert set(client.list_collections()) == kept
    with pytest.raises(IndexUnusableError, match="staat niet of niet heel in Milvus"):
        in_milvus(first, place)


def target_of(client: Any, place: MilvusPlace) -> str:
    return str(client.describe_alias(place.alias("sentences"))["collection_name"])


def test_collections_of_another_name_are_left_alone(small: Index, place: MilvusPlace) -> None:
    other = replace(place, name="proef2")
    fill(small, other, quiet)
    for _ in range(2):
        fill(small, place, quiet)
    assert in_milvus(small, other).dense_sentences.dimension == small.dense_sentences.dimension


def test_what_is_there_is_not_written_again_and_what_is_half_there_is(small: Index, place: MilvusPlace) -> None:
    said: list[str] = []
    fill(small, place, said.append)
    assert len(said) == 2
    fill(small, place, said.append)
    assert len(said) == 2
    client, name = connect(place), place.collection(small.fingerprint, "contexts")
    client.delete(name, ids=[0])
    client.flush(name)
    with pytest.raises(IndexUnusableError, match="bronvast index"):
        in_milvus(small, place)
    fill(small, place, said.append)
    assert len(said) == 3
    assert in_milvus(small, place).words.scores(SOME) == pytest.approx(small.words.scores(SOME), abs=1e-4)


def test_more_rows_than_are_sent_at_once_keep_their_places(place: MilvusPlace, tmp_path: Path) -> None:
    from corpus.structure import read_document

    lines = "\n\n".join(f"Zin nummer {n} gaat over onderwerp{n}." for n in range(INSERTED_AT_ONCE + 7))
    index = build(tmp_path / "index", [as_file(read_document("lang", "Lang", lines))], FakeEncoder())
    assert len(index.sentences) > INSERTED_AT_ONCE
    fill(index, place, quiet)
    last = len(index.sentences) - 1
    there = in_milvus(index, place)
    assert np.array_equal(there.dense_sentences.vectors([last]), index.dense_sentences.vectors([last]))
    asked = f"onderwerp{INSERTED_AT_ONCE + 3}"
    assert [n for n, _ in there.words.search(asked, 9)] == [n for n, _ in index.words.search(asked, 9)]


def test_one_setting_and_one_command_switch_the_store(tmp_path: Path) -> None:
    assert run_in(tmp_path, "index").returncode == 0
    question = "Wat kost een rit met de buurtbus?"
    in_files = json.loads(run_in(tmp_path, "ask", "--json", question).stdout)
    (tmp_path / "bronvast.toml").write_text('store = "milvus"\n', encoding="utf-8")
    early = run_in(tmp_path, "ask", question)
    assert early.returncode == 3
    assert "bronvast index" in early.stderr
    done = run_in(tmp_path, "index")
    assert done.returncode == 0, done.stderr
    assert "Naar Milvus" in done.stderr
    there = json.loads(run_in(tmp_path, "ask", "--json", question).stdout)
    assert there["citations"] == in_files["citations"]
    assert [passage["id"] for passage in there["passages"]] == [passage["id"] for passage in in_files["passages"]]


def test_without_the_package_the_setting_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(BronvastError, match=r"bronvast\[milvus\]"):
        connect(MilvusPlace("var/milvus.db", "", "proef"))


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(IndexUnusableError, match=r"http://127\.0\.0\.1:9: Milvus antwoordt niet"):
        connect(MilvusPlace("http://127.0.0.1:9", "", "proef"))


def test_chosen_texts_alone_are_searched(sample_twice: tuple[Index, Index], onnx: Encoder) -> None:
    local, there = sample_twice
    question = "Wat kost een rit met de buurtbus?"
    vector = onnx.encode_queries([question])[0]
    for runs in ([(0, 3)], [(2, 9), (20, 21), (40, 60)], [(0, len(local.contexts))]):
        chosen = np.zeros(len(local.contexts), np.bool_)
        for start, end in runs:
            chosen[start:end] = True
        ours, theirs = (index.dense_contexts.nearest(vector, 12, chosen) for index in sample_twice)
        assert chosen[theirs[0]].all()
        assert np.allclose(ours[1], theirs[1], atol=1e-5)
        assert local.words.best(question, 12, chosen).tolist() == there.words.best(question, 12, chosen).tolist()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Milvus-lite as a server of its own, as in docs/groot.md."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).parent / "milvus-lite", "server", "--data-dir", tmp_path / "milvus"]
    where = ["--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen([*map(str, command), *where], env=os.environ, stdout=subprocess.DEVNULL)
    try:
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def test_several_processes_search_one_server(server: str, tmp_path: Path) -> None:
    variables = {"BRONVAST_STORE": "milvus", "BRONVAST_MILVUS": server}
    assert run_in(tmp_path, "index", **variables).returncode == 0
    documents = load_documents(sample_documents())
    place = Settings(store="milvus", milvus=server).milvus_place
    assert place is not None
    here = connect(place)  # this process stays connected while another asks
    done = run_in(tmp_path, "ask", "--json", "Wat kost een rit met de buurtbus?", **variables)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["citations"][0]["quote"] in documents[0].document.text
    assert len(here.list_collections()) == 2
