import numpy as np
import pytest

from protea.benchmark.calibration.mondrian import fit_mondrian
from protea.benchmark.calibration.split_conformal import fit_split_conformal
from protea.errors import InputError
from protea.metrics.interval_coverage import interval_coverage


def test_each_group_has_the_bound_of_its_own_items() -> None:
    rng = np.random.default_rng(0)
    target, group = rng.normal(size=60), np.array(["near", "far"])[np.arange(60) % 2]
    fitted = fit_mondrian(target, np.zeros(60), group, 0.8)
    for name in ("near", "far"):
        own = fit_split_conformal(target[group == name], np.zeros(30), 0.8)
        assert fitted.bound_of[name] == own.bound
        np.testing.assert_array_equal(fitted.intervals(np.zeros(1), np.array([name])), own.intervals(np.zeros(1)))
    assert fitted.num_units_of == {"far": 30, "near": 30}


def test_groups_of_unlike_noise_are_covered_each() -> None:
    rng = np.random.default_rng(1)
    group = rng.integers(2, size=8000)
    target = np.where(group == 1, 4.0, 1.0) * rng.normal(size=8000)
    fitted = fit_mondrian(target[:4000], np.zeros(4000), group[:4000], 0.9)
    plain = fit_split_conformal(target[:4000], np.zeros(4000), 0.9)
    is_noisy = group[4000:] == 1
    of_group = fitted.intervals(np.zeros(4000), group[4000:])
    assert interval_coverage(target[4000:][is_noisy], of_group[is_noisy]) == pytest.approx(0.9, abs=0.03)
    assert interval_coverage(target[4000:][is_noisy], plain.intervals(np.zeros(4000))[is_noisy]) < 0.84


def test_a_short_group_says_so_and_has_infinite_intervals() -> None:
    group = np.array(["a"] * 20 + ["b"] * 8)
    fitted = fit_mondrian(np.arange(28.0), np.zeros(28), group, 0.9)
    assert fitted.short_groups == ("b",)
    found = fitted.intervals(np.zeros(2), np.array(["a", "b"]))
    assert np.isfinite(found[0]).all()
    assert np.isinf(found[1]).all()


def test_units_within_groups() -> None:
    # Group b holds 40 items of only two units: that is two, not forty.
    group, unit = np.array(["a"] * 20 + ["b"] * 40), np.append(np.arange(20), 20 + np.arange(40) // 20)
    fitted = fit_mondrian(np.arange(60.0), np.zeros(60), group, 0.9, unit=unit)
    assert fitted.num_units_of == {"a": 20, "b": 2}
    assert fitted.short_groups == ("b",)


def test_an_unknown_group_is_refused() -> None:
    fitted = fit_mondrian(np.ones(9), np.zeros(9), np.zeros(9, dtype=int), 0.5)
    with pytest.raises(InputError, match="no calibration item in 3"):
        fitted.intervals(np.zeros(1), np.array([3]))
    with pytest.raises(InputError, match="group has shape"):
        fit_mondrian(np.ones(9), np.zeros(9), np.zeros(8, dtype=int))
