"""The same BERT encoder as an ONNX graph, for a quick start: ONNX Runtime needs neither torch nor transformers.

Architecture: Devlin et al., 2019, "BERT". Word vectors are looked up outside the graph, from the memory-mapped
weights, so that a cold start does not read the 384 MB table.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from index.quantized import QuantizedModel

OPSET, IR_VERSION = 20, 10


class _Graph:
    """Collects nodes and weights; every method returns the name of the value it made."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def weight(self, name: str, values: NDArray[Any]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        output = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], domain=domain, **attributes))
        return output


def save_encoder(model: QuantizedModel, path: Path) -> None:
    """Write the graph: `embeddings` (batch, length, hidden) float32, word plus position plus type vectors, and
    `mask` (batch, length) int32, 1 for a token and 0 for padding; `tokens` (batch, length, hidden) float32.
    """
    graph = _Graph()
    values = _layer_norm(graph, model, "embeddings", "emb.ln")
    for layer in range(model.layers):
        values = _layer(graph, model, values, f"l{layer}")
    graph.nodes.append(helper.make_node("Identity", [values], ["tokens"]))
    shape = ["batch", "length", model.hidden]
    body = helper.make_graph(
        graph.nodes,
        "e5",
        [
            helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, shape),
            helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "length"]),
        ],
        [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, shape)],
        graph.weights,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(body, opset_imports=opsets, ir_version=IR_VERSION), str(path))


def _layer(graph: _Graph, model: QuantizedModel, values: str, name: str) -> str:
    hidden, wide = model.hidden, model.feed_forward
    query = _dense(graph, model, values, f"{name}.q", hidden, hidden)
    key = _dense(graph, model, values, f"{name}.k", hidden, hidden)
    value = _dense(graph, model, values, f"{name}.v", hidden, hidden)
    attended = graph.node(
        "MultiHeadAttention", query, key, value, "", "mask", domain="com.microsoft", num_heads=model.heads
    )
    mixed = _dense(graph, model, attended, f"{name}.ao", hidden, hidden)
    values = _layer_norm(graph, model, graph.node("Add", values, mixed), f"{name}.aln")
    inner = graph.node("Gelu", _dense(graph, model, values, f"{name}.fi", wide, hidden))
    outer = _dense(graph, model, inner, f"{name}.fo", hidden, wide)
    return _layer_norm(graph, model, graph.node("Add", values, outer), f"{name}.oln")


def _dense(graph: _Graph, model: QuantizedModel, values: str, name: str, rows: int, columns: int) -> str:
    weight = graph.weight(f"{name}.w", model.tensor(f"{name}.w").reshape(rows, columns).T)
    bias = graph.weight(f"{name}.b", model.tensor(f"{name}.b"))
    return graph.node("Add", graph.node("MatMul", values, weight), bias)


def _layer_norm(graph: _Graph, model: QuantizedModel, values: str, name: str) -> str:
    scale = graph.weight(f"{name}.w", model.tensor(f"{name}.w"))
    bias = graph.weight(f"{name}.b", model.tensor(f"{name}.b"))
    return graph.node("LayerNormalization", values, scale, bias, axis=-1, epsilon=float(model.layer_norm_eps))
