import numpy as np
import pytest

from protea.benchmark.calibration.coverage_band import coverage_band
from protea.benchmark.calibration.order_statistic import conformal_quantile
from protea.benchmark.calibration.resplit_band import resplit_band, unit_coverage
from protea.errors import InputError


def proteins(num: int, rng: np.random.Generator, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Scores of residues, most of whose spread is shared within the protein."""
    lengths = rng.integers(5, 40, size=num)
    unit = np.repeat(np.arange(num), lengths)
    own = rng.normal(size=num)[unit]
    return np.abs(own + 0.3 * rng.normal(size=unit.size)) + shift, unit


def test_coverage_is_the_mean_over_units() -> None:
    is_covered = np.array([True, True, True, False, False])
    assert unit_coverage(is_covered) == 0.6
    assert unit_coverage(is_covered, np.array(["a", "a", "a", "a", "b"])) == pytest.approx(0.375)


def test_one_item_per_unit_is_the_beta_binomial() -> None:
    rng = np.random.default_rng(0)
    band = resplit_band(rng.normal(size=80), None, rng.normal(size=60), None, 0.9, num_splits=6000)
    exact = coverage_band(0.9, 80, 60)
    assert band.expected == pytest.approx(exact.expected, abs=0.003)
    assert band.low == pytest.approx(exact.low, abs=1.01 / 60)
    assert band.high == pytest.approx(exact.high, abs=1.01 / 60)


def test_exchangeable_proteins_lie_inside_where_a_band_over_residues_would_not_hold() -> None:
    rng = np.random.default_rng(1)
    num_inside, num_inside_of_residues, num_runs = 0, 0, 60
    for _ in range(num_runs):
        score, unit = proteins(60, rng)
        is_known = unit < 40
        known, new = score[is_known], score[~is_known]
        bound = conformal_quantile(known, 0.9, unit[is_known])
        coverage = unit_coverage(new <= bound, unit[~is_known])
        band = resplit_band(known, unit[is_known], new, unit[~is_known], 0.9, num_splits=400)
        num_inside += band.holds(coverage)
        num_inside_of_residues += coverage_band(0.9, known.size, new.size).holds(float(np.mean(new <= bound)))
    assert num_inside >= num_runs - 3
    assert num_inside_of_residues < 0.75 * num_runs


def test_shifted_proteins_lie_outside() -> None:
    rng = np.random.default_rng(2)
    known, known_unit = proteins(60, rng)
    new, new_unit = proteins(60, rng, shift=1.0)
    coverage = unit_coverage(new <= conformal_quantile(known, 0.9, known_unit), new_unit)
    assert not resplit_band(known, known_unit, new, new_unit, 0.9, num_splits=500).holds(coverage)


def test_names_of_units_in_the_two_parts_are_apart() -> None:
    rng = np.random.default_rng(3)
    one = resplit_band(rng.random(30), np.arange(30) // 3, rng.random(20), np.arange(20) // 2, 0.8, num_splits=50)
    rng = np.random.default_rng(3)
    two = resplit_band(rng.random(30), np.arange(30) // 3, rng.random(20), 99 + np.arange(20) // 2, 0.8, num_splits=50)
    assert one == two


def test_too_few_units_cover_everything() -> None:
    band = resplit_band(np.arange(6.0), np.arange(6) // 2, np.arange(4.0), None, 0.9, num_splits=20)
    assert (band.low, band.high, band.expected) == (1.0, 1.0, 1.0)


def test_one_deal_is_refused() -> None:
    with pytest.raises(InputError, match="1 deals"):
        resplit_band(np.ones(5), None, np.ones(5), None, 0.5, num_splits=1)
