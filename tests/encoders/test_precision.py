"""Autocast decides, except in float64."""

import torch

from protea.encoders.precision import compute_dtype


def test_dtype_of_products() -> None:
    single, double = torch.zeros(1), torch.zeros(1, dtype=torch.float64)
    assert compute_dtype(single) == torch.float32
    assert compute_dtype(double) == torch.float64
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert compute_dtype(single) == torch.bfloat16
        assert compute_dtype(double) == torch.float64
