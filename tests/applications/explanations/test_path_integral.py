"""Attributions equal integrals worked by hand, are complete on every function, and jumps are refused."""

import pytest
import torch
from torch import Tensor

from protea.applications.explanations.path_integral import ValueAndGradient, integrate_path
from protea.errors import ContractError


def along(function, start: Tensor, displacement: Tensor) -> ValueAndGradient:  # type: ignore[no-untyped-def]
    """The function and its gradient at places of the straight path."""

    def at(places: Tensor) -> tuple[Tensor, Tensor]:
        points = (start + places[:, None] * displacement).requires_grad_(True)
        values = function(points)
        return values.detach(), torch.autograd.grad(values.sum(), points)[0]

    return at


def test_a_linear_function_gives_weight_times_input(dtype: torch.dtype, tolerance: float) -> None:
    weight, point = torch.tensor([2.0, -1.0, 0.5], dtype=dtype), torch.tensor([1.0, 3.0, 0.0], dtype=dtype)
    found = integrate_path(along(lambda x: x @ weight, torch.zeros(3, dtype=dtype), point), point)
    torch.testing.assert_close(found.attribution, weight * point, atol=tolerance, rtol=0)
    assert found.num_steps == 16  # nothing to refine


def test_a_product_is_shared_equally(dtype: torch.dtype, tolerance: float) -> None:
    # f = x y^2 from 0 to (a, b): the integrals of a b^2 t^2 and 2 a b^2 t^2 are a b^2 / 3 and 2 a b^2 / 3.
    point = torch.tensor([3.0, 2.0], dtype=dtype)
    found = integrate_path(along(lambda x: x[:, 0] * x[:, 1] ** 2, torch.zeros(2, dtype=dtype), point), point)
    torch.testing.assert_close(found.attribution, torch.tensor([4.0, 8.0], dtype=dtype), atol=tolerance, rtol=tolerance)


def test_a_baseline_other_than_zero() -> None:
    start, point = torch.tensor([1.0, 1.0]).double(), torch.tensor([2.0, 5.0]).double()
    found = integrate_path(along(lambda x: (x**2).sum(1), start, point - start), point - start)
    torch.testing.assert_close(found.attribution, torch.tensor([3.0, 24.0]).double())
    assert (found.start, found.end) == (pytest.approx(2.0), pytest.approx(29.0))


@pytest.mark.parametrize("limit", [1e-2, 1e-4, 1e-6])
def test_steps_are_added_until_the_sum_holds(limit: float) -> None:
    # Steep next to the baseline, as a normalisation of almost nothing is, with a kink further on.
    def steep(x: Tensor) -> Tensor:
        return x[:, 0] / (x.square().sum(1) + 1e-5).sqrt() + torch.relu(x[:, 1] - 0.731)

    point = torch.tensor([1.0, 2.0]).double()
    found = integrate_path(along(steep, torch.zeros(2).double(), point), point, tolerance=limit)
    change = found.end - found.start
    assert abs(float(found.attribution.sum()) - change) <= found.error <= limit * abs(change)
    assert found.num_steps > 16


def test_errors_of_opposite_sign_do_not_cancel() -> None:
    # Kinks mirrored about 0.25: the errors of the first two panels are equal and opposite, so their sum says nothing.
    point = torch.tensor([1.0, 1.0]).double()
    path = along(lambda x: torch.relu(x[:, 0] - 0.31) - torch.relu(x[:, 1] - 0.19), torch.zeros(2).double(), point)
    found = integrate_path(path, point, tolerance=1e-3)
    torch.testing.assert_close(found.attribution, torch.tensor([0.69, -0.81]).double(), atol=1.2e-4, rtol=0)
    assert found.num_steps > 16


def test_a_constant_has_no_attributions() -> None:
    point = torch.tensor([1.0, 2.0]).double()
    found = integrate_path(along(lambda x: 0 * x.sum(1) + 3, torch.zeros(2).double(), point), point)
    assert found.attribution.tolist() == [0, 0]


def test_a_jump_is_refused() -> None:
    point = torch.tensor([1.0]).double()
    path = along(lambda x: (x[:, 0] > 0.4).double() + 0 * x[:, 0], torch.zeros(1).double(), point)
    with pytest.raises(ContractError, match="not complete"):
        integrate_path(path, point, max_steps=500)


def test_what_is_no_number_is_refused() -> None:
    point = torch.ones(3).double()
    with pytest.raises(ContractError, match="not complete"):
        integrate_path(along(lambda x: x.sum(1) * torch.nan, torch.zeros(3).double(), point), point)
