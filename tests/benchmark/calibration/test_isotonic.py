import numpy as np
import pytest

from protea.benchmark.calibration.isotonic import fit_isotonic
from protea.errors import InputError
from protea.metrics.ece import ece


def test_hand_worked_pools() -> None:
    # 0, 1, 0, 1 by rising probability: the middle two are pooled to a half.
    fitted = fit_isotonic(np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.9]))
    np.testing.assert_allclose(fitted.probability(np.array([0.05, 0.1, 0.2, 0.25, 0.9, 1.0])), [0, 0, 0.5, 0.5, 1, 1])


def test_mends_any_rising_curve() -> None:
    rng = np.random.default_rng(0)
    probability = rng.random(20_000)
    target = (rng.random(20_000) < probability**3).astype(int)
    fitted = fit_isotonic(target[:10_000], probability[:10_000])
    found = fitted.probability(probability[10_000:])
    assert ece(target[10_000:], found) < 0.03
    assert ece(target[10_000:], probability[10_000:]) > 0.2
    assert (np.diff(fitted.observed) >= 0).all()


def test_wrong_probabilities_are_refused() -> None:
    with pytest.raises(InputError, match="outside"):
        fit_isotonic(np.array([0, 1]), np.array([0.5, 2.0]))
