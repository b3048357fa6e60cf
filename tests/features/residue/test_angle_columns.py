"""Cosine and sine beside each other, and two ways to write an angle that does not exist."""

import math

import torch

from protea.features.residue.angle_columns import angle_columns

ANGLE = torch.tensor([[0.0, math.pi / 2], [math.pi, 1.0]])


def test_columns_are_cosine_and_sine_of_each_angle_in_turn() -> None:
    columns = angle_columns(ANGLE, torch.ones(2, 2, dtype=torch.bool), "masked")
    expected = torch.tensor([[1.0, 0.0, -1.0, 0.0], [0.0, 1.0, math.cos(1.0), math.sin(1.0)]])
    torch.testing.assert_close(columns, expected, atol=1e-6, rtol=0)


def test_an_undefined_angle_is_no_angle_if_masked_and_zero_degrees_if_published() -> None:
    is_defined = torch.tensor([[True, False], [False, True]])
    masked, published = (angle_columns(ANGLE, is_defined, how) for how in ("masked", "published"))
    assert masked[0].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert published[0].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert masked[1, :2].tolist() == [0.0, 0.0]
    assert published[1, :2].tolist() == [1.0, 0.0]
    assert torch.equal(masked[1, 2:], published[1, 2:])


def test_an_undefined_angle_that_is_not_a_number_stays_hidden() -> None:
    columns = angle_columns(torch.full((1, 1), torch.nan), torch.zeros(1, 1, dtype=torch.bool), "masked")
    assert columns.tolist() == [[0.0, 0.0]]
