"""Each objective's weight reaches the loss and the gradient."""

import pytest
import torch

from protea.errors import ConfigError
from protea.objectives.weighting.mean_losses import check_weights, weighted_loss


def one(value: float) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64)


def test_an_auxiliary_weight_is_applied() -> None:
    # ProteinWorkshop adds losses 2 and 3 to 5 whatever the weight says.
    sums, counts = {"main": one(8.0), "aux": one(30.0)}, {"main": one(4.0), "aux": one(10.0)}
    assert float(weighted_loss(sums, counts, {"main": 1.0, "aux": 0.1})) == pytest.approx(2.3, rel=1e-12)
    assert float(weighted_loss(sums, counts, {"main": 1.0, "aux": 0.0})) == 2.0


def test_a_weight_scales_the_gradient() -> None:
    gradients = []
    for weight in (1.0, 0.1):
        main, aux = one(8.0).requires_grad_(), one(30.0).requires_grad_()
        counts = {"main": one(4.0), "aux": one(10.0)}
        weighted_loss({"main": main, "aux": aux}, counts, {"main": 1.0, "aux": weight}).backward()
        assert main.grad is not None
        assert aux.grad is not None
        gradients.append((float(main.grad), float(aux.grad)))
    assert gradients[0] == pytest.approx((0.25, 0.1), rel=1e-12)
    assert gradients[1] == pytest.approx((0.25, 0.01), rel=1e-12)


def test_an_objective_without_supervised_items_adds_nothing() -> None:
    empty = one(0.0).requires_grad_()
    total = weighted_loss(
        {"main": one(8.0), "aux": empty}, {"main": one(4.0), "aux": one(0.0)}, {"main": 1.0, "aux": 1.0}
    )
    assert float(total.detach()) == 2.0
    total.backward()
    assert torch.isfinite(empty.grad).all()  # type: ignore[arg-type]


def test_the_loss_keeps_float64() -> None:
    assert weighted_loss({"a": one(1.0)}, {"a": one(3.0)}, {"a": 1.0}).dtype == torch.float64


def test_each_objective_has_one_weight_and_no_weight_is_left() -> None:
    check_weights({"main", "aux"}, {"main": 1.0, "aux": 0.0})
    with pytest.raises(ConfigError, match=r"one weight per objective; expected \['aux', 'main'\]; found \['main'\]"):
        check_weights({"main", "aux"}, {"main": 1.0})
    with pytest.raises(ConfigError, match="one weight per objective"):
        check_weights({"main"}, {"main": 1.0, "other": 1.0})
    with pytest.raises(ConfigError, match=r"negative.*'main': -1"):
        check_weights({"main"}, {"main": -1.0})
