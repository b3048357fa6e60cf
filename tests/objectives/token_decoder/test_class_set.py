"""Sets are written in rising order; the empty set is a label."""

import pytest
import torch

from protea.errors import InputError
from protea.objectives.token_decoder.class_set import ClassSetConfig
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.vocabulary import END, Vocabulary

GRAMMAR = ClassSetConfig(num_classes=4).build(Vocabulary({"terms": 4}), "terms")
FIRST = GRAMMAR.classes.start


def test_classes_rise() -> None:
    assert GRAMMAR.write(torch.tensor([0, 1, 0, 1]), Frame(9)).tokens == (FIRST + 1, FIRST + 3, END)
    assert GRAMMAR.write(torch.zeros(4), Frame(9)).tokens == (END,)
    for wrong in ((FIRST + 3, FIRST + 1, END), (FIRST + 1, FIRST + 1, END)):
        with pytest.raises(InputError, match="terms: no label"):
            GRAMMAR.parse(wrong, Frame(9))


def test_the_score_is_one_per_class() -> None:
    log_prob = torch.full((2, GRAMMAR.vocabulary.num_texts), 0.2).log()
    found = GRAMMAR.score((FIRST + 2, END), log_prob, Frame(1))
    # Of equal shares: 1 of 5 left, of 4, of 3; then class 3 or the end.
    assert found.tolist() == pytest.approx([1 / 5, 1 / 4, 1 / 3, 1 / 2])


def test_another_number_of_classes_is_refused() -> None:
    with pytest.raises(InputError, match="4 of 0 and 1"):
        GRAMMAR.write(torch.zeros(3), Frame(1))
