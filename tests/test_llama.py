"""Bronvast inside a LlamaIndex program: the nodes are the passages, and the page about it runs."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.schema import MetadataMode, QueryBundle

import qa.engine
from qa.answer import Answerer
from qa.check import squeeze
from qa.llama import as_retriever

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "llamaindex.md").read_text(encoding="utf-8")
QUESTION = "Wat kost een rit met de buurtbus?"


def test_nodes_are_the_passages_of_an_answer(fake_sample_answerer: Answerer) -> None:
    retriever = as_retriever(fake_sample_answerer, 10)
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve(QUESTION)
    found = fake_sample_answerer.answer(QUESTION).passages
    assert [(n.node.node_id, n.node.get_content(), n.score) for n in nodes] == [
        (one.hit.passage.id, one.text, one.hit.score) for one in found
    ]
    for node, one in zip(nodes, found, strict=True):
        assert node.node.metadata.items() >= one.place.to_record().items()


def test_the_source_spans_of_a_node_hold_its_letters(fake_sample_answerer: Answerer) -> None:
    nodes = as_retriever(fake_sample_answerer, 10).retrieve(QUESTION)
    assert nodes
    for node in nodes:
        document = fake_sample_answerer.index.documents[node.node.metadata["document"]]
        source = "".join(document.source[start:end] for start, end in node.node.metadata["source_spans"])
        assert squeeze(source) == squeeze(node.node.get_content())
        assert document.text[node.node.start_char_idx : node.node.end_char_idx] == node.node.get_content()
        assert node.node.metadata["sha256"] == document.sha256


def test_a_language_model_sees_the_place_and_not_the_offsets(fake_sample_answerer: Answerer) -> None:
    seen = as_retriever(fake_sample_answerer, 1).retrieve(QUESTION)[0].node.get_content(MetadataMode.LLM)
    assert "heading: " in seen
    assert "source_spans" not in seen
    assert "sha256" not in seen


def test_k_is_how_many_and_the_best_come_first(fake_sample_answerer: Answerer) -> None:
    whole = as_retriever(fake_sample_answerer, 8).retrieve(QUESTION)
    assert [n.node.node_id for n in as_retriever(fake_sample_answerer, 3).retrieve(QUESTION)] == [
        n.node.node_id for n in whole[:3]
    ]
    assert [n.score for n in whole] == sorted((n.score for n in whole), reverse=True)
    with pytest.raises(ValueError, match="k = 0"):
        as_retriever(fake_sample_answerer, 0)


@pytest.mark.parametrize("question", ["", "  ", "?!"])
def test_a_question_without_words_finds_nothing(fake_sample_answerer: Answerer, question: str) -> None:
    assert as_retriever(fake_sample_answerer, 3).retrieve(QueryBundle(question)) == []


def test_it_works_in_a_query_engine_in_a_fusion_and_without_waiting(fake_sample_answerer: Answerer) -> None:
    retriever = as_retriever(fake_sample_answerer, 3)
    nodes = retriever.retrieve(QUESTION)
    answer = RetrieverQueryEngine.from_args(retriever, llm=MockLLM()).query(QUESTION)
    assert [n.node.node_id for n in answer.source_nodes] == [n.node.node_id for n in nodes]
    assert nodes[0].node.get_content() in str(answer)
    fused = QueryFusionRetriever(
        [retriever, as_retriever(fake_sample_answerer, 5)], llm=MockLLM(), num_queries=1, similarity_top_k=5,
        mode="reciprocal_rerank", use_async=False,
    ).retrieve(QUESTION)  # fmt: skip
    assert fused[0].node.node_id == nodes[0].node.node_id
    assert len(fused) == 5
    assert [n.node.node_id for n in asyncio.run(retriever.aretrieve(QUESTION))] == [n.node.node_id for n in nodes]


def test_the_page_runs_and_names_what_a_node_has(
    fake_sample_answerer: Answerer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(qa.engine, "open_extractive", lambda _settings, _notify: fake_sample_answerer)
    known: dict[str, object] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(example, known)
    told = capsys.readouterr().out
    node = as_retriever(fake_sample_answerer, 3).retrieve(QUESTION)[0].node
    assert node.get_content() in told
    assert str(node.metadata["source_spans"]) in told
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    named = set(re.findall(r"`(\w+)`", " ".join(rows)))
    assert named == set(node.metadata) | {"node_id", "text", "score"}


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, qa.llama; print([m for m in ('llama_index', 'faiss', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
