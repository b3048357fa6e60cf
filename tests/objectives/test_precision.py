"""Halves become float32, float64 stays."""

import pytest
import torch

from protea.objectives.precision import full_precision


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (torch.bfloat16, torch.float32),
        (torch.float16, torch.float32),
        (torch.float32, torch.float32),
        (torch.float64, torch.float64),
    ],
)
def test_never_below_float32_and_never_rounded(given: torch.dtype, expected: torch.dtype) -> None:
    assert full_precision(torch.zeros(2, dtype=given)).dtype == expected
