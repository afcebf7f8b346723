"""What the bundled model learned besides: a small file that is added to the weights, and how it is made."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from corpus.errors import InputError, ModelUnusableError
from eval.adapt.learn import encode, factors, learn
from eval.adapt.lora import add_low_rank
from eval.adapt.material import OWN, Item, batches, own_items, written_items
from eval.adapt.measure import HELD_OUT, ranks
from fakes import FakeEncoder
from index.adapter import Adapter, adapter_bytes, parse_adapter, shipped_adapter
from index.models import ModelFolder
from index.quantized import bundled_file, read_model

DOWN, UP = np.ones((1, 3), np.float32), np.full((2, 1), 0.5, np.float32)


def test_a_file_gives_back_what_went_in_and_is_the_same_each_time() -> None:
    data = adapter_bytes({"l0.q.w": (DOWN, UP)})
    adapter = parse_adapter(data)
    assert adapter_bytes({"l0.q.w": (DOWN, UP)}) == data
    assert adapter.change("l0.q.w") == pytest.approx(np.full(6, 0.5))
    assert adapter.change("l0.k.w") is None


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half a file", "cut"])
def test_a_damaged_adapter_is_named_with_the_cure(damage: bytes | str) -> None:
    data = adapter_bytes({"l0.q.w": (DOWN, UP)})
    with pytest.raises(ModelUnusableError, match=r"adapter\.npz is beschadigd.*opnieuw"):
        parse_adapter(data[: len(data) // 2] if isinstance(damage, str) else damage)


def test_the_shipped_adapter_fits_the_bundled_weights_and_is_small() -> None:
    adapter, plain = shipped_adapter(), read_model(bundled_file())
    adapted = read_model(bundled_file(), adapter)
    assert sum(down.nbytes + up.nbytes for down, up in adapter.factors.values()) < 2_000_000
    for name in adapter.factors:
        before, after = plain.tensor(name), adapted.tensor(name)
        change = np.linalg.norm(after - before) / np.linalg.norm(before)
        assert 0 < change < 0.5
    assert np.array_equal(plain.tensor("emb.ln.w"), adapted.tensor("emb.ln.w"))


def test_other_learning_makes_another_model(bundled: ModelFolder) -> None:
    digest = shipped_adapter().digest[:8]
    assert bundled.fingerprint.endswith(f"+{digest}")
    assert digest in bundled.path.name


def test_the_written_passages_are_whole_and_told_apart() -> None:
    items = own_items()
    assert len({item.question for item in items}) == len(items)
    for item in items:
        assert len(item.siblings) == 5
    assert len({item.span for item in items}) * 6 == len(items)


def test_what_is_measured_on_was_not_learned_from() -> None:
    learned, measured = own_items(), own_items(HELD_OUT)
    assert not {item.document for item in learned} & {item.document for item in measured}


def test_a_rank_counts_the_passages_of_the_same_document_alone() -> None:
    items = [
        item(0, "rode bus", "De rode bus rijdt."),
        item(1, "rode bus rijdt", "Een molen draait."),
        replace(item(2, "dorp", "De rode bus rijdt in een dorp."), document="another"),
    ]
    assert ranks(FakeEncoder(), items).tolist() == [1, 2, 1]


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "passages.jsonl"
    path.write_text(OWN.read_text(encoding="utf-8").splitlines()[0] + '\n{"document": "x"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"passages\.jsonl, regel 2"):
        own_items(path)


def test_a_document_without_written_questions_teaches_nothing() -> None:
    assert written_items(Path("corpus/sample/evaluatie-regioplan-veenkamp.txt")) == []


def test_a_batch_is_about_one_document() -> None:
    for batch in batches(own_items(), 20, 5, Random(1)):
        assert len(batch) == len({item.question for item in batch}) == 20
        assert len({item.document for item in batch}) == 1


def item(number: int, question: str, text: str) -> Item:
    return Item("made up", question, (number, number + 1), (text,), (text,), "", ())


def test_learning_brings_a_question_and_its_text_together(bundled: ModelFolder) -> None:
    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(bundled.path / "tokenizer.json"))
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    model = BertModel(BertConfig(vocab_size=tokenizer.get_vocab_size(), **sizes), add_pooling_layer=False).eval()
    items = [
        item(0, "Wat kost de bus?", "Een rit is 2 euro."),
        item(1, "Wie leidt de school?", "Directeur is mevrouw Bakema."),
        item(2, "Waar staat de molen?", "Aan de dijk draait al eeuwen een oude molen."),
        item(3, "Wanneer sluit de winkel?", "Na zessen gaan de deuren dicht."),
    ]
    texts = [text for one in items for text in (f"query: {one.question}", f"passage: {one.texts[0]}")]
    added = add_low_rank(model, first_layer=1)
    assert all(name.startswith("l1.") for name in added)
    before = encode(model, tokenizer, texts).detach()
    losses: list[float] = []
    learn(model, tokenizer, added, items, lambda _step, loss: losses.append(loss), steps=60, rate=0.02)
    after = encode(model, tokenizer, texts).detach()
    assert losses[-1] < losses[0] / 2
    assert margin(after) > margin(before)
    adapter = parse_adapter(adapter_bytes(factors(added, 0.5)))
    whole = (added["l1.q.w"].up @ added["l1.q.w"].down).detach().numpy().reshape(-1)
    assert adapter.change("l1.q.w") == pytest.approx(whole / 2, abs=1e-3)


def margin(vectors: torch.Tensor) -> float:
    """How much nearer a question is to its own text than to the others."""
    near = vectors[::2] @ vectors[1::2].T
    others = near.sum() - near.trace()
    return float(near.trace() / len(near) - others / (len(near) * (len(near) - 1)))


def test_an_adapter_is_told_by_its_bytes() -> None:
    one, other = (parse_adapter(adapter_bytes({"l0.q.w": (DOWN, factor * UP)})) for factor in (1, 2))
    assert isinstance(one, Adapter)
    assert one.digest != other.digest
