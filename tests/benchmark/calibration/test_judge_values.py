import pytest

from protea.benchmark.calibration.judge import judge
from protea.benchmark.calibration.judge_values import judge_values
from tests.benchmark.calibration.made_parts import values


def test_a_sigma_that_is_too_small_is_mended() -> None:
    ways, notes = judge_values(values(1000, 0), values(1000, 1), 0.9, 20, 0)
    by_name = {way.name: way for way in ways}
    assert notes == []
    assert by_name["sigma as predicted"].coverage < 0.7
    for name in ("sigma scaled", "conformal, one width", "conformal, width by sigma", "conformal, by group"):
        assert by_name[name].coverage == pytest.approx(0.9, abs=0.04)
    assert by_name["conformal, one width"].is_in_band
    scaled, given = by_name["sigma scaled"].measures, by_name["sigma as predicted"].measures
    assert scaled["miscalibration_area"].value < 0.05 < given["miscalibration_area"].value
    assert scaled["error_sigma_correlation"].value == pytest.approx(given["error_sigma_correlation"].value)
    # Noise is in proportion to sigma, so intervals in proportion to it score better.
    by_sigma = by_name["conformal, width by sigma"].measures["interval_score"].value
    assert by_sigma < by_name["conformal, one width"].measures["interval_score"].value


def test_quantiles_are_moved() -> None:
    ways, _ = judge_values(values(600, 0, with_quantiles=True), values(600, 1, with_quantiles=True), 0.8, 5, 0)
    by_name = {way.name: way for way in ways}
    assert by_name["quantiles as predicted"].coverage < 0.5
    assert by_name["conformal, quantiles"].coverage == pytest.approx(0.8, abs=0.06)
    assert by_name["conformal, quantiles"].is_in_band


def test_units_of_several_items_are_judged_by_dealing_them_out() -> None:
    ways, _ = judge_values(values(800, 0, per_unit=20), values(800, 1, per_unit=20), 0.8, 5, 0)
    way = next(way for way in ways if way.name == "conformal, one width")
    assert way.band is not None
    assert way.band.high - way.band.low > 0.15  # forty proteins, not eight hundred residues
    assert way.is_in_band


def test_groups_are_judged_by_themselves_against_their_own_size() -> None:
    ways, _ = judge_values(values(300, 0), values(300, 1), 0.9, 5, 0)
    rows = {(way.name, row.band): row for way in ways for row in way.groups}
    own, shared = rows["conformal, by group", "near"], rows["conformal, one width", "near"]
    assert own.chance.high - own.chance.low > shared.chance.high - shared.chance.low
    assert own.num_units == 150


def test_a_group_without_calibration_items_is_noted() -> None:
    known = values(100, 0)
    assert known.group is not None
    ways, notes = judge_values(known.only(known.group == "near"), values(100, 1), 0.9, 5, 0)
    assert notes == ["No interval by group: no calibration item in far."]
    assert "conformal, by group" not in {way.name for way in ways}


def test_the_interval_score_is_of_the_level() -> None:
    at = {level: judge(values(200, 0), values(200, 1), level, 5) for level in (0.5, 0.9)}
    score = {
        level: next(way for way in found.ways if way.name == "sigma as predicted").measures["interval_score"].value
        for level, found in at.items()
    }
    assert score[0.5] < score[0.9]
