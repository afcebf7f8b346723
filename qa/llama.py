"""Bronvast as a retriever for LlamaIndex: what it finds, as nodes that any program built on it can use."""

from typing import TYPE_CHECKING, Any

from qa.answer import Answerer
from qa.model import FoundPassage

if TYPE_CHECKING:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle

# For programs, not for a language model: these would only stand in the way of the words.
FOR_PROGRAMS = ["document", "sections", "source_spans", "sha256"]


def as_retriever(answerer: Answerer, k: int = 10) -> "BaseRetriever":
    """A LlamaIndex retriever that finds the `k` best passages, all of different places, best first.

    The text of a node is a slice of its document. The same question gives the same nodes on every run.
    """
    from llama_index.core.retrievers import BaseRetriever

    if k < 1:
        raise ValueError(f"k = {k}: expected 1 or more")

    class BronvastRetriever(BaseRetriever):  # type: ignore[misc]  # a library without types here
        """Searches as the answerer does."""

        def _retrieve(self, query_bundle: "QueryBundle") -> "list[NodeWithScore]":
            question = " ".join(query_bundle.query_str.split())
            if not any(letter.isalnum() for letter in question):
                return []
            return [_node(answerer, found) for found in answerer.found(answerer.retriever.retrieve(question, k))]

    return BronvastRetriever()


def _node(answerer: Answerer, found: FoundPassage) -> "NodeWithScore":
    from llama_index.core.schema import NodeWithScore, TextNode

    passage, document = found.hit.passage, answerer.index.documents[found.hit.passage.document_id]
    metadata: dict[str, Any] = {
        "title": document.title,
        **found.place.to_record(),
        "document": document.id,
        "source_spans": [list(span) for span in document.source_spans(passage.start, passage.end)],
        "sha256": document.sha256,
    }
    node = TextNode(
        id_=passage.id,
        text=found.text,
        metadata=metadata,
        excluded_llm_metadata_keys=FOR_PROGRAMS,
        excluded_embed_metadata_keys=FOR_PROGRAMS,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
    )
    return NodeWithScore(node=node, score=found.hit.score)
