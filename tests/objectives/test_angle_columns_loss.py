"""Undefined angles count for nothing, and an item with fewer angles counts as one item."""

import math

import pytest
import torch

from protea.objectives.angle_columns_loss import angle_loss_sum, is_angle_written


def columns(*angles: float | None) -> list[float]:
    return [
        value for angle in angles for value in ((0.0, 0.0) if angle is None else (math.cos(angle), math.sin(angle)))
    ]


def test_an_angle_of_zero_or_a_right_angle_is_defined() -> None:
    value = torch.tensor([columns(0.0, math.pi / 2, None), columns(None, None, None)])
    value[0, 2] = 0.0  # the cosine of a right angle, exactly
    assert is_angle_written(value).tolist() == [[True, True, False], [False, False, False]]


def test_each_item_is_the_mean_over_its_own_defined_columns(dtype: torch.dtype, tolerance: float) -> None:
    value = torch.tensor([columns(0.0, None, None), columns(0.0, 0.0, None)], dtype=dtype)
    prediction = value.clone()
    prediction[0, 0] += 2.0  # 4 over two columns
    prediction[1, 3] += 2.0  # 4 over four columns
    prediction[:, 4:] = 100.0  # not asked
    assert float(angle_loss_sum(prediction, value)) == pytest.approx(2 + 1, rel=tolerance)


def test_no_gradient_reaches_an_undefined_angle() -> None:
    value = torch.tensor([columns(0.3, None, 1.0)])
    prediction = torch.randn(1, 6, requires_grad=True)
    angle_loss_sum(prediction, value).backward()
    assert prediction.grad is not None
    assert (prediction.grad != 0).tolist() == [[True, True, False, False, True, True]]


def test_halves_are_not_summed() -> None:
    value = torch.tensor([columns(0.0)] * 4000)
    prediction = torch.zeros(4000, 2, dtype=torch.bfloat16)
    assert float(angle_loss_sum(prediction, value)) == 2000.0
