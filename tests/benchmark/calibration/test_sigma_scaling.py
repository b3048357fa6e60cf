import numpy as np
import pytest

from protea.benchmark.calibration.sigma_scaling import fit_sigma_scaling
from protea.errors import InputError
from protea.metrics.gaussian_nll import gaussian_nll


def test_hand_worked_and_by_units() -> None:
    target, sigma = np.array([3.0, 4.0, 0.0]), np.array([1.0, 2.0, 1.0])
    assert fit_sigma_scaling(target, np.zeros(3), sigma).factor == pytest.approx(np.sqrt((9 + 4 + 0) / 3))
    unit = np.array(["a", "b", "b"])
    assert fit_sigma_scaling(target, np.zeros(3), sigma, unit).factor == pytest.approx(np.sqrt((9 + 2) / 2))


def test_least_likelihood_loss() -> None:
    rng = np.random.default_rng(0)
    sigma = rng.uniform(0.5, 2.0, size=300)
    target = 2.5 * sigma * rng.normal(size=300)
    fitted = fit_sigma_scaling(target, np.zeros(300), sigma)
    assert fitted.factor == pytest.approx(2.5, rel=0.1)
    at = [gaussian_nll(target, np.stack([np.zeros(300), fitted.sigma(sigma) * f], 1)) for f in (0.97, 1.0, 1.03)]
    assert at[1] < min(at[0], at[2])


def test_no_error_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="every calibration error is 0"):
        fit_sigma_scaling(np.ones(3), np.ones(3), np.ones(3))
