import numpy as np
import pytest

from protea.benchmark.calibration.likelihood_ratio import fit_likelihood_ratio
from protea.errors import InputError


def test_ratio_of_two_gaussians() -> None:
    # N(1, 1) over N(0, 1) is exp(x - 1/2), whatever the sizes of the samples.
    rng = np.random.default_rng(0)
    fitted = fit_likelihood_ratio(rng.normal(size=(20_000, 1)), rng.normal(1.0, size=(5000, 1)), penalty=1e-3)
    x = np.array([[-1.0], [0.0], [1.0], [2.0]])
    np.testing.assert_allclose(np.log(fitted.weight(x)), x[:, 0] - 0.5, atol=0.12)


def test_alike_sets_weigh_about_one_and_the_mean_over_known_items_is_one() -> None:
    rng = np.random.default_rng(1)
    known, new = rng.normal(size=(2000, 3)), rng.normal(size=(500, 3))
    weight = fit_likelihood_ratio(known, new).weight(known)
    assert weight.mean() == pytest.approx(1.0, abs=0.05)
    assert weight.std() < 0.25


def test_a_constant_feature_and_a_far_item_do_no_harm() -> None:
    rng = np.random.default_rng(2)
    known = np.stack([rng.normal(size=100), np.ones(100)], axis=1)
    fitted = fit_likelihood_ratio(known, known + np.array([3.0, 0.0]))
    assert fitted.scale[1] == 1.0
    assert np.isfinite(fitted.weight(np.array([[1e9, 1.0]]))).all()
    rounded = fit_likelihood_ratio(np.full((3, 1), 0.1), np.full((3, 1), 0.1))  # whose computed deviation is 1e-17
    assert rounded.scale == (1.0,)


def test_wrong_features_are_refused() -> None:
    with pytest.raises(InputError, match="alike"):
        fit_likelihood_ratio(np.zeros((3, 2)), np.zeros((3, 1)))
    fitted = fit_likelihood_ratio(np.array([[0.0], [1.0]]), np.array([[2.0]]))
    with pytest.raises(InputError, match=r"\[item, 1\]"):
        fitted.weight(np.zeros((2, 2)))
