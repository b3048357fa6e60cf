import numpy as np
import pytest
from pydantic import ValidationError

from protea.benchmark.calibration.split_conformal import fit_split_conformal
from protea.benchmark.calibration.weighted_conformal import WeightedConformal, fit_weighted_conformal
from protea.errors import InputError
from protea.metrics.interval_coverage import interval_coverage


def test_equal_weights_are_split_conformal() -> None:
    target = np.random.default_rng(0).normal(size=70)
    fitted = fit_weighted_conformal(target, np.zeros(70), np.full(70, 3.0), 0.9)
    plain = fit_split_conformal(target, np.zeros(70), 0.9)
    np.testing.assert_array_equal(fitted.intervals(np.zeros(4), np.full(4, 3.0)), plain.intervals(np.zeros(4)))
    assert fitted.effective_items == pytest.approx(70.0)


def test_the_true_ratio_mends_a_shift_of_inputs() -> None:
    # Noise grows with x; known x are uniform, new ones have the density 2 x, so their ratio is 2 x.
    rng = np.random.default_rng(1)
    known, new = rng.random(4000), np.sqrt(rng.random(4000))
    target_known, target_new = (x * rng.normal(size=4000) for x in (known, new))
    plain = fit_split_conformal(target_known, np.zeros(4000), 0.9)
    weighted = fit_weighted_conformal(target_known, np.zeros(4000), 2 * known, 0.9)
    assert interval_coverage(target_new, plain.intervals(np.zeros(4000))) < 0.86
    found = weighted.intervals(np.zeros(4000), 2 * new)
    assert interval_coverage(target_new, found) == pytest.approx(0.9, abs=0.02)


def test_an_item_unlike_all_others_has_no_bound() -> None:
    fitted = fit_weighted_conformal(np.ones(20), np.zeros(20), np.ones(20), 0.9)
    found = fitted.intervals(np.zeros(2), np.array([1.0, 1e6]))
    assert np.isfinite(found[0]).all()
    assert np.isinf(found[1]).all()


def test_items_of_a_unit_share_its_weight() -> None:
    target, unit = np.append(np.arange(1.0, 20.0), np.zeros(500)), np.append(np.arange(19), np.full(500, 19))
    fitted = fit_weighted_conformal(target, np.zeros(519), np.ones(519), 0.9, unit=unit)
    plain = fit_split_conformal(target, np.zeros(519), 0.9, unit=unit)
    np.testing.assert_array_equal(fitted.intervals(np.zeros(1), np.ones(1)), plain.intervals(np.zeros(1)))


def test_wrong_weights_are_refused() -> None:
    for weight in (np.zeros(3), np.array([1.0, -1.0, 1.0]), np.array([1.0, np.inf, 1.0])):
        with pytest.raises(InputError, match="no likelihood ratios"):
            fit_weighted_conformal(np.ones(3), np.zeros(3), weight)
    with pytest.raises(ValidationError, match="equally many"):
        WeightedConformal(level=0.9, is_normalised=False, scores=(1.0,), weights=(1.0, 2.0))
