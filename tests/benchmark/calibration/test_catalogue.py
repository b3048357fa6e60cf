"""Every calibrator is written and read back exactly, and gives the same answers then."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.catalogue import AnyCalibrator, load_calibrator, save_calibrator
from protea.benchmark.calibration.class_sets import fit_class_sets
from protea.benchmark.calibration.isotonic import fit_isotonic
from protea.benchmark.calibration.likelihood_ratio import fit_likelihood_ratio
from protea.benchmark.calibration.mondrian import fit_mondrian
from protea.benchmark.calibration.platt import fit_platt
from protea.benchmark.calibration.platt_band import fit_platt_band
from protea.benchmark.calibration.quantile_conformal import fit_quantile_conformal
from protea.benchmark.calibration.sigma_scaling import fit_sigma_scaling
from protea.benchmark.calibration.split_conformal import fit_split_conformal
from protea.benchmark.calibration.temperature import fit_temperature
from protea.benchmark.calibration.weighted_conformal import fit_weighted_conformal
from protea.errors import FileFormatError

RNG = np.random.default_rng(0)
TARGET, VALUE, SIGMA = RNG.normal(size=20), RNG.normal(size=20), RNG.uniform(0.1, 1, size=20)
BINARY, PROBABILITY = RNG.integers(2, size=20), RNG.random(20)
FITTED: tuple[Calibrator, ...] = (
    fit_split_conformal(TARGET, VALUE, 0.9, sigma=SIGMA),
    fit_split_conformal(TARGET[:3], VALUE[:3], 0.9),  # infinite
    fit_mondrian(TARGET, VALUE, np.array(["a"] * 12 + ["b"] * 8), 0.9),
    fit_quantile_conformal(TARGET, VALUE, VALUE + 0.1, 0.8),
    fit_weighted_conformal(TARGET, VALUE, SIGMA, 0.9),
    fit_likelihood_ratio(TARGET[:, None], VALUE[:, None]),
    fit_sigma_scaling(TARGET, VALUE, SIGMA),
    fit_temperature(BINARY, RNG.normal(size=(20, 2)) + np.eye(2)[BINARY]),
    fit_platt(BINARY, PROBABILITY),
    fit_platt_band(BINARY, PROBABILITY, num_resamples=3),
    fit_isotonic(BINARY, PROBABILITY),
    fit_class_sets(BINARY, RNG.normal(size=(20, 2)), 0.9, method="aps"),
)


@pytest.mark.parametrize("calibrator", FITTED, ids=lambda item: item.kind)
def test_json_round_trip_is_exact(calibrator: Calibrator, tmp_path: Path) -> None:
    save_calibrator(calibrator, tmp_path / "calibrator.json")
    found = load_calibrator(tmp_path / "calibrator.json")
    assert type(found) is type(calibrator)
    assert found == calibrator


def test_answers_are_those_of_the_fitted_one(tmp_path: Path) -> None:
    fitted = fit_split_conformal(TARGET, VALUE, 0.9, sigma=SIGMA)
    save_calibrator(fitted, tmp_path / "one.json")
    again = load_calibrator(tmp_path / "one.json")
    np.testing.assert_array_equal(again.intervals(VALUE, SIGMA), fitted.intervals(VALUE, SIGMA))


def test_every_member_of_the_union_was_tried() -> None:
    members = get_args(get_args(AnyCalibrator)[0])
    assert {type(item) for item in FITTED} == set(members)


@pytest.mark.parametrize("text", ["", "[]", '{"kind": "pickle"}', '{"kind": "platt", "slope": "x", "intercept": 0}'])
def test_other_files_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text(text)
    with pytest.raises(FileFormatError, match=r"wrong\.json: not a calibrator"):
        load_calibrator(tmp_path / "wrong.json")
