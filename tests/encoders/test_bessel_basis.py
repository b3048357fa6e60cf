"""The functions at their zeros, at 0, at and beyond the cutoff; constants that half precision leaves alone."""

import math

import pytest
import torch

from protea.encoders.bessel_basis import BesselEmbedding


def test_values_are_those_of_the_formula(dtype: torch.dtype, tolerance: float) -> None:
    embedding = BesselEmbedding(cutoff=8.0, num_bessel=3, power=5).to(dtype)
    found = embedding(torch.tensor([2.0], dtype=dtype))[0].double()
    x = 0.25
    envelope = 1 - 21 * x**5 + 35 * x**6 - 15 * x**7
    expected = [math.sqrt(2 / 8) * math.sin(n * math.pi * x) / 2 * envelope for n in (1, 2, 3)]
    torch.testing.assert_close(found, torch.tensor(expected).double(), rtol=1e-6, atol=1e-7)
    # The second function has a zero in the middle.
    assert abs(float(embedding(torch.tensor([4.0], dtype=dtype))[0, 1])) < max(tolerance * 1e-2, 1e-7)


def test_the_limit_at_zero_is_reached_with_a_finite_gradient(dtype: torch.dtype) -> None:
    embedding = BesselEmbedding(cutoff=10.0, num_bessel=4, power=8).to(dtype)
    distance = torch.tensor([0.0, 1e-3], dtype=dtype, requires_grad=True)
    found = embedding(distance)
    torch.testing.assert_close(found[0], found[1], rtol=1e-4, atol=1e-4)
    found.sum().backward()
    assert distance.grad is not None
    assert bool(distance.grad.isfinite().all())
    assert float(distance.grad[0]) == 0.0


@pytest.mark.parametrize("power", [1, 5, 8])
def test_nothing_from_the_cutoff_on_and_no_step_there(power: int) -> None:
    embedding = BesselEmbedding(cutoff=10.0, num_bessel=4, power=power).double()
    found = embedding(torch.tensor([9.999, 10.0, 25.0], dtype=torch.float64))
    assert float(found[0].abs().max()) < 1e-6
    assert not bool(found[1:].any())


def test_constants_survive_half_precision() -> None:
    embedding = BesselEmbedding(cutoff=10.0, num_bessel=8, power=8)
    before = {name: value.clone() for name, value in embedding.state_dict().items()}
    assert sorted(before) == [
        "bessel_fn.bessel_weights", "bessel_fn.prefactor", "bessel_fn.r_max", "cutoff_fn.p", "cutoff_fn.r_max",
    ]  # fmt: skip
    embedding.to(torch.bfloat16)
    assert all(torch.equal(value, before[name]) for name, value in embedding.state_dict().items())
    assert all(value.dtype == torch.float64 for value in embedding.double().state_dict().values())
