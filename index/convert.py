"""Writes the bundled weights once as an ordinary SentenceTransformer folder, with an ONNX encoder beside it."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from corpus.errors import ModelUnusableError
from index.adapter import Adapter
from index.quantized import QuantizedModel, read_model

PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
MAX_TOKENS = 512
PAD = 1
# Bumped when what is written changes, so that a folder of an older release is not taken for a good one.
LAYOUT = 1
# The folder takes 546 MiB.
ROOM = 600_000_000
# SentencePiece's nmt_nfkc rule: these controls vanish and these odd spaces become a space, before NFKC.
DROPPED = "[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"
SPACES = "[\u0009\u000a\u000c\u000d\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"


def convert_once(
    weights: Path, digest: str, adapter: Adapter | None, cache: Path, notify: Callable[[str], None]
) -> Path:
    """The model folder for these weights and this adapter, made on first use: complete or not there at all.

    `digest` is the sha256 of the weights; it and the adapter's name the folder. Two processes at once make it once.
    Raises ModelUnusableError when it cannot be written.
    """
    learned = f"-{adapter.digest[:8]}" if adapter else ""
    folder = cache / f"e5-small-{digest[:16]}{learned}-v{LAYOUT}"
    if folder.is_dir():
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if not folder.is_dir():
                notify("Het taalmodel wordt eenmalig klaargezet (ongeveer 550 MB schijfruimte, een halve minuut).")
                _write_whole(read_model(weights, adapter), folder)
    except OSError as error:
        raise ModelUnusableError(
            f"{cache}: kan het taalmodel hier niet klaarzetten ({error.strerror or error}). Er is {ROOM // 10**6} MB "
            f"schijfruimte nodig. Maak ruimte, of kies met de instelling cache een andere map."
        ) from error
    return folder


def _write_whole(model: QuantizedModel, folder: Path) -> None:
    """Write beside the folder's place, then move there in one step."""
    if shutil.disk_usage(folder.parent).free < ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    draft = folder.with_name(f"{folder.name}.new-{os.getpid()}")
    try:
        _write_folder(model, draft)
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_folder(model: QuantizedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    from index.graph import save_encoder

    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "2_Normalize").mkdir()
    (folder / "onnx").mkdir()
    save_file(_bert_tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _configuration(model).items():
        (folder / name).write_text(json.dumps(content, indent=2), encoding="utf-8")
    _tokenizer(model).save(str(folder / "tokenizer.json"))
    save_encoder(model, folder / "onnx" / "encoder.onnx")


def _bert_tensors(model: QuantizedModel) -> dict[str, Any]:
    """The tensors under the names transformers' BertModel uses, in its shapes."""
    hidden, wide = model.hidden, model.feed_forward
    tensors = {
        "embeddings.word_embeddings.weight": model.tensor("emb.word").reshape(model.vocabulary_size, hidden),
        "embeddings.position_embeddings.weight": model.tensor("emb.pos").reshape(model.positions, hidden),
        "embeddings.token_type_embeddings.weight": model.tensor("emb.type").reshape(model.token_types, hidden),
        "embeddings.LayerNorm.weight": model.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.tensor("emb.ln.b"),
    }
    dense = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "intermediate.dense": ("fi", wide, hidden),
        "output.dense": ("fo", hidden, wide),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for layer in range(model.layers):
        prefix = f"encoder.layer.{layer}."
        for name, (short, rows, columns) in dense.items():
            tensors[f"{prefix}{name}.weight"] = model.tensor(f"l{layer}.{short}.w").reshape(rows, columns)
            tensors[f"{prefix}{name}.bias"] = model.tensor(f"l{layer}.{short}.b")
        for name, short in norms.items():
            tensors[f"{prefix}{name}.weight"] = model.tensor(f"l{layer}.{short}.w")
            tensors[f"{prefix}{name}.bias"] = model.tensor(f"l{layer}.{short}.b")
    return {name: np.ascontiguousarray(values) for name, values in tensors.items()}


def _configuration(model: QuantizedModel) -> dict[str, Any]:
    bert = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": model.vocabulary_size,
        "hidden_size": model.hidden,
        "num_hidden_layers": model.layers,
        "num_attention_heads": model.heads,
        "intermediate_size": model.feed_forward,
        "max_position_embeddings": model.positions,
        "type_vocab_size": model.token_types,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "pad_token_id": PAD,
        "dtype": "float32",
    }
    tokenizer = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": MAX_TOKENS,
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
    }
    parts = [("", "models.Transformer"), ("1_Pooling", "models.Pooling"), ("2_Normalize", "models.Normalize")]
    modules = [
        {"idx": position, "name": str(position), "path": path, "type": f"sentence_transformers.{kind}"}
        for position, (path, kind) in enumerate(parts)
    ]
    return {
        "config.json": bert,
        "tokenizer_config.json": tokenizer,
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {"embedding_dimension": model.hidden, "pooling_mode": "mean", "include_prompt": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _tokenizer(model: QuantizedModel) -> Any:
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = model.pieces()
    tokenizer = Tokenizer(models.Unigram([(piece.text, piece.score) for piece in pieces], unk_id=model.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(DROPPED), ""),
            normalizers.Replace(Regex(SPACES), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    ids = {piece.text: number for number, piece in enumerate(pieces[:4])}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])],
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)])
    return tokenizer
