"""LlamaIndex by its starter example with local models: read a folder, index it, retrieve."""

from importlib.metadata import version

from llama_index.core import Settings, SimpleDirectoryReader, VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


class Runner:
    """A VectorStoreIndex with default pieces; the model's own prefixes, as its card asks."""

    version = version("llama-index-core")

    def __init__(self, model: str) -> None:
        Settings.embed_model = HuggingFaceEmbedding(
            model_name=model, query_instruction="query: ", text_instruction="passage: ", device="cpu"
        )

    def index(self, document: str) -> int:
        """Read and index."""
        documents = SimpleDirectoryReader(input_files=[document]).load_data()
        self._index = VectorStoreIndex.from_documents(documents)
        return len(self._index.docstore.docs)

    def ask(self, question: str, k: int) -> list[str]:
        """What the index retrieves."""
        found = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [node.get_content() for node in found]
