import numpy as np
import pytest

from protea.benchmark.calibration.coverage_band import coverage_band
from protea.benchmark.calibration.measuring import chance_of, measured
from protea.metrics.catalogue import METRICS
from protea.metrics.rmse import rmse
from tests.benchmark.calibration.made_parts import values


def test_metrics_have_intervals_over_units() -> None:
    part = values(60, 0, per_unit=3)
    assert part.value is not None
    found = measured(("rmse", METRICS["mae"]), part, part.value, 50, 0)
    assert list(found) == ["rmse", "mae"]
    assert found["rmse"].value == pytest.approx(rmse(part.target, part.value))
    assert found["rmse"].low < found["rmse"].value < found["rmse"].high


def test_one_unit_has_no_interval_and_an_undefined_metric_is_left_out() -> None:
    part = values(6, 0, per_unit=6)
    assert part.value is not None
    found = measured(("rmse", "spearman"), part, np.zeros(6), 5, 0)
    assert list(found) == ["rmse"]
    assert found["rmse"].low is None


def test_chance_is_exact_for_single_items_and_wider_for_units() -> None:
    one, two = values(90, 0), values(60, 1)
    scores = np.abs(one.target), np.abs(two.target)
    assert chance_of(one, two, *scores, 0.9, 0) == coverage_band(0.9, 90, 60)
    one, two = values(90, 0, per_unit=9), values(60, 1, per_unit=6)
    band = chance_of(one, two, np.abs(one.target), np.abs(two.target), 0.8, 0)
    exact = coverage_band(0.8, 90, 60)
    assert band.high - band.low > exact.high - exact.low
