import numpy as np
import pytest

from protea.benchmark.calibration.judge import judge
from protea.errors import InputError
from tests.benchmark.calibration.made_parts import classes, values, yes_no


def test_yes_no_labels_that_are_too_sure_are_mended() -> None:
    found = judge(yes_no(3000, 0), yes_no(3000, 1), num_resamples=20)
    by_name = {way.name: way for way in found.ways}
    assert list(by_name) == ["as predicted", "temperature", "Platt", "isotonic", "lac sets", "aps sets"]
    before = by_name["as predicted"].measures["ece"].value
    for name in ("temperature", "Platt", "isotonic"):
        assert by_name[name].measures["ece"].value < before / 2
        assert by_name[name].measures["brier"].value < by_name["as predicted"].measures["brier"].value
    # Rising maps keep the ranks.
    assert by_name["Platt"].measures["auroc"].value == pytest.approx(by_name["as predicted"].measures["auroc"].value)
    assert by_name["lac sets"].is_in_band


def test_classes_that_are_too_sure_are_mended() -> None:
    found = judge(classes(2000, 0), classes(2000, 1), num_resamples=20)
    by_name = {way.name: way for way in found.ways}
    assert by_name["temperature"].measures["ece_top_label"].value < 0.05
    assert by_name["as predicted"].measures["ece_top_label"].value > 0.1
    assert by_name["lac sets"].is_in_band
    assert by_name["lac sets"].measures["classes per set"].value < by_name["aps sets"].measures["classes per set"].value


def test_what_cannot_be_fitted_is_noted() -> None:
    part = yes_no(30, 0)
    ones = part.only(part.target == 1)
    found = judge(ones, yes_no(50, 1), num_resamples=5)
    assert any("No Platt scaling: calibration items of one class only" in note for note in found.notes)
    assert "Platt" not in {way.name for way in found.ways}


def test_too_few_calibration_units_say_so() -> None:
    found = judge(values(6, 0), values(30, 1), num_resamples=5)
    assert "6 calibration units are fewer than 9 for 90%" in found.notes[0]
    way = next(way for way in found.ways if way.name == "conformal, one width")
    assert way.measures["interval_width"].value == np.inf
    assert way.is_in_band


def test_parts_of_unlike_kind_are_refused() -> None:
    with pytest.raises(InputError, match="yes_no and value"):
        judge(yes_no(10, 0), values(10, 0))
