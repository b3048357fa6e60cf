"""Every name stands for the function that published configurations mean."""

import math

import pytest
import torch

from protea.encoders.activations import ACTIVATIONS

AT_MINUS_TWO = {
    "relu": 0.0,
    "elu": math.exp(-2.0) - 1.0,
    "leaky_relu": -0.02,
    "tanh": math.tanh(-2.0),
    "sigmoid": 1.0 / (1.0 + math.exp(2.0)),
    "none": -2.0,
    "silu": -2.0 / (1.0 + math.exp(2.0)),
    "swish": -2.0 / (1.0 + math.exp(2.0)),
}


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_values(name: str, dtype: torch.dtype) -> None:
    value = torch.tensor([-2.0, 0.0], dtype=dtype)
    expected = [AT_MINUS_TWO[name], 0.5 if name == "sigmoid" else 0.0]
    torch.testing.assert_close(ACTIVATIONS[name](value), torch.tensor(expected, dtype=dtype))
