"""Wigner symbols by their closed forms; paths, weights and scales as e3nn lists them."""

import math

import pytest
import torch
from e3nn import o3

from protea.encoders.couplings import tensor_paths, wigner_3j
from protea.encoders.irreps import parse_irreps


def test_closed_forms() -> None:
    assert torch.allclose(wigner_3j(0, 1, 1)[0], torch.eye(3).double() / math.sqrt(3))
    # Two vectors make a vector by the cross product.
    cross = torch.einsum("i,j,ijk->k", *torch.eye(3).double()[:2], wigner_3j(1, 1, 1)).abs()
    assert torch.allclose(cross, torch.tensor([0.0, 0.0, 1 / math.sqrt(6)]).double())


def test_rounding_is_to_float32_and_leaves_closed_forms() -> None:
    exact, rounded = wigner_3j(2, 1, 1), wigner_3j(2, 1, 1, True)
    assert torch.equal(rounded, exact.float().double())
    assert not torch.equal(rounded, exact)
    assert torch.equal(wigner_3j(1, 1, 0, True), wigner_3j(1, 1, 0))


@pytest.mark.parametrize(
    ("inputs", "outputs", "degree"),
    [("4x0e", "4x0e + 3x0o + 2x1o", 2), ("4x0e + 2x0o + 3x1e + 2x1o + 1x2e", "4x0e + 5x0o + 2x1e + 1x2o", 3)],
)
def test_paths_equal_those_of_e3nn(inputs: str, outputs: str, degree: int) -> None:
    theirs = o3.FullyConnectedTensorProduct(
        inputs, o3.Irreps.spherical_harmonics(degree), outputs, shared_weights=False
    )
    ours = tensor_paths(parse_irreps(inputs), degree, parse_irreps(outputs))
    assert [(path.source, path.degree, path.target) for path in ours] == [
        (instruction.i_in1, instruction.i_in2, instruction.i_out) for instruction in theirs.instructions
    ]
    assert ours[-1].weights.stop == theirs.weight_numel
    for path, instruction in zip(ours, theirs.instructions, strict=True):
        assert path.scale == pytest.approx(instruction.path_weight)


def test_the_cheaper_side_is_taken() -> None:
    paths = tensor_paths(parse_irreps("64x0e + 8x1o"), 1, parse_irreps("64x0e + 8x1o"))
    is_by_target = {(path.source, path.target): path.is_by_target for path in paths}
    assert is_by_target == {(0, 0): True, (0, 1): False, (1, 0): True, (1, 1): True}
