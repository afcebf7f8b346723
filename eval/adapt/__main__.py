"""Learns the adapter of the bundled model and writes it: `python -m eval.adapt [--document FILE ...]`.

Learns from the passages that were written for this (`eval/adapt/passages.jsonl`), and from what was written for the
documents given. Afterwards the model is another one: index again, fit the weights and the refusing again.
"""

import argparse
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from eval.adapt.learn import STEPS, factors, learn
from eval.adapt.lora import add_low_rank
from eval.adapt.material import own_items, written_items
from index.adapter import FILE, adapter_bytes
from index.models import UNADAPTED, find_model
from qa.settings import load_settings

# What was learned counts for this part: all of it harms what lies far from reports (docs/zoekmodel.md).
SHARE = 0.6
PLACE = Path(__file__).parents[2] / "index" / "data" / FILE
EVERY = 10


def main() -> None:
    """Learn, and write the file."""
    arguments = _arguments()
    settings = load_settings()
    torch.set_num_threads(settings.thread_count)
    torch.manual_seed(arguments.seed)
    folder = find_model(UNADAPTED, settings.cache, print).path
    model = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    items = own_items()
    for document in arguments.document:
        items += written_items(document)
    print(f"{len(items)} questions about {len({item.document for item in items})} documents")
    added = add_low_rank(model)
    learn(model, tokenizer, added, items, _told, arguments.steps, arguments.seed)
    arguments.out.write_bytes(adapter_bytes(factors(added, arguments.share)))
    print(f"written: {arguments.out}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.adapt", description=__doc__)
    parser.add_argument("--document", type=Path, action="append", default=[], help="a document with its enrichment")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=SHARE, help="how far the weights move, 0 to 1")
    parser.add_argument("--out", type=Path, default=PLACE)
    return parser.parse_args()


def _told(step: int, loss: float) -> None:
    if step % EVERY == 0:
        print(f"step {step}, loss {loss:.3f}", flush=True)


if __name__ == "__main__":
    main()
