"""One step by hand on two quadratic tasks, and norms that meet where nothing lags."""

import pytest
import torch

from protea.errors import InputError
from protea.objectives.weighting.grad_norm import GradNormWeighting, GradNormWeightingConfig
from tests.objectives.weighting.made_tasks import FACTS, losses, number


def gradients(x: float) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    at = number(x)
    return {"a": (2 * (at - 1))[None], "b": (4 * (2 * at + 2))[None]}, losses(at)


def test_a_step_by_hand() -> None:
    rule = GradNormWeightingConfig(learning_rate=0.01).build(FACTS)
    # At x = 3 the gradients are 4 and 32. At the first step no loss has moved, so the target is their mean, 18.
    rule.take_gradients(*gradients(3.0))
    moved = torch.tensor([1 + 0.01 * 4, 1 - 0.01 * 32])
    torch.testing.assert_close(rule.weight, moved * 2 / moved.sum())
    assert rule.first.tolist() == [4.0, 64.0]
    # At x = 2 the losses are 1 and 36: a fell to 1/4, b to 9/16, so b lags and its target is raised.
    before = rule.weight.clone()
    rule.take_gradients(*gradients(2.0))
    pull = before * torch.tensor([2.0, 24.0])
    ratio = torch.tensor([0.25, 0.5625]) / ((0.25 + 0.5625) / 2)
    target = pull.mean() * ratio**1.5
    moved = before - 0.01 * torch.sign(pull - target) * torch.tensor([2.0, 24.0])
    torch.testing.assert_close(rule.weight, moved * 2 / moved.sum())
    assert float(rule.multipliers(["b"])["b"]) == pytest.approx(float(rule.weight[1]))


def test_norms_meet_where_nothing_lags() -> None:
    rule = GradNormWeighting(FACTS, power=0.0, learning_rate=0.001)
    for _ in range(500):
        rule.take_gradients({"a": torch.tensor([3.0]), "b": torch.tensor([1.0])}, {"a": number(1.0), "b": number(1.0)})
    # w = (1/2, 3/2) gives both the norm 3/2; their sum stays 2.
    assert rule.weight.tolist() == pytest.approx([0.5, 1.5], abs=0.01)


def test_absent_objectives_keep_their_weight_and_the_sum_stays() -> None:
    rule = GradNormWeighting({**FACTS, "c": FACTS["a"]}, power=1.5, learning_rate=0.01)
    rule.take_gradients(*gradients(3.0))
    assert float(rule.weight[2]) == 1.0
    assert torch.isnan(rule.first[2])
    assert float(rule.weight.sum()) == pytest.approx(3.0)
    assert (rule.weight > 0).all()


def test_losses_below_zero_are_refused() -> None:
    # A likelihood of numbers may fall below 0: a ratio of such losses says nothing, and its power is no number.
    rule = GradNormWeightingConfig().build(FACTS)
    rule.take_gradients(*gradients(3.0))
    pulls = {"a": torch.tensor([1.0]), "b": torch.tensor([1.0])}
    with pytest.raises(InputError, match=r"grad_norm.*a has -0\.25"):
        rule.take_gradients(pulls, {"a": number(-0.25), "b": number(1.0)})
