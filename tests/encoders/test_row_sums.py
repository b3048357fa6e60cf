"""Sums of chosen rows against a loop, and their gradient against finite differences."""

import torch

from protea.encoders.row_sums import Incidence, sum_rows

INCIDENCE = Incidence(torch.tensor([2, 0, 2, 2, 3]), torch.tensor([0, 2, 2, 5]), num_rows=5)


def test_worked_case(dtype: torch.dtype) -> None:
    value = torch.tensor([[1.0], [10.0], [100.0], [1000.0], [7.0]], dtype=dtype)
    assert torch.equal(sum_rows(value, INCIDENCE), torch.tensor([[101.0], [0.0], [1200.0]], dtype=dtype))


def test_the_transpose_knows_who_reads_each_row() -> None:
    transposed = INCIDENCE.transposed
    assert transposed.ptr.tolist() == [0, 1, 1, 4, 5, 5]
    assert transposed.row.tolist() == [0, 0, 2, 2, 2]
    assert transposed.num_rows == 3


def test_gradient_by_finite_differences() -> None:
    value = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda rows: sum_rows(rows, INCIDENCE), value)


def test_no_items_give_zeros_and_zero_gradients() -> None:
    empty = Incidence(torch.zeros(0, dtype=torch.int64), torch.zeros(4, dtype=torch.int64), num_rows=2)
    value = torch.randn(2, 3, requires_grad=True)
    total = sum_rows(value, empty)
    total.sum().backward()
    assert total.shape == (3, 3)
    assert float(total.detach().abs().max()) == 0.0
    assert value.grad is not None
    assert float(value.grad.abs().max()) == 0.0
