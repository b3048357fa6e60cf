"""Quantiles that cannot cross, against hand-worked pinball losses."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from protea.metrics.pinball import pinball
from protea.objectives.quantile import QuantileConfig
from tests.objectives.made import built, made_batch

CONFIG = QuantileConfig(label="weight", level="protein", mean=10.0, scale=2.0, quantiles=(0.1, 0.5, 0.9))


def test_loss_by_hand_and_score_in_the_labels_unit(dtype: torch.dtype, tolerance: float) -> None:
    objective = built(CONFIG, made_batch(5, dtype=dtype)).objective
    prediction = torch.tensor([[-1.0, 0.0, 1.0]], dtype=dtype)
    loss = objective.loss_sum(prediction, torch.tensor([14.0], dtype=dtype))  # standardised: 2
    assert float(loss) == pytest.approx(0.1 * 3 + 0.5 * 2 + 0.9 * 1, rel=10 * tolerance)
    assert objective.score(prediction).tolist() == [[8.0, 10.0, 12.0]]


def test_loss_is_the_metric() -> None:
    batch = made_batch(4, 3, 5)
    found = built(CONFIG, batch)
    target = found.objective.targets(batch).value
    score = found.objective.score(found.predict()).detach().numpy()
    losses = [pinball(target.numpy(), score[:, i], level=level) for i, level in enumerate((0.1, 0.5, 0.9))]
    loss = float(found.objective.loss_sum(found.predict(), target).detach())
    assert loss * 2.0 / 3 == pytest.approx(sum(losses), rel=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_quantiles_never_cross(seed: int) -> None:
    config = QuantileConfig(label="depth", level="residue", quantiles=(0.01, 0.05, 0.25, 0.5, 0.75, 0.95))
    prediction = built(config, made_batch(20, 15), seed).predict()
    assert prediction.shape == (35, 6)
    assert (prediction.diff(dim=1) > 0).all()


def test_each_output_moves_its_quantile_and_those_beyond() -> None:
    found = built(CONFIG, made_batch(5))
    before = found.predict()
    with torch.no_grad():
        found.objective.head.output.bias[2] += 1.0
    moved = (found.predict() - before)[0]
    assert moved[0] == 0
    assert moved[1] == 0
    assert moved[2] > 0


def test_fitted_constants_are_the_quantiles_of_the_labels() -> None:
    objective = built(CONFIG, made_batch(5)).objective
    value = torch.tensor(10.0 + 2.0 * np.random.default_rng(1).normal(size=4001))
    at = torch.tensor(np.quantile((value.numpy() - 10.0) / 2.0, [0.1, 0.5, 0.9]), requires_grad=True)
    (gradient,) = torch.autograd.grad(objective.loss_sum(at.expand(4001, 3), value), at)
    assert gradient.abs().max() <= 1.0  # a step past one label turns the sign


@pytest.mark.parametrize("quantiles", [(0.1, 0.9), (0.5, 0.1), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0)])
def test_wrong_levels_are_refused(quantiles: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError, match=r"0\.5 among them"):
        QuantileConfig(label="weight", level="protein", quantiles=quantiles)


def test_columns_are_named_by_level() -> None:
    assert built(CONFIG, made_batch(5)).objective.columns == ("quantile_0.1", "quantile_0.5", "quantile_0.9")
