"""The network of `qa/bearing.py`, as it learns. Decomposable attention (Parikh et al., 2016)."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from qa.bearing import SCALE

REDUCED, MET, BEFORE, DECIDED = 96, 48, 96, 32
DROPOUT = 0.2
NOTHING = -9e3

Tokens = Sequence[NDArray[np.float16]]


class Network(nn.Module):
    """Token vectors of questions and texts in, log-odds out; the names of its layers are those in the file."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.reduce = nn.Linear(hidden, REDUCED)
        self.meet1, self.meet2 = nn.Linear(3 * REDUCED + 2, BEFORE), nn.Linear(BEFORE, MET)
        self.weigh = nn.Linear(REDUCED, 1)
        self.decide1, self.decide2 = nn.Linear(2 * MET + 1, DECIDED), nn.Linear(DECIDED, 1)
        self.sharp = nn.Parameter(torch.tensor(15.0))
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, questions: Tokens, texts: Tokens) -> Tensor:
        """`(n,)`."""
        (asked, asking), (said, saying) = _padded(questions), _padded(texts)
        mean = nn.functional.cosine_similarity(asked.sum(1), said.sum(1))
        asked, said = (nn.functional.normalize(one, dim=2) for one in (asked, said))
        cosines = torch.einsum("bqh,bph->bqp", asked, said).masked_fill(~saying[:, None], NOTHING)
        attention = torch.softmax(self.sharp * cosines, 2)
        own = self.reduce(self.drop(SCALE * asked))
        other = torch.bmm(attention, self.reduce(SCALE * said))
        spread = -(attention * torch.log(attention + 1e-9)).sum(2)
        beside = torch.cat([own, other, own * other, cosines.max(2).values[..., None], spread[..., None]], 2)
        met = torch.relu(self.meet2(self.drop(torch.relu(self.meet1(beside)))))
        weight = torch.softmax(self.weigh(own)[..., 0].masked_fill(~asking, NOTHING), 1)
        highest = met.masked_fill(~asking[..., None], NOTHING).max(1).values
        whole = torch.cat([(met * weight[..., None]).sum(1), highest, SCALE * mean[:, None]], 1)
        decided: Tensor = self.decide2(torch.relu(self.decide1(whole)))[:, 0]
        return decided


def _padded(tokens: Tokens) -> tuple[Tensor, Tensor]:
    """`(n, longest, hidden)`, zero beyond a text's end, and `(n, longest)`: whether a token stands there."""
    padded = nn.utils.rnn.pad_sequence([torch.from_numpy(one.astype(np.float32)) for one in tokens], batch_first=True)
    lengths = torch.tensor([len(one) for one in tokens])
    return padded, torch.arange(padded.shape[1])[None] < lengths[:, None]
