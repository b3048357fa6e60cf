"""Bounds that know how far a protein is: equal to the plain one where nothing shifts, and wider where errors are."""

from dataclasses import replace

import numpy as np
import pytest

from protea.applications.properties.fitted import shifted_doubt as module
from protea.applications.properties.fitted.doubt import Doubt
from protea.applications.properties.fitted.fitted_doubt import HeldOut, fit_doubt
from protea.applications.properties.fitted.shifted_doubt import ShiftedDoubt, shifted_doubt, shifted_report
from protea.benchmark.calibration.order_statistic import conformal_quantile
from tests.applications.properties.fitted.test_fitted_doubt import data
from tests.predict.made_predictor import made_predictor

CALIBRATION = {name: np.arange(30, 60) for name in ("lysines", "states")}


def part(distance: np.ndarray, per_protein: int, seed: int) -> module._Part:
    """Proteins whose errors grow with their distance."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(len(distance)), per_protein)
    score = np.abs(rng.normal(size=unit.size)) * (0.1 + distance[unit])
    feature = np.stack([distance, rng.normal(size=len(distance)), rng.normal(size=len(distance))], axis=1)
    return module._Part(HeldOut(score, np.zeros(unit.size), unit), score, feature)


def test_every_interval_and_set_is_repaired_both_ways() -> None:
    tests = {name: {"later": np.arange(60, 90)} for name in CALIBRATION}
    made, predictor = replace(data(), tests=tests), made_predictor().properties
    doubt = fit_doubt(predictor, made, CALIBRATION)
    found = shifted_doubt(predictor, doubt, made, CALIBRATION)
    assert [(one.name, one.test, one.way) for one in found] == [
        (name, "later", way) for name in ("lysines", "states") for way in ("weighted", "by distance")
    ]
    for one in found:
        assert 0 <= one.coverage <= 1
        assert 0 < one.num_effective <= 30
    assert shifted_doubt(predictor, Doubt(doubt.properties, None), made, CALIBRATION) == []


def test_far_proteins_get_wider_bounds_that_hold() -> None:
    rng = np.random.default_rng(0)
    known, asked = part(rng.uniform(0, 2, 400), 5, 1), part(rng.uniform(1, 2, 400), 5, 2)
    plain = (asked.score <= conformal_quantile(known.score, 0.9, known.held.unit)).mean()
    assert plain < 0.86
    for way in (module._weighted, module._by_distance):
        bound, effective = way(known, asked, 0.9)
        assert abs((asked.score <= bound).mean() - 0.9) < abs(plain - 0.9) - 0.02
        assert 20 < effective < 400


def test_without_a_shift_weights_give_the_plain_bound() -> None:
    rng = np.random.default_rng(3)
    distance = rng.uniform(0, 2, 300)
    known, asked = part(distance, 3, 1), part(distance, 3, 1)
    bound, effective = module._weighted(known, asked, 0.9)
    np.testing.assert_allclose(bound, conformal_quantile(known.score, 0.9, known.held.unit), rtol=0.05)
    assert effective == pytest.approx(300, rel=0.01)


def test_a_side_without_calibration_proteins_has_no_bound() -> None:
    known, asked = part(np.ones(30), 1, 1), part(np.array([0.5, 2.0]), 1, 2)
    bound, effective = module._by_distance(known, asked, 0.9)
    assert np.isfinite(bound[0])
    assert np.isinf(bound[1])
    assert effective == 0


def test_the_page_tells_both_coverages() -> None:
    one = ShiftedDoubt(name="a", test="t", way="weighted", num_effective=41.6, plain=0.7, coverage=0.88, width=None,
                       share_unbounded=1.0)  # fmt: skip
    page = shifted_report([one])
    assert "| a | t | weighted | 42 | 0.700 | 0.880 | - | 1.000 |" in page
    assert len({line.count("|") for line in page.splitlines() if line.startswith("|")}) == 1
    assert shifted_report([]) == ""
