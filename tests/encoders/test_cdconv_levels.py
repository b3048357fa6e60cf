"""Pairs of points, and what points hear of each other."""

import math

import pytest
import torch

from protea.encoders.cdconv_frames import residue_frames
from protea.encoders.cdconv_levels import Level, halve, mean_of_pairs, relations


def level_of(number: list[int], ptr: list[int], hidden: tuple[int, ...] = ()) -> Level:
    """Points at random places."""
    position = torch.randn(len(number), 3, dtype=torch.float64)
    is_resolved = torch.ones(len(number), dtype=torch.bool)
    is_resolved[list(hidden)] = False
    position[list(hidden)] = 0.0
    numbers = torch.tensor(number)
    return Level(position, is_resolved, residue_frames(position, is_resolved, numbers), numbers, torch.tensor(ptr))


def test_pairs_stay_within_chains_and_proteins() -> None:
    level = level_of([0, 1, 2, 8, 16, 17, 18], [0, 4, 4, 7])
    halved, pair_of = halve(level)
    assert pair_of.tolist() == [0, 0, 1, 2, 3, 3, 4]
    assert halved.number.tolist() == [0, 1, 4, 8, 9]
    assert halved.point_ptr.tolist() == [0, 3, 3, 5]
    torch.testing.assert_close(halved.position[0], level.position[:2].mean(0))
    torch.testing.assert_close(halved.position[1], level.position[2])


def test_a_pair_lies_at_its_resolved_points() -> None:
    level = level_of([0, 1, 2, 3, 4], [0, 5], hidden=(1, 2, 3))
    halved, _ = halve(level)
    assert halved.is_resolved.tolist() == [True, False, True]
    torch.testing.assert_close(halved.position[0], level.position[0])
    torch.testing.assert_close(halved.position[1], torch.zeros(3, dtype=torch.float64))


def test_mean_of_pairs() -> None:
    value = torch.tensor([[1.0], [3.0], [10.0], [5.0]])
    assert mean_of_pairs(value, torch.tensor([0, 0, 1, 2])).flatten().tolist() == [2.0, 10.0, 5.0]


def test_relations_of_points_on_a_line() -> None:
    position = torch.tensor([[0.0, 0, 0], [3.0, 0, 0], [6.0, 0, 0], [9.0, 0, 0]], dtype=torch.float64)
    frame = torch.eye(3, dtype=torch.float64).expand(4, 3, 3)
    level = Level(position, torch.ones(4, dtype=torch.bool), frame, torch.tensor([0, 1, 2, 40]), torch.tensor([0, 4]))
    heard = relations(level, 6.5, kernel_size=5)
    assert heard.heard.shape == (4, 4)
    assert [sorted(row[weight > 0].tolist()) for row, weight in zip(heard.heard, heard.weight, strict=True)] == [
        [0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3], [1, 2, 3],
    ]  # fmt: skip
    slots = {int(j): s for s, j in enumerate(heard.heard[1].tolist())}
    assert heard.geometry[1, slots[0]].tolist() == pytest.approx([-1, 0, 0, 1, 1, 1, 3])
    assert heard.geometry[1, 0].tolist() == pytest.approx([0, 0, 0, 1, 1, 1, 0])
    assert heard.offset[1].argmax(1)[[0, slots[0], slots[2], slots[3]]].tolist() == [2, 1, 3, 4]
    far = 0.5 - 0.5 * math.tanh(6.0 / 6.5 * 1.0 * 16 - 14)
    assert float(heard.weight[1, slots[3]]) == pytest.approx(far)
    near = 0.5 - 0.5 * math.tanh(3.0 / 6.5 * 0.5 * 16 - 14)
    assert float(heard.weight[1, slots[2]]) == pytest.approx(near)


def test_hidden_points_hear_themselves_alone() -> None:
    level = level_of([0, 1, 2, 3], [0, 4], hidden=(2,))
    heard = relations(level, 50.0, kernel_size=3)
    assert heard.heard[2][heard.weight[2] > 0].tolist() == [2]
    assert not bool(((heard.heard == 2) & (heard.weight > 0))[[0, 1, 3]].any())
