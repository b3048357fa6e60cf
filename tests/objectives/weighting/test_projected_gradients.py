"""Projections by hand; nothing changes without a conflict."""

import pytest
import torch

from protea.objectives.weighting.projected_gradients import ProjectedGradients, without_conflicts
from tests.objectives.weighting.made_tasks import FACTS


def test_two_conflicting_gradients_by_hand() -> None:
    g, h = torch.tensor([1.0, 0.0]), torch.tensor([-1.0, 1.0])
    # g loses -1/2 of h, h loses -1 of g: (1/2, 1/2) + (0, 1).
    torch.testing.assert_close(without_conflicts([g, h]), torch.tensor([0.5, 1.5]))
    rule = ProjectedGradients(FACTS)
    torch.testing.assert_close(rule.take_gradients({"a": g, "b": h}, {}), torch.tensor([0.5, 1.5]))
    assert g.tolist() == [1.0, 0.0]


def test_no_projected_gradient_points_against_another_of_two() -> None:
    for seed in range(20):
        torch.manual_seed(seed)
        g, h = torch.randn(5), torch.randn(5)
        found = without_conflicts([g, h])
        if g @ h >= 0:
            torch.testing.assert_close(found, g + h)
        else:
            assert float(found @ g) >= -1e-6
            assert float(found @ h) >= -1e-6


def test_the_others_are_as_they_were() -> None:
    g, h, k = torch.tensor([1.0, 0.0]), torch.tensor([-1.0, 1.0]), torch.tensor([0.0, -1.0])
    found = {tuple(without_conflicts([g, h, k]).tolist()) for _ in range(30)}
    # g: (1/2, 0) or (1/2, 1/2), h: (0, 0) in either order, k: (0, -1/2) or (-1/2, -1/2). Every order is drawn.
    assert found == {(0.5, -0.5), (0.0, -0.5), (0.5, 0.0), (0.0, 0.0)}


def test_one_gradient_and_opposite_gradients() -> None:
    g = torch.tensor([2.0, -1.0])
    torch.testing.assert_close(without_conflicts([g]), g)
    assert without_conflicts([g, -g]).abs().max() < 1e-6
    assert float(ProjectedGradients(FACTS).multipliers(["a"])["a"]) == pytest.approx(1.0)
