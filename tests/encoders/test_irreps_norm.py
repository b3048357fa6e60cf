"""The normalisation equals that of e3nn in training and evaluation, and commutes with rotations."""

import pytest
import torch
from e3nn import nn as e3nn_nn

from protea.encoders.irreps import parse_irreps, to_channel_first
from protea.encoders.irreps_norm import IrrepsNorm
from tests.encoders.proteins import shake

TEXT = "3x0e + 2x0o + 2x1o + 1x2e"
BLOCKS = parse_irreps(TEXT)


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_equals_e3nn(mode: str, dtype: torch.dtype) -> None:
    ours, theirs = IrrepsNorm(BLOCKS), e3nn_nn.BatchNorm(TEXT)
    shake(ours)
    theirs.load_state_dict(ours.state_dict(), strict=True)
    ours, theirs = ours.to(dtype).train(mode == "train"), theirs.to(dtype).train(mode == "train")
    value, columns = torch.randn(9, 16, dtype=dtype), to_channel_first(BLOCKS)
    assert torch.allclose(ours(value)[:, columns], theirs(value[:, columns]), atol=1e-6)
    assert torch.allclose(ours.running_var, theirs.running_var)
    assert torch.allclose(ours.running_mean, theirs.running_mean)


def test_training_leaves_mean_zero_and_mean_square_one() -> None:
    found = IrrepsNorm(BLOCKS).double().train()(5.0 + 3.0 * torch.randn(400, 16).double())
    assert torch.allclose(found[:, :3].mean(0), torch.zeros(3).double(), atol=1e-9)
    vectors = found[:, 5:11].view(400, 3, 2)
    assert torch.allclose(vectors.square().mean((0, 1)), torch.ones(2).double(), atol=1e-5)


def test_a_rotation_before_is_a_rotation_after() -> None:
    rotation, _ = torch.linalg.qr(torch.randn(3, 3).double())
    norm = IrrepsNorm(parse_irreps("2x1o")).double().train()
    value = torch.randn(7, 3, 2).double()
    turned = torch.einsum("ab,nbc->nac", rotation, value)
    expected = torch.einsum("ab,nbc->nac", rotation, norm(value.flatten(1)).view(7, 3, 2))
    assert torch.allclose(norm(turned.flatten(1)).view(7, 3, 2), expected)


def test_nothing_happens_without_rows() -> None:
    norm = IrrepsNorm(BLOCKS).train()
    assert norm(torch.zeros(0, 16)).shape == (0, 16)
    assert torch.equal(norm.running_var, torch.ones(8))
