"""The ablation table: one row a variant, the whole last, and said so where the external set is missing."""

from pathlib import Path

import pytest

from corpus.errors import InputError
from eval import ablation
from eval.gold import bundled_gold, read_gold
from eval.wordings import WORDINGS, RewordingRetriever, in_parts, letter_groups
from qa.answer import Answerer

SAMPLE = [read_gold(path) for path in bundled_gold() if path.name == "sample.jsonl"]


def test_every_variant_is_a_row_and_is_tested_against_the_whole(
    sample_answerer: Answerer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "alleen woorden (BM25)"
    monkeypatch.setattr(ablation, "VARIANTS", {name: ablation.VARIANTS[name] for name in (words, ablation.ALL)})
    monkeypatch.setattr(ablation, "FOLDER", tmp_path / "weg")
    said: list[str] = []
    ablation.write_ablation(sample_answerer, SAMPLE, tmp_path / "ablatie.md", said.append)
    text = (tmp_path / "ablatie.md").read_text(encoding="utf-8")
    rows = {
        line.split(" | ")[0].strip("| "): line.strip("| ").split(" | ") for line in text.splitlines() if "|" in line
    }
    assert len(rows["variant"]) == len(ablation.COLUMNS) + 5
    assert rows[words][-4].startswith("-")
    ndcg = list(ablation.COLUMNS).index("nDCG@10") + 1
    assert rows[ablation.ALL][ndcg] > rows[words][ndcg]
    assert "stond bij deze meting niet in" in text
    assert "weights" not in vars(sample_answerer)
    with pytest.raises(InputError, match="--markdown"):
        ablation.write_ablation(sample_answerer, SAMPLE, tmp_path / "weg" / "ablatie.md", said.append)


@pytest.mark.parametrize("name", WORDINGS)
def test_other_words_are_looked_for(sample_answerer: Answerer, name: str) -> None:
    retriever = sample_answerer.retriever
    other = RewordingRetriever(retriever.index, retriever.encoder, WORDINGS[name])
    text = "Wat zegt de wethouder van Dorpstad over 12 schoolwoningen?"
    (question, vector), (reworded, same) = retriever.read(text), other.read(text)
    assert (vector == same).all()
    here, there = retriever.index.words, other.index.words
    changed = reworded.sought != question.sought
    assert changed or (here.scores(question.sought) != there.scores(question.sought)).any()
    assert [hit.rank for hit in other.retrieve(text, 5).hits] == [1, 2, 3, 4, 5]


def test_letter_groups_and_parts_come_beside_the_words(sample_answerer: Answerer) -> None:
    assert letter_groups("De scholen") == "De scholen schol chole holen"
    assert in_parts(sample_answerer.index)("Een schoolbuurtbus") == "Een schoolbuurtbus school buurtbus"
