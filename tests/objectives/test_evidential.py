"""The normal-inverse-gamma loss against Student's t, its moments against each other and against draws."""

import numpy as np
import pytest
import torch
from scipy import stats

from protea.objectives.evidential import EvidentialConfig
from tests.objectives.made import built, made_batch

CONFIG = EvidentialConfig(label="weight", level="protein", mean=10.0, scale=2.0, evidence_price=0.0)
PREDICTION = [[0.2, 1.5, 2.5, 0.7], [-1.0, 0.3, 4.0, 2.0]]


def test_loss_is_the_likelihood_of_a_student_t(dtype: torch.dtype, tolerance: float) -> None:
    objective = built(CONFIG, made_batch(5, dtype=dtype)).objective
    value = torch.tensor([14.0, 9.0], dtype=dtype)
    loss = objective.loss_sum(torch.tensor(PREDICTION, dtype=dtype), value)
    assert loss.dtype == dtype
    mu, nu, alpha, beta = np.array(PREDICTION).T
    scale = np.sqrt(beta * (1 + nu) / (nu * alpha))
    expected = -stats.t.logpdf([2.0, -0.5], 2 * alpha, mu, scale).sum()
    assert float(loss) == pytest.approx(expected, rel=20 * tolerance)


def test_price_by_hand() -> None:
    plain = built(CONFIG, made_batch(5)).objective
    priced = built(CONFIG.model_copy(update={"evidence_price": 0.5}), made_batch(5)).objective
    prediction, value = torch.tensor(PREDICTION, dtype=torch.float64), torch.tensor([14.0, 9.0], dtype=torch.float64)
    # |2 - 0.2| (3 + 2.5) and |-0.5 + 1| (0.6 + 4)
    expected = 0.5 * (1.8 * 5.5 + 0.5 * 4.6)
    difference = priced.loss_sum(prediction, value) - plain.loss_sum(prediction, value)
    assert float(difference) == pytest.approx(expected, rel=1e-12)


def test_parts_of_the_variance_in_the_labels_unit() -> None:
    objective = built(CONFIG, made_batch(5)).objective
    score = objective.score(torch.tensor(PREDICTION, dtype=torch.float64)).numpy()
    mu, nu, alpha, beta = np.array(PREDICTION).T
    np.testing.assert_allclose(score[:, 0], 10 + 2 * mu)
    np.testing.assert_allclose(score[:, 2] ** 2, 4 * beta / (alpha - 1), rtol=1e-12)
    np.testing.assert_allclose(score[:, 3] ** 2, 4 * beta / (nu * (alpha - 1)), rtol=1e-12)
    np.testing.assert_allclose(score[:, 1] ** 2, score[:, 2] ** 2 + score[:, 3] ** 2, rtol=1e-12)
    student = stats.t.var(2 * alpha, scale=np.sqrt(beta * (1 + nu) / (nu * alpha)))
    np.testing.assert_allclose(score[:, 1] ** 2, 4 * student, rtol=1e-12)


def test_parts_are_those_of_drawn_gaussians() -> None:
    objective = built(CONFIG, made_batch(5)).objective
    mu, nu, alpha, beta = 0.2, 1.5, 6.0, 3.0
    rng = np.random.default_rng(0)
    variance = beta / rng.gamma(alpha, size=200_000)
    mean = mu + rng.normal(size=200_000) * np.sqrt(variance / nu)
    score = objective.score(torch.tensor([[mu, nu, alpha, beta]], dtype=torch.float64))[0].numpy()
    assert score[2] ** 2 == pytest.approx(4 * variance.mean(), rel=0.01)
    assert score[3] ** 2 == pytest.approx(4 * mean.var(), rel=0.02)


def test_predictions_lie_where_variances_exist() -> None:
    batch = made_batch(5, 3)
    found = built(EvidentialConfig(label="fold", level="protein"), batch)
    prediction = found.predict()
    assert (prediction[:, 1] > 0).all()
    assert (prediction[:, 2] > 1).all()
    assert (prediction[:, 3] > 0).all()
    assert found.objective.targets(batch).value.is_floating_point()
    assert len(found.objective.columns) == found.objective.score(prediction).shape[1]
