"""What learning brings on made-up documents that it never saw: `python -m eval.adapt.measure`.

Each question is compared with every passage of its document. The same kind of writer made these passages and those
that were learned from, so what other documents gain is less; bronvast eval and xquad-nl say how much.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.adapt.material import Item, own_items
from index.encode import Encoder, load_encoder
from index.models import BUNDLED, UNADAPTED, find_model
from qa.settings import load_settings

HELD_OUT = Path(__file__).parent / "held_out.jsonl"
DEPTHS = (1, 3, 5)


def main() -> None:
    """Print the figures of both models."""
    settings = load_settings()
    items = own_items(HELD_OUT)
    print(f"{len(items)} questions about {len({item.document for item in items})} documents")
    for name in (UNADAPTED, BUNDLED):
        encoder = load_encoder(find_model(name, settings.cache, print), "onnx", settings.thread_count)
        found = ranks(encoder, items)
        print(name, " ".join(f"hit@{depth} {np.mean(found <= depth):.3f}" for depth in DEPTHS), flush=True)


def ranks(encoder: Encoder, items: Sequence[Item]) -> NDArray[np.int64]:
    """The rank of the passage that answers each question, among those of its document, from 1; `(len(items),)`."""
    spans = list(dict.fromkeys(item.span for item in items))
    place = {span: number for number, span in enumerate(spans)}
    own = np.asarray([place[item.span] for item in items])
    texts = {item.span: item.texts[0] for item in items}
    documents = {item.span: item.document for item in items}
    passages = encoder.encode_passages([texts[span] for span in spans])
    cosines = encoder.encode_queries([item.question for item in items]) @ passages.T
    same = np.asarray([[documents[span] == item.document for span in spans] for item in items])
    right = cosines[np.arange(len(items)), own]
    return np.asarray(((cosines > right[:, None]) & same).sum(1) + 1, np.int64)


if __name__ == "__main__":
    main()
