"""Coverage is counted over proteins, against the calibrator that is in use; the page marks what leaves the band."""

from dataclasses import replace

import numpy as np
import pytest

from protea.applications.properties.fitted.fitted_doubt import fit_doubt, held_out
from protea.applications.properties.fitted.judged_doubt import JudgedDoubt, doubt_report, judge_doubt
from protea.benchmark.calibration.split_conformal import SplitConformal
from tests.applications.properties.fitted.test_fitted_doubt import data
from tests.predict.made_predictor import made_predictor

CALIBRATION = {name: np.arange(30, 60) for name in ("lysines", "states")}


def judged() -> dict[str, JudgedDoubt]:
    tests = {name: {"later": np.arange(60, 90)} for name in CALIBRATION}
    made, predictor = replace(data(), tests=tests), made_predictor().properties
    return {one.name: one for one in judge_doubt(predictor, fit_doubt(predictor, made, CALIBRATION), made, CALIBRATION)}


def test_every_interval_and_set_is_judged() -> None:
    found = judged()
    assert set(found) == {"lysines", "states"}
    for one in found.values():
        assert (one.test, one.level, one.num_calibration, one.num_test) == ("later", 0.9, 30, 30)
        assert 0 <= one.low <= one.high <= 1


def test_coverage_is_the_share_of_proteins_whose_error_is_within_the_bound() -> None:
    predictor, made = made_predictor().properties, data()
    calibrator = fit_doubt(predictor, made, CALIBRATION).properties["lysines"].calibrator
    assert isinstance(calibrator, SplitConformal)
    held = held_out(predictor, made, "lysines", np.arange(60, 90))
    expected = (np.abs(held.target - held.answer) <= calibrator.bound).mean()
    assert 0 < expected < 1
    assert judged()["lysines"].coverage == expected
    assert judged()["lysines"].width == pytest.approx(2 * calibrator.bound)


def test_coverage_of_sets_is_the_mean_over_proteins() -> None:
    predictor, made = made_predictor().properties, data()
    doubt = fit_doubt(predictor, made, CALIBRATION)
    rows = np.arange(60, 90)
    held = held_out(predictor, made, "states", rows)
    calibrator = doubt.properties["states"].calibrator
    is_in = calibrator.sets(np.log(held.answer))[np.arange(len(held.target)), held.target.astype(int)]  # type: ignore[union-attr]
    by_protein = [is_in[held.unit == place].mean() for place in range(30)]
    assert judged()["states"].coverage == pytest.approx(float(np.mean(by_protein)))


def test_the_page_marks_what_chance_does_not_explain() -> None:
    one = JudgedDoubt(name="a", test="t", level=0.9, num_calibration=50, num_test=60, coverage=0.7, low=0.8, high=0.98,
                      width=3.0)  # fmt: skip
    assert "| 0.700 | 0.800 to 0.980 | outside | 3.00 |" in doubt_report([one])
    assert "outside" not in doubt_report([one.model_copy(update={"coverage": 0.9})])


def test_a_coverage_at_an_end_of_the_band_is_inside_however_it_was_added_up() -> None:
    # Seen: all of the test inside, in a band whose upper end is a sum of thirds and sevenths.
    one = JudgedDoubt(name="a", test="t", level=0.8, num_calibration=3, num_test=9, coverage=1.0,
                      low=0.9999999999999997, high=0.9999999999999998, width=3.0)  # fmt: skip
    assert one.is_in_band
    assert one.model_copy(update={"coverage": 1 / 3 + 1 / 3, "low": 2 / 3 + 1e-15, "high": 1.0}).is_in_band
    assert not one.model_copy(update={"coverage": 0.99}).is_in_band
