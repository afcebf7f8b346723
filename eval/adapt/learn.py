"""Learns which text belongs beside a question.

Contrastive, with the other texts and questions of a batch as what does not belong (van den Oord et al., 2018,
InfoNCE), in both directions.
"""

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from eval.adapt.lora import LowRank
from eval.adapt.material import Item, batches
from index.convert import PAD, PROMPTS

STEPS, BATCH = 150, 48
RATE, WARM_UP, LOWEST = 5e-4, 10, 0.05
TEMPERATURE = 0.03
LONGEST = 160
# Texts of like length are encoded together, in this many parts of a batch.
PARTS = 4
IMPOSSIBLE = -1e4


def learn(
    model: Any,
    tokenizer: Any,
    added: dict[str, LowRank],
    items: Sequence[Item],
    told: Callable[[int, float], None],
    steps: int = STEPS,
    seed: int = 0,
    rate: float = RATE,
) -> None:
    """Change what was added to the model. `told` gets the step, from 1, and its loss."""
    random = Random(seed)  # noqa: S311
    optimizer = torch.optim.AdamW([p for one in added.values() for p in (one.down, one.up)], lr=rate, weight_decay=0.01)
    for step, batch in enumerate(batches(items, BATCH, steps, random), start=1):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, step / WARM_UP) * max(LOWEST, 1 - step / (steps + 1))
        loss = _loss(model, tokenizer, batch, random)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        told(step, loss.item())


def factors(added: dict[str, LowRank], share: float) -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """`(down, up)` by the name of the weight, with only this share of what was learned."""
    return {name: (one.down.detach().numpy(), (share * one.up.detach()).numpy()) for name, one in added.items()}


def _loss(model: Any, tokenizer: Any, batch: Sequence[Item], random: Random) -> Tensor:
    count = len(batch)
    asked = [PROMPTS["query"] + item.question for item in batch]
    vectors = encode(model, tokenizer, [*asked, *(item.positive(random) for item in batch)])
    same = [[i != j and one.overlaps(other) for j, other in enumerate(batch)] for i, one in enumerate(batch)]
    alike = (vectors[:count] @ vectors[count:].T / TEMPERATURE).masked_fill(torch.tensor(same), IMPOSSIBLE)
    right = torch.arange(count)
    return (nn.functional.cross_entropy(alike, right) + nn.functional.cross_entropy(alike.T, right)) / 2


def encode(model: Any, tokenizer: Any, texts: Sequence[str]) -> Tensor:
    """Unit vectors `(n, hidden)` that can be learned from."""
    order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
    size = math.ceil(len(order) / PARTS)
    parts = [order[start : start + size] for start in range(0, len(order), size)]
    vectors = torch.cat([_encode_padded(model, tokenizer, [texts[position] for position in part]) for part in parts])
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return vectors[back]


def _encode_padded(model: Any, tokenizer: Any, texts: Sequence[str]) -> Tensor:
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    ids = [torch.tensor(encoded.ids) for encoded in tokenizer.encode_batch(list(texts))]
    tokens = nn.utils.rnn.pad_sequence(ids, batch_first=True, padding_value=PAD)
    mask = (tokens != PAD).long()
    hidden = model(input_ids=tokens, attention_mask=mask).last_hidden_state
    pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return nn.functional.normalize(pooled, dim=1)
