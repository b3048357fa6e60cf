import re

import numpy as np

from protea.benchmark.calibration.figures import coverage_figure, reliability_figure, retention_figure
from tests.benchmark.calibration.made_parts import values, yes_no


def curve_points(svg: str, name: str) -> list[tuple[float, float]]:
    """The corners of the path with this name."""
    found = re.search(rf'd="M([^"]*)"[^>]*><title>{name}<', svg)
    assert found is not None
    return [tuple(float(number) for number in pair.split()) for pair in found[1].split(" L")]


def test_too_small_a_sigma_lies_below_the_diagonal_and_a_scaled_one_on_it() -> None:
    part = values(400, 0)
    assert part.sigma is not None
    svg = coverage_figure(part, {"as predicted": part.sigma, "scaled": 2.0 * part.sigma})
    assert svg is not None
    middle = {name: curve_points(svg, name)[100] for name in ("as predicted", "scaled")}
    # x runs from 60 to 380 and y from 350 down to 30, so the diagonal is y = 410 - x.
    x, y = middle["as predicted"]
    assert y > 410 - x + 20
    x, y = middle["scaled"]
    assert abs(y - (410 - x)) < 25
    assert coverage_figure(part, {}) is None


def test_the_oracle_lies_below_sigma_and_both_end_at_the_mean_error() -> None:
    svg = retention_figure(values(300, 1))
    assert svg is not None
    by_sigma, by_error = curve_points(svg, "by sigma"), curve_points(svg, "by true error")
    assert by_sigma[-1] == by_error[-1] == (380.0, 30.0)
    assert np.mean([y for _, y in by_error]) > np.mean([y for _, y in by_sigma])


def test_bins_of_probability_by_hand() -> None:
    svg = reliability_figure(np.array([0, 1, 1, 1]), {"p": np.array([0.1, 0.1, 0.9, 0.9])}, num_bins=2)
    assert svg is not None
    assert curve_points(svg, "p") == [(60 + 0.1 * 320, 350 - 0.5 * 320), (60 + 0.9 * 320, 30.0)]
    part = yes_no(20, 0)
    assert reliability_figure(part.target, {}) is None
