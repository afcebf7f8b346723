"""From the settings to a connected model: the LlamaIndex classes for what servers speak."""

from typing import Any

from corpus.errors import InputError
from qa.written.connect import LanguageModel
from qa.written.options import LanguageModelOptions


def open_model(options: LanguageModelOptions) -> LanguageModel:
    """Connect by the settings, through LlamaIndex. Nothing is sent yet. Raises BronvastError with the cure."""
    try:
        return _ollama(options) if options.kind == "ollama" else _openai_like(options)
    except ImportError as error:
        raise InputError(
            f"Voor het taalmodel ontbreekt een pakket ({error.name}). "
            "Installeer het met: pip install 'bronvast[taalmodel]'"
        ) from error


def _openai_like(options: LanguageModelOptions) -> LanguageModel:
    from llama_index.llms.openai_like import OpenAILike

    from qa.written.transport import BoundedTransport, bounded_client

    transport = BoundedTransport()
    llm = OpenAILike(
        model=options.model,
        api_base=options.url,
        api_key=options.key or "geen",
        is_chat_model=True,
        temperature=0.0,
        max_tokens=options.max_tokens,
        max_retries=0,
        timeout=options.timeout,
        http_client=bounded_client(transport),
    )

    def shape(schema: dict[str, Any] | None) -> dict[str, Any]:
        extras: dict[str, Any] = {"stream_options": {"include_usage": True}, "seed": 1}
        named = {"name": "antwoord", "schema": schema, "strict": True}
        held = {"response_format": {"type": "json_schema", "json_schema": named}} if schema else {}
        return extras | held

    return LanguageModel(llm, options, transport.set_deadline, shape)


def _ollama(options: LanguageModelOptions) -> LanguageModel:
    from llama_index.llms.ollama import Ollama
    from ollama import Client

    from qa.written.transport import BoundedTransport

    transport = BoundedTransport()
    headers = {"Authorization": f"Bearer {options.key}"} if options.key else {}
    client = Client(
        host=options.url, transport=transport, follow_redirects=False, trust_env=False, headers=headers,
        timeout=options.timeout,
    )  # fmt: skip
    limits = {"num_predict": options.max_tokens, "seed": 1}
    llm = Ollama(model=options.model, client=client, temperature=0.0, context_window=8192, additional_kwargs=limits)
    return LanguageModel(llm, options, transport.set_deadline, lambda schema: {"format": schema} if schema else {})
