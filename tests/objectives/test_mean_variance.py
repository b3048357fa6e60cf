"""Mean and variance against hand-worked values; the variance is a variance everywhere."""

import math

import numpy as np
import pytest
import torch

from protea.metrics.gaussian_nll import gaussian_nll
from protea.objectives.mean_variance import MeanVarianceConfig
from tests.objectives.made import built, made_batch

CONFIG = MeanVarianceConfig(label="weight", level="protein", mean=10.0, scale=2.0)


def test_sigma_is_the_root_of_the_variance_times_the_scale(dtype: torch.dtype, tolerance: float) -> None:
    objective = built(CONFIG, made_batch(5, dtype=dtype)).objective
    prediction = torch.tensor([[0.0, 4.0], [1.0, 0.25]], dtype=dtype)
    score = objective.score(prediction)
    assert score.dtype == dtype
    # Variances 4 and 1/4 standardised are 16 and 1 in the label's unit, whose roots are 4 and 1.
    assert score.tolist() == [[10.0, 4.0], [12.0, 1.0]]


def test_loss_by_hand(dtype: torch.dtype, tolerance: float) -> None:
    objective = built(CONFIG, made_batch(5, dtype=dtype)).objective
    prediction = torch.tensor([[0.0, 4.0], [1.0, 0.25]], dtype=dtype)
    loss = objective.loss_sum(prediction, torch.tensor([14.0, 12.0], dtype=dtype))  # standardised: 2 and 1
    expected = math.log(2 * math.pi) + 0.5 * math.log(4.0) + 0.5 * math.log(0.25) + 0.5 * 4.0 / 4.0
    assert float(loss) == pytest.approx(expected, rel=10 * tolerance)


def test_the_score_has_the_likelihood_of_the_loss_in_the_labels_unit() -> None:
    # Loss and score read the second output alike: the density in the label's unit differs by the scale alone.
    batch = made_batch(5, 3, 4)
    found = built(CONFIG, batch)
    target = found.objective.targets(batch).value
    loss = float(found.objective.loss_sum(found.predict(), target).detach()) / 3
    score = found.objective.score(found.predict()).detach().numpy()
    assert gaussian_nll(target.numpy(), score) == pytest.approx(loss + math.log(2.0), rel=1e-10)


def test_least_loss_at_the_mean_squared_error() -> None:
    objective = built(CONFIG, made_batch(5)).objective
    error = torch.tensor(np.random.default_rng(0).normal(size=50))
    value = objective.score(torch.stack([error, torch.ones(50)], 1))[:, 0]
    variance = torch.tensor(float(error.square().mean()), dtype=torch.float64, requires_grad=True)
    prediction = torch.stack([torch.zeros(50, dtype=torch.float64), variance.expand(50)], 1)
    (gradient,) = torch.autograd.grad(objective.loss_sum(prediction, value), variance)
    assert float(gradient) == pytest.approx(0.0, abs=1e-10)


def test_beta_weighs_by_a_variance_that_has_no_gradient() -> None:
    plain = built(CONFIG, made_batch(5)).objective
    half = built(CONFIG.model_copy(update={"beta": 0.5}), made_batch(5)).objective
    prediction = torch.tensor([[0.3, 4.0]], dtype=torch.float64, requires_grad=True)
    value = torch.tensor([14.0], dtype=torch.float64)
    (one,) = torch.autograd.grad(plain.loss_sum(prediction, value), prediction)
    (two,) = torch.autograd.grad(half.loss_sum(prediction, value), prediction)
    assert torch.allclose(two, 2.0 * one, rtol=1e-12)


def test_an_integer_label_is_a_real_number_and_the_variance_is_positive() -> None:
    batch = made_batch(5, 3)
    found = built(MeanVarianceConfig(label="fold", level="protein"), batch)
    assert found.objective.targets(batch).value.is_floating_point()
    assert (found.predict()[:, 1] > 0).all()
    assert found.objective.columns == ("value", "sigma")
    assert built(MeanVarianceConfig(label="depth", level="residue"), batch).predict().shape == (8, 2)
