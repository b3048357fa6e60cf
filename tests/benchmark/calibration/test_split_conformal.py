import numpy as np
import pytest

from protea.benchmark.calibration.split_conformal import conformal_score, fit_split_conformal
from protea.errors import InputError
from protea.metrics.interval_coverage import interval_coverage


def test_hand_worked() -> None:
    # Nine errors 1 .. 9: the bound of 90 % is the ninth.
    target = np.arange(1.0, 10.0)
    fitted = fit_split_conformal(target, np.zeros(9), 0.9)
    np.testing.assert_array_equal(fitted.intervals(np.array([100.0])), [[91.0, 109.0]])
    assert (fitted.num_items, fitted.num_units) == (9, 9)


def test_normalised_intervals_are_in_proportion_to_sigma() -> None:
    sigma = np.array([1.0, 2.0, 4.0])
    fitted = fit_split_conformal(np.array([1.0, 4.0, 12.0]), np.zeros(3), 0.5, sigma=sigma)
    assert fitted.bound == 2.0  # scores 1, 2, 3
    np.testing.assert_array_equal(fitted.intervals(np.zeros(2), np.array([1.0, 3.0])), [[-2.0, 2.0], [-6.0, 6.0]])


def test_too_few_items_give_infinite_intervals() -> None:
    fitted = fit_split_conformal(np.ones(5), np.zeros(5), 0.9)
    np.testing.assert_array_equal(fitted.intervals(np.zeros(1)), [[-np.inf, np.inf]])


@pytest.mark.parametrize("is_normalised", [False, True])
def test_a_sigma_of_any_scale_covers_its_level(is_normalised: bool) -> None:
    rng = np.random.default_rng(0)
    sigma = rng.uniform(0.2, 3.0, size=6000)
    target = sigma * rng.normal(size=6000)
    given = 7.0 * sigma if is_normalised else None
    known, new = slice(0, 3000), slice(3000, None)
    own = (None, None) if given is None else (given[known], given[new])
    fitted = fit_split_conformal(target[known], np.zeros(3000), 0.9, sigma=own[0])
    found = fitted.intervals(np.zeros(3000), own[1])
    assert interval_coverage(target[new], found) == pytest.approx(0.9, abs=0.025)
    wide = np.abs(sigma[new]) > 2.5
    in_wide = interval_coverage(target[new][wide], found[wide])
    # One width fails where the noise is large; the normalised one does not.
    assert (in_wide > 0.85) if is_normalised else (in_wide < 0.83)


def test_units_are_passed_on() -> None:
    target, unit = np.concatenate([np.arange(1.0, 20.0), np.zeros(500)]), np.append(np.arange(19), np.full(500, 19))
    fitted = fit_split_conformal(target, np.zeros(519), 0.9, unit=unit)
    assert (fitted.bound, fitted.num_items, fitted.num_units) == (18.0, 519, 20)


def test_sigma_is_used_in_both_or_in_neither() -> None:
    plain = fit_split_conformal(np.ones(9), np.zeros(9))
    with pytest.raises(InputError, match="sigma is given"):
        plain.intervals(np.zeros(1), np.ones(1))
    scaled = fit_split_conformal(np.ones(9), np.zeros(9), sigma=np.ones(9))
    with pytest.raises(InputError, match="sigma is missing"):
        scaled.intervals(np.zeros(1))


def test_wrong_arrays_are_refused() -> None:
    with pytest.raises(InputError, match="one number per item"):
        conformal_score(np.zeros(3), np.zeros(2), None)
    with pytest.raises(InputError, match="positive standard deviations"):
        conformal_score(np.zeros(2), np.zeros(2), np.array([1.0, 0.0]))
