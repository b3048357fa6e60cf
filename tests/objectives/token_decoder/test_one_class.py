"""A class and its log-probabilities; the worst answer is sure of another."""

import pytest
import torch

from protea.errors import InputError
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.one_class import OneClassConfig, wrong_class
from protea.objectives.token_decoder.vocabulary import END, Vocabulary

GRAMMAR = OneClassConfig(num_classes=3).build(Vocabulary({"other": 2, "fold": 3}), "fold")


def test_the_score_is_the_row_of_the_classes() -> None:
    log_prob = torch.arange(40.0).reshape(2, 20)
    tokens = GRAMMAR.write(torch.tensor(1), Frame(4)).tokens
    first = GRAMMAR.classes.start
    assert tokens == (first + 1, END)
    assert GRAMMAR.score(tokens, log_prob[:, :], Frame(4)).tolist()[: 20 - first] == list(range(first, 20))[:3]


def test_a_class_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="a class from 0 to 2"):
        GRAMMAR.write(torch.tensor(3), Frame(1))


def test_the_wrong_class_is_never_the_right_one() -> None:
    label = torch.arange(4)
    found = wrong_class(label, 4)
    assert (found.argmax(-1) != label).all()
    assert torch.isfinite(found).all()
    assert torch.allclose(found.exp().sum(-1), torch.ones(4))
