"""Numbers are written and read back exactly, none outside the range, 0 in one way."""

import pytest
import torch

from protea.errors import InputError
from protea.objectives.token_decoder.grammar import Frame
from protea.objectives.token_decoder.number import NumberConfig
from protea.objectives.token_decoder.vocabulary import Vocabulary
from tests.objectives.token_decoder.made import all_strings

VOCABULARY = Vocabulary({"value": 0})
FRAME = Frame(1)


@pytest.mark.parametrize(
    ("lower", "upper", "decimals"), [(-0.7, 12.3, 1), (8.5, 11.0, 1), (-1.24, -0.9, 2), (0.0, 0.0, 2), (95, 105, 0)]
)
def test_the_range_is_written_and_nothing_else(lower: float, upper: float, decimals: int) -> None:
    config = NumberConfig(lower=lower, upper=upper, decimals=decimals)
    grammar = config.build(VOCABULARY, "value")
    low, high = config.ends
    read = sorted(float(grammar.parse(tokens, FRAME)) for tokens in all_strings(grammar, FRAME))
    assert read == [amount / 10**decimals for amount in range(low, high + 1)]


def test_digits_are_spelled() -> None:
    grammar = NumberConfig(lower=-10, upper=120, decimals=2).build(VOCABULARY, "value")
    spelled = [VOCABULARY.spelled(grammar.write(torch.tensor(value), FRAME).tokens) for value in (3.146, -0.004, -7.0)]
    assert spelled == ["+ 0 0 3 1 5 end", "+ 0 0 0 0 0 end", "- 0 0 7 0 0 end"]


def test_no_number_of_the_range_is_refused_for_rounding() -> None:
    grammar = NumberConfig(lower=0.1 + 0.2, upper=0.7, decimals=1).build(VOCABULARY, "value")  # 0.30000000000000004
    assert float(grammar.parse(grammar.write(torch.tensor(0.3), FRAME).tokens, FRAME)) == 0.3


def test_the_nearest_of_the_range_and_the_worst() -> None:
    grammar = NumberConfig(lower=-1, upper=2, decimals=1).build(VOCABULARY, "value")
    given = torch.tensor([-5.0, -1.04, 0.26, 9.0])
    assert grammar.nearest(given).tolist() == [-1.0, -1.0, 0.3, 2.0]
    assert [float(grammar.worst(value)) for value in torch.tensor([-0.9, 0.4, 0.6, 1.9])] == [2.0, 2.0, -1.0, -1.0]
    with pytest.raises(InputError, match="expected -1 to 2"):
        grammar.write(torch.tensor(2.2), FRAME)


def test_a_range_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no number with 0 decimals"):
        NumberConfig(lower=0.2, upper=0.8, decimals=0)
