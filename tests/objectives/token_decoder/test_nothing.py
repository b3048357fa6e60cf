"""The only string is the end."""

import pytest
import torch

from protea.errors import InputError
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.nothing import NothingConfig
from protea.objectives.token_decoder.vocabulary import END, Vocabulary

GRAMMAR = NothingConfig().build(Vocabulary({"none": 0}), "none")


def test_nothing_is_said() -> None:
    assert GRAMMAR.write(torch.zeros(0), Frame(3)).tokens == (END,)
    assert GRAMMAR.parse((END,), Frame(3)).shape == (0,)
    assert GRAMMAR.score((END,), torch.zeros(1, 3), Frame(3)).shape == GRAMMAR.worst(torch.zeros(0)).shape == (0,)
    with pytest.raises(InputError, match="expected nothing"):
        GRAMMAR.write(torch.tensor(1), Frame(3))
