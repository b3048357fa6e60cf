"""Values on and between grid points, at and beyond the cutoff."""

import math

import torch

from protea.encoders.radial_basis import GaussianSmearing, cosine_cutoff


def test_gaussians_are_one_on_their_grid_point_and_fall_by_the_step(dtype: torch.dtype) -> None:
    smearing = GaussianSmearing(cutoff=10.0, num_gaussians=11).to(dtype)
    value = smearing(torch.tensor([0.0, 3.0, 3.5], dtype=dtype))
    assert value.shape == (3, 11)
    assert float(value[0, 0]) == 1.0
    assert float(value[1, 3]) == 1.0
    torch.testing.assert_close(float(value[1, 4]), math.exp(-0.5), rtol=1e-6, atol=0)
    torch.testing.assert_close(value[2, 3], value[2, 4])


def test_the_grid_survives_half_precision() -> None:
    smearing = GaussianSmearing(cutoff=10.0, num_gaussians=50).to(torch.bfloat16)
    assert smearing.offset.dtype == torch.float32
    assert torch.equal(smearing.offset, torch.linspace(0.0, 10.0, 50))


def test_cosine_falls_to_zero_and_rises_again_only_unmasked(dtype: torch.dtype) -> None:
    distance = torch.tensor([0.0, 5.0, 10.0, 15.0, 20.0], dtype=dtype)
    expected = torch.tensor([1.0, 0.5, 0.0, 0.5, 1.0], dtype=dtype)
    torch.testing.assert_close(cosine_cutoff(distance, 10.0, mask_beyond=False), expected, atol=1e-6, rtol=0)
    expected[3:] = 0.0
    torch.testing.assert_close(cosine_cutoff(distance, 10.0, mask_beyond=True), expected, atol=1e-6, rtol=0)
