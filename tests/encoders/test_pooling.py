"""Sums, means and maxima per protein."""

import pytest
import torch

from protea.encoders.pooling import pool_residues


@pytest.mark.parametrize(
    ("pool", "expected"),
    [("sum", [[3.0], [0.0], [12.0]]), ("mean", [[1.5], [0.0], [4.0]]), ("max", [[2.0], [0.0], [5.0]])],
)
def test_worked_case(pool: str, expected: list[list[float]], dtype: torch.dtype) -> None:
    residue = torch.tensor([[1.0], [2.0], [3.0], [4.0], [5.0]], dtype=dtype)
    found = pool_residues(residue, torch.tensor([0, 2, 2, 5]), pool)  # type: ignore[arg-type]
    assert torch.equal(found, torch.tensor(expected, dtype=dtype))
