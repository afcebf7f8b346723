"""Low-rank matrices beside the weights of a BERT encoder, the only things that learn (Hu et al., 2021, "LoRA")."""

import math
from typing import Any

import torch
from torch import Tensor, nn

RANK = 8
# From this layer on; below it the model stays as it is, which halves the time of a step.
FIRST_LAYER = 4
MATRICES = ("q", "v", "fi", "fo")


class LowRank(nn.Module):
    """A linear layer and a product of two small matrices that is added to it; the product starts as zero."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, values: Tensor) -> Tensor:
        """What the layer gives, with the change."""
        changed: Tensor = self.layer(values) + values @ self.down.T @ self.up.T
        return changed


def add_low_rank(model: Any, rank: int = RANK, first_layer: int = FIRST_LAYER) -> dict[str, LowRank]:
    """Freeze a transformers BertModel and give its matrices something that learns; by the name of the weight."""
    for parameter in model.parameters():
        parameter.requires_grad = False
    added = {}
    for number, layer in enumerate(model.encoder.layer):
        if number < first_layer:
            continue
        attention = layer.attention.self
        places = {
            "q": (attention, "query"),
            "v": (attention, "value"),
            "fi": (layer.intermediate, "dense"),
            "fo": (layer.output, "dense"),
        }
        for short in MATRICES:
            owner, name = places[short]
            changed = LowRank(getattr(owner, name), rank)
            setattr(owner, name, changed)
            added[f"l{number}.{short}.w"] = changed
    return added
