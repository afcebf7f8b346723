"""What sentences show by their form is looked at once, and says what looking at each says."""

import numpy as np
import pytest

from index.store import Index
from qa.forms import SeenForms
from qa.sentence import Expected, gives, only_refers, starts_loosely


def test_forms_say_what_the_sentences_say(sample_index: Index) -> None:
    positions = np.arange(len(sample_index.sentences))[::2]
    texts = sample_index.sentences.texts(positions)
    forms = SeenForms(sample_index.sentences).at(positions)
    assert forms.loose.tolist() == [starts_loosely(text) for text in texts]
    assert forms.refer.tolist() == [only_refers(text) for text in texts]
    assert forms.words.tolist() == [len(text.split()) for text in texts]
    for kind in Expected:
        assert forms.give(kind).tolist() == [gives(text, kind) for text in texts]
        assert forms.give(kind).any()
    assert not forms.give(None).any()


def test_sentences_are_looked_at_once(sample_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = SeenForms(sample_index.sentences)
    first = seen.at([3, 1, 4])
    monkeypatch.setattr(sample_index.sentences, "texts", lambda _: pytest.fail("looked at again"))
    again = seen.at([4, 3])
    assert again.words.tolist() == first.words[[2, 0]].tolist()
    assert again.flags.tolist() == first.flags[[2, 0]].tolist()
