import numpy as np
import pytest

from protea.benchmark.calibration.shift_table import shift_table
from protea.benchmark.calibration.split_conformal import fit_split_conformal
from protea.errors import InputError


def test_hand_worked() -> None:
    target, value = np.array([0.0, 0.0, 5.0, 1.0]), np.zeros(4)
    intervals = np.stack([np.full(4, -1.0), np.full(4, 2.0)], axis=1)
    rows = shift_table(target, value, intervals, np.array(["far", "near", "far", "near"]), 0.9, 100)
    assert [row.band for row in rows] == ["far", "near", "all"]
    assert [row.coverage for row in rows] == [0.5, 1.0, 0.75]
    assert [row.num_items for row in rows] == [2, 2, 4]
    assert [row.mean_absolute_error for row in rows] == [2.5, 0.5, 1.5]
    assert all(row.mean_width == 3.0 for row in rows)


def test_a_shifted_band_is_found_and_the_other_is_not() -> None:
    rng = np.random.default_rng(0)
    known = rng.normal(size=500)
    fitted = fit_split_conformal(known, np.zeros(500), 0.9)
    target = np.concatenate([rng.normal(size=400), 3.0 * rng.normal(size=400)])
    band = np.repeat(["known fold", "new fold"], 400)
    rows = {
        row.band: row for row in shift_table(target, np.zeros(800), fitted.intervals(np.zeros(800)), band, 0.9, 500)
    }
    assert rows["known fold"].is_as_calibrated
    assert not rows["new fold"].is_as_calibrated
    assert rows["new fold"].coverage < 0.6


def test_coverage_and_size_are_over_units() -> None:
    target, unit = np.array([0.0, 9.0, 9.0, 0.0]), np.array(["p", "p", "p", "q"])
    intervals = np.stack([np.full(4, -1.0), np.full(4, 1.0)], axis=1)
    (_, all_rows) = shift_table(target, np.zeros(4), intervals, np.full(4, "x"), 0.9, 50, unit)
    assert all_rows.coverage == pytest.approx((1 / 3 + 1) / 2)
    assert (all_rows.num_items, all_rows.num_units) == (4, 2)


def test_shapes_must_fit() -> None:
    with pytest.raises(InputError, match="one per item"):
        shift_table(np.zeros(2), np.zeros(2), np.zeros((2, 2)), np.array(["a"]), 0.9, 5)
