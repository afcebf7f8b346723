"""Learns whether a text answers a question, and writes qa/data/bearing.npz: `python -m eval.adapt.bearing`.

From the passages that were written for this: the questions that each answers, those that it nearly does, and those
that assume what it contradicts; and the questions of one passage beside others of its document. Afterwards the refusing
has another feature: fit it again (`bronvast calibrate`, and `python -m eval.bench.refusal --write`).
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]
from torch import nn

from eval.adapt.material import NEAR, OWN, lines
from eval.adapt.measure import HELD_OUT
from eval.adapt.network import Network, Tokens
from index.encode import OnnxEncoder
from index.models import BUNDLED, find_model
from qa.bearing import FILE, bearing_bytes
from qa.settings import load_settings

PLACE = Path(__file__).parents[2] / "qa" / "data" / FILE
STEPS, BATCH, RATE, WARM_UP, LOWEST, DECAY = 5000, 64, 1e-3, 50, 0.02, 0.05
# Of the passages most like a question, besides its own, one of these is what does not answer it.
ALIKE = 4
# How often a passage is read whole, and not only its sentence that is most like the question.
WHOLE = 0.5
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9'\"“‘])")
EVERY = 500
# Of a text at most this many characters are read, with the title above it.
LONGEST = 250


@dataclass(frozen=True, slots=True)
class Passage:
    """Token vectors of a passage whole and by sentence, and the unit vectors of these."""

    document: str
    whole: NDArray[np.float16]
    sentences: Tokens
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the passage it is about, whether that answers it, and other passages of the document like it."""

    tokens: NDArray[np.float16]
    vector: NDArray[np.float32]
    own: int
    answered: bool
    others: Sequence[int]


@dataclass(frozen=True, slots=True)
class Material:
    """All passages and all questions about them."""

    passages: Sequence[Passage]
    asked: Sequence[Asked]

    def text(self, asked: Asked, position: int, whole: bool) -> NDArray[np.float16]:
        """What is read of a passage for a question."""
        passage = self.passages[position]
        return passage.whole if whole else passage.sentences[int((passage.vectors @ asked.vector).argmax())]


def main() -> None:
    """Learn, write the file, and say what it tells apart in documents that were not learned from."""
    arguments = _arguments()
    settings = load_settings()
    torch.set_num_threads(settings.thread_count)
    torch.manual_seed(arguments.seed)
    encoder = OnnxEncoder(find_model(BUNDLED, settings.cache, print), settings.thread_count)
    material, unseen = (read_material(paths, encoder) for paths in ((OWN, NEAR), (HELD_OUT,)))
    print(f"{len(material.asked)} questions about {len(material.passages)} passages", flush=True)
    network = Network(encoder.dimension)
    _learn(network, material, unseen, arguments.steps, Random(arguments.seed))  # noqa: S311
    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    arguments.out.write_bytes(bearing_bytes(weights, encoder.fingerprint))
    print(f"written: {arguments.out}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.adapt.bearing", description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=PLACE)
    return parser.parse_args()


def read_material(paths: Sequence[Path], encoder: OnnxEncoder) -> Material:
    """The passages and questions in some files, with their token vectors."""
    passages, rows = [], [row for path in paths for row in lines(path)]
    for row in rows:
        texts = [row["text"], *SENTENCE_END.split(row["text"])]
        read = [encoder.encode_tokens(beneath(row["section"], text), "passage") for text in texts]
        vectors = np.asarray([_mean(one) for one in read], np.float32)
        halves = [one.astype(np.float16) for one in read]
        passages.append((Passage(row["document"], halves[0], halves[1:], vectors[1:]), vectors[0]))
    asked = []
    for own, row in enumerate(rows):
        same = [n for n, (one, _) in enumerate(passages) if one.document == row["document"] and n != own]
        for kind in ("questions", "near", "wrong"):
            for text in row[kind]:
                tokens = encoder.encode_tokens(text, "query")
                vector = _mean(tokens)
                others = sorted(same, key=lambda n: -float(passages[n][1] @ vector))[:ALIKE]
                asked.append(Asked(tokens.astype(np.float16), vector, own, kind == "questions", others))
    return Material([passage for passage, _ in passages], asked)


def beneath(title: str, text: str) -> str:
    """A text under its title, cut off at LONGEST characters."""
    words = " ".join(text.split())
    shown = words if len(words) <= LONGEST else words[:LONGEST].rpartition(" ")[0]
    return f"{title}\n{shown}"


def _mean(tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    mean = tokens.mean(0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def _learn(network: Network, material: Material, unseen: Material, steps: int, random: Random) -> None:
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    pairs: list[tuple[Asked, int, bool]] = []
    losses: list[float] = []
    for step in range(1, steps + 1):
        if len(pairs) < BATCH:
            pairs = _pairs(material, random)
        batch, pairs = pairs[:BATCH], pairs[BATCH:]
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, step / WARM_UP) * max(LOWEST, 1 - step / (steps + 1))
        texts = [material.text(asked, position, random.random() < WHOLE) for asked, position, _ in batch]
        target = torch.tensor([float(answers) for _, _, answers in batch])
        odds = network([asked.tokens for asked, _, _ in batch], texts)
        loss = nn.functional.binary_cross_entropy_with_logits(odds, target)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
        if step % EVERY == 0 or step == steps:
            print(f"step {step}, loss {np.mean(losses[-EVERY:]):.3f}; {_told_apart(network, unseen)}", flush=True)
    network.eval()


def _pairs(material: Material, random: Random) -> list[tuple[Asked, int, bool]]:
    """Every question with its passage, and those that are answered with another passage too."""
    pairs = [(asked, asked.own, asked.answered) for asked in material.asked]
    pairs += [(asked, random.choice(asked.others), False) for asked in material.asked if asked.answered]
    random.shuffle(pairs)
    return pairs


def _told_apart(network: Network, unseen: Material) -> str:
    """The area under the curve: answered questions against those that nearly are, and against other passages."""
    network.eval()
    answered = [asked for asked in unseen.asked if asked.answered]
    nearly = [asked for asked in unseen.asked if not asked.answered]
    right = _odds(network, unseen, answered, [asked.own for asked in answered])
    near = _odds(network, unseen, nearly, [asked.own for asked in nearly])
    other = _odds(network, unseen, answered, [asked.others[0] for asked in answered])
    network.train()
    areas = [
        roc_auc_score(np.r_[np.ones(len(right)), np.zeros(len(wrong))], np.r_[right, wrong]) for wrong in (near, other)
    ]
    return f"unseen: nearly answered {areas[0]:.3f}, other passage {areas[1]:.3f}"


def _odds(
    network: Network, material: Material, asked: Sequence[Asked], positions: Sequence[int]
) -> NDArray[np.float32]:
    texts = [material.text(one, position, False) for one, position in zip(asked, positions, strict=True)]
    with torch.no_grad():
        parts = [
            network([one.tokens for one in asked[start : start + BATCH]], texts[start : start + BATCH]).numpy()
            for start in range(0, len(asked), BATCH)
        ]
    return np.concatenate(parts)


if __name__ == "__main__":
    main()
