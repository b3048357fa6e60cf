"""Unit vectors along the trace, zero where there is no next or previous CA."""

import torch

from protea.features.residue.orientation import ORIENTATION, orientation
from protea.features.structure_view import StructureView
from tests.features.proteins import CA, ca_trace, random_proteins

CORNER = torch.tensor([[0.0, 0, 0], [3.8, 0, 0], [3.8, 3.8, 0]], dtype=torch.float64)


def test_forward_and_backward_at_a_corner() -> None:
    vectors = orientation(StructureView(ca_trace(CORNER).batch()))
    expected = torch.tensor(
        [[[1.0, 0, 0], [0, 0, 0]], [[0, 1, 0], [-1, 0, 0]], [[0, 0, 0], [0, -1, 0]]], dtype=torch.float64
    )
    torch.testing.assert_close(vectors, expected, atol=1e-12, rtol=0)


def test_zero_over_borders_breaks_and_missing_ca() -> None:
    view = StructureView(random_proteins(8, 2).cut_before(3).without((6, CA)).batch())
    lengths = orientation(view).norm(dim=-1)
    is_one = (lengths - 1).abs() < 1e-12
    assert bool((is_one | (lengths == 0)).all())
    #                                    0  1  2 | 3  4  5  x  7 || 8  9
    assert is_one[:, 0].int().tolist() == [1, 1, 0, 1, 1, 0, 0, 0, 1, 0]
    assert is_one[:, 1].int().tolist() == [0, 1, 1, 0, 1, 1, 0, 0, 0, 1]


def test_backward_is_the_opposite_of_the_previous_forward() -> None:
    vectors = orientation(StructureView(random_proteins(9).batch()))
    assert torch.equal(vectors[1:, 1], -vectors[:-1, 0])


def test_the_feature_has_two_polar_vectors() -> None:
    dense = random_proteins(5)
    still, inverted = (
        ORIENTATION.compute(StructureView(one.batch())) for one in (dense, dense.with_position(-dense.position))
    )
    assert still.shape == (5, ORIENTATION.num, 3)
    assert ORIENTATION.is_polar
    torch.testing.assert_close(inverted, -still)
