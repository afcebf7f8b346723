"""Haystack by its guide to document search: an indexing pipeline and a query pipeline, all in memory."""

from importlib.metadata import version

from haystack import Pipeline
from haystack.components.converters import TextFileToDocument
from haystack.components.preprocessors import DocumentCleaner, DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

WORDS, OVERLAP = 150, 50


class Runner:
    """Pieces of 150 words with 50 of overlap, as in the guide; the model's own prefixes, as its card asks."""

    version = version("haystack-ai")

    def __init__(self, model: str) -> None:
        device = ComponentDevice.from_str("cpu")
        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self._indexing = Pipeline()
        self._indexing.add_component("read", TextFileToDocument())
        self._indexing.add_component("clean", DocumentCleaner())
        self._indexing.add_component(
            "split", DocumentSplitter(split_by="word", split_length=WORDS, split_overlap=OVERLAP)
        )
        documents = SentenceTransformersDocumentEmbedder(
            model=model, prefix="passage: ", device=device, progress_bar=False
        )
        self._indexing.add_component("embed", documents)
        self._indexing.add_component("write", DocumentWriter(self._store))
        for one, other in (("read", "clean"), ("clean", "split"), ("split", "embed"), ("embed", "write")):
            self._indexing.connect(one, other)
        questions = SentenceTransformersTextEmbedder(model=model, prefix="query: ", device=device, progress_bar=False)
        self._asking = Pipeline()
        self._asking.add_component("embed", questions)
        self._asking.add_component("retrieve", InMemoryEmbeddingRetriever(self._store))
        self._asking.connect("embed.embedding", "retrieve.query_embedding")
        self._indexing.warm_up()
        self._asking.warm_up()

    def index(self, document: str) -> int:
        """Run the indexing pipeline."""
        self._indexing.run({"read": {"sources": [document]}})
        return int(self._store.count_documents())

    def ask(self, question: str, k: int) -> list[str]:
        """Run the query pipeline."""
        done = self._asking.run({"embed": {"text": question}, "retrieve": {"top_k": k}})
        return [document.content for document in done["retrieve"]["documents"]]
