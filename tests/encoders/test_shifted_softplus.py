"""The activation against its formula, over all magnitudes, and its slope against the sigmoid."""

import math

import pytest
import torch
from torch.nn import functional as F

from protea.encoders import shifted_softplus as shifted_softplus_module
from protea.encoders.shifted_softplus import shifted_softplus, write_input_grad, write_shifted_softplus


def test_known_values(dtype: torch.dtype) -> None:
    value = shifted_softplus(torch.tensor([0.0, 200.0, -200.0, 1.0], dtype=dtype))
    expected = torch.tensor([0.0, 200.0 - math.log(2), -math.log(2), math.log((1 + math.e) / 2)], dtype=dtype)
    torch.testing.assert_close(value, expected, atol=2e-7, rtol=1e-7)


@pytest.mark.parametrize("largest", [5.0, 79.0, 81.0, 1e4])
def test_equals_softplus_whatever_the_largest_value(dtype: torch.dtype, largest: float) -> None:
    value = torch.linspace(-largest, largest, 999, dtype=dtype).view(9, 111)
    tolerance = 4e-7 if dtype == torch.float32 else 1e-15
    exact = torch.logaddexp(value.double(), torch.zeros((), dtype=torch.float64)) - math.log(2)
    torch.testing.assert_close(shifted_softplus(value), exact.to(dtype), atol=tolerance, rtol=tolerance)


def test_bfloat16_is_rounded_once() -> None:
    value = torch.linspace(-6, 6, 1000).bfloat16().view(8, 125)
    exact = F.softplus(value.double()) - math.log(2)
    assert (shifted_softplus(value).double() - exact).abs().max() <= 2.0**-9 * exact.abs().max()
    assert torch.equal(shifted_softplus(value), exact.bfloat16()) or (
        (shifted_softplus(value).double() - exact.bfloat16().double()).abs().max() < 2.0**-7
    )


def test_not_a_number_stays_and_infinity_has_its_limits() -> None:
    value = torch.tensor([math.nan, math.inf, -math.inf])
    found = shifted_softplus(value)
    assert found[0].isnan()
    assert found[1] == math.inf
    assert float(found[2]) == pytest.approx(-math.log(2))


def test_gradient_is_the_sigmoid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shifted_softplus_module, "_BLOCK_VALUES", 16)
    for shape in ((5,), (7, 3), (2, 3, 4), (0, 3)):
        value = torch.randn(shape, dtype=torch.float64, requires_grad=True)
        weight = torch.randn(shape, dtype=torch.float64)
        (found,) = torch.autograd.grad((shifted_softplus(value) * weight).sum(), value)
        torch.testing.assert_close(found, weight * torch.sigmoid(value), rtol=1e-12, atol=1e-12)


def test_transposed_input_keeps_its_places() -> None:
    value = torch.randn(4, 6, dtype=torch.float64)
    torch.testing.assert_close(shifted_softplus(value.t()), shifted_softplus(value).t())


def test_written_forms() -> None:
    value = torch.randn(4, 6, dtype=torch.float64)
    active, grad = shifted_softplus(value), torch.randn(4, 6, dtype=torch.float64)
    expected = grad * torch.sigmoid(value)
    found = torch.empty_like(grad)
    write_input_grad(grad, active, found)
    torch.testing.assert_close(found, expected)
    write_shifted_softplus(value, value)
    torch.testing.assert_close(value, active)
