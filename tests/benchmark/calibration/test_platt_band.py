"""The band of a Platt curve holds the true share at its level, and narrows as calibration units grow."""

import numpy as np
import pytest
from scipy.special import expit

from protea.benchmark.calibration.platt import fit_platt
from protea.benchmark.calibration.platt_band import PlattBand, fit_platt_band
from protea.errors import InputError


def made(num: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Targets and stated probabilities; the true log-odds are half the stated ones, less 1."""
    draw = np.random.default_rng(seed)
    logit = 2.0 * draw.normal(size=num)
    return (draw.random(num) < expit(0.5 * logit - 1.0)).astype(int), expit(logit)


def test_the_middle_is_platt_and_lies_inside() -> None:
    target, stated = made(300, 0)
    band = fit_platt_band(target, stated, num_resamples=40)
    asked = np.linspace(0.01, 0.99, 21)
    low, high = band.intervals(asked).T
    np.testing.assert_array_equal(band.probability(asked), fit_platt(target, stated).probability(asked))
    assert (low <= band.probability(asked)).all()
    assert (band.probability(asked) <= high).all()


def test_the_true_share_is_held_as_often_as_stated() -> None:
    asked = np.array([expit(1.5)])
    truth = expit(0.5 * 1.5 - 1.0)
    held = 0
    for seed in range(60):
        low, high = fit_platt_band(*made(150, seed), level=0.8, num_resamples=60, seed=seed + 1000).intervals(asked)[0]
        held += bool(low <= truth <= high)
    assert 60 * 0.8 - 12 <= held <= 60 * 0.8 + 11  # 99.9 % of binomial draws


def test_more_units_narrow_it_and_more_items_of_a_unit_do_not() -> None:
    target, stated = made(100, 3)

    def width(band: PlattBand) -> float:
        low, high = band.intervals(np.array([0.6]))[0]
        return float(high - low)

    plain = width(fit_platt_band(target, stated, num_resamples=100))
    copies = width(fit_platt_band(target.repeat(5), stated.repeat(5), unit=np.arange(100).repeat(5), num_resamples=100))
    large = width(fit_platt_band(*made(2000, 3), num_resamples=100))
    assert copies == pytest.approx(plain, rel=0.02)
    assert large < 0.5 * plain


def test_it_is_read_back_exactly() -> None:
    band = fit_platt_band(*made(60, 1), num_resamples=5)
    assert PlattBand.model_validate_json(band.model_dump_json()) == band


def test_resamples_may_part_classes_that_the_whole_mixes() -> None:
    target, stated = np.array([0, 0, 1, 0, 1, 1]), np.array([0.1, 0.3, 0.4, 0.5, 0.7, 0.9])
    low, high = fit_platt_band(target, stated, num_resamples=40).intervals(stated).T
    assert (low[0], high[-1]) == (pytest.approx(0.0, abs=0.01), pytest.approx(1.0, abs=0.01))
    with pytest.raises(InputError, match="part the classes"):
        fit_platt_band(np.sort(target), stated)


def test_one_class_is_refused() -> None:
    with pytest.raises(InputError, match="one class only"):
        fit_platt_band(np.ones(9, int), np.full(9, 0.4))
