"""The loss and its gradients by hand, the variance at which it rests, and the limits."""

import math

import pytest
import torch

from protea.objectives.weighting.interface import ObjectiveFacts
from protea.objectives.weighting.uncertainty import UncertaintyWeighting, UncertaintyWeightingConfig
from tests.objectives.weighting.made_tasks import FACTS, losses, number


def loss_of(rule: UncertaintyWeighting, x: torch.Tensor) -> torch.Tensor:
    shares, means = rule.multipliers(["a", "b"]), losses(x)
    return sum((shares[name] * means[name] for name in means), rule.penalty(["a", "b"]))


def test_loss_and_gradients_by_hand() -> None:
    rule = UncertaintyWeightingConfig().build(FACTS).double()
    with torch.no_grad():
        rule.log_variance.copy_(torch.tensor([0.4, -0.3]))
    x = number(3.0).requires_grad_()
    found = loss_of(rule, x)
    found.backward()
    # Squared error 4 with s = 0.4, cross-entropy-like 64 with s = -0.3.
    expected = math.exp(-0.4) * 4 / 2 + 0.2 + math.exp(0.3) * 64 - 0.15
    assert float(found.detach()) == pytest.approx(expected, rel=1e-7)
    assert float(x.grad) == pytest.approx(math.exp(-0.4) / 2 * 4 + math.exp(0.3) * 32, rel=1e-7)
    assert rule.log_variance.grad.tolist() == pytest.approx(
        [-math.exp(-0.4) * 2 + 0.5, -math.exp(0.3) * 64 + 0.5], rel=1e-7
    )


def test_it_rests_where_the_variance_is_the_loss() -> None:
    # d/ds [exp(-s) L / 2 + s / 2] = 0 at exp(s) = L; of the other kind at exp(s) = 2 L.
    rule = UncertaintyWeighting(FACTS).double()
    optimiser = torch.optim.SGD(rule.parameters(), lr=0.2)
    for _ in range(400):
        optimiser.zero_grad()
        shares = rule.multipliers(["a", "b"])
        (shares["a"] * 3.0 + shares["b"] * 0.7 + rule.penalty(["a", "b"])).backward()
        optimiser.step()
    assert torch.exp(rule.log_variance).tolist() == pytest.approx([3.0, 1.4], rel=1e-6)


def test_limits_and_absent_objectives() -> None:
    rule = UncertaintyWeighting({"a": ObjectiveFacts(2.0, False), "b": ObjectiveFacts(1.0, False)})
    with torch.no_grad():
        rule.log_variance.copy_(torch.tensor([9.0, -9.0]))
    shares = rule.multipliers(["a", "b"])
    assert float(shares["a"].detach()) == pytest.approx(2 * math.exp(-5))
    assert float(shares["b"].detach()) == pytest.approx(math.exp(5))
    (shares["a"] + rule.penalty(["a"])).backward()
    # b was not in the step: it has no pull at all.
    assert float(rule.log_variance.grad[1]) == 0.0
    assert float(rule.penalty([]).detach()) == 0.0
