"""Intervals of supervised variant models, judged at positions that were learned from and at positions that were not.

The positions of a scan are dealt into three parts. Of the first, variants are learned from, calibrated on and tested at
random, so calibration and test are exchangeable: coverage must lie in its beta-binomial band. All variants at positions
of the other two were never near the training: one part joins the calibration, the other is the shifted test. There the
position is the unit, as variants of one site err together. Axes: variant.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import Field
from scipy import stats

from protea.applications.variants.comparison import VariantModelConfig, model_columns
from protea.applications.variants.measured_scan import MeasuredScan, ScanConfig
from protea.applications.variants.splits import RandomSplitConfig
from protea.benchmark.calibration.coverage_band import CoverageBand, coverage_band
from protea.benchmark.calibration.likelihood_ratio import fit_likelihood_ratio
from protea.benchmark.calibration.mondrian import fit_mondrian
from protea.benchmark.calibration.resplit_band import resplit_band, unit_coverage
from protea.benchmark.calibration.split_conformal import conformal_score, fit_split_conformal, symmetric_intervals
from protea.benchmark.calibration.weighted_conformal import fit_weighted_conformal
from protea.benchmark.learners.learner import Prediction
from protea.config import Config
from protea.errors import InputError, describe

__all__ = ["IntervalCheckConfig", "IntervalRow", "check_intervals"]

_SHARES = (0.6, 0.8)
"""Of positions: learned from, calibrated on, tested. Of the variants at the first: the same."""


class IntervalCheckConfig(Config):
    """Scans and models whose intervals are judged."""

    wild_types: str = Field(description="CSV of wild types, below the folder of the data.")
    scans: tuple[ScanConfig, ...] = Field(description="Scans of single mutants.", min_length=1)
    models: tuple[VariantModelConfig, ...] = Field(description="Models.", min_length=1)
    level: float = Field(0.9, gt=0, lt=1, description="Nominal coverage.")
    seed: int = Field(0, description="Seed of the deal and the models.")


@dataclass(frozen=True)
class IntervalRow:
    """One way of making intervals on one test."""

    scan: str
    model: str
    test: str
    way: str
    num_variants: int
    num_positions: int
    coverage: float
    """Share of variants covered; at new positions the mean over positions of that share."""
    band: CoverageBand | None
    """Of chance, where the way promises coverage on this test."""
    mean_width: float
    """In the measurement's unit."""
    root_mean_square_error: float


@dataclass(frozen=True, eq=False)
class _Deal:
    """Rows of the scan by their part."""

    train: Int[np.ndarray, " train"]
    known: Int[np.ndarray, " known"]
    """To calibrate on, at positions that were learned from."""
    new: Int[np.ndarray, " new"]
    """To calibrate on, at positions that were not."""
    test_known: Int[np.ndarray, " test_known"]
    test_new: Int[np.ndarray, " test_new"]


def _dealt(position: Int[np.ndarray, " variant"], seed: int) -> _Deal:
    rng = np.random.default_rng(seed)
    parts = np.split(rng.permutation(np.unique(position)), _cuts(np.unique(position).size))
    own = rng.permutation(np.flatnonzero(np.isin(position, parts[0])))
    train, known, test_known = np.split(own, _cuts(own.size))
    new, test_new = (np.flatnonzero(np.isin(position, part)) for part in parts[1:])
    return _Deal(np.sort(train), known, new, test_known, test_new)


def _cuts(num: int) -> list[int]:
    return [round(share * num) for share in _SHARES]


def _position_of(scan: MeasuredScan) -> Int[np.ndarray, " variant"]:
    if any(len(variant.positions) != 1 for variant in scan.variants):
        raise InputError(
            describe("variants with several mutated positions", where=scan.name, expected="single mutants")
        )
    return np.array([variant.positions[0] for variant in scan.variants])


def _fitted(scan: MeasuredScan, model: VariantModelConfig, deal: _Deal, seed: int) -> Prediction:
    columns = model_columns(model, scan, deal.train)
    inner = RandomSplitConfig(seed=seed + 1, num_folds=3).splits(scan.source.part(deal.train))
    return model.learner.fit(columns[deal.train], scan.value[deal.train], inner, seed).predict(columns)


def check_intervals(scan: MeasuredScan, model: VariantModelConfig, level: float, seed: int) -> list[IntervalRow]:
    """Return every way on both tests.

    `as predicted`: the model's own Gaussian. `conformal`: calibrated on variants at known positions, which
    promises nothing about new ones. `by novelty`: Mondrian, with a bound of its own for new positions.
    `weighted`: all calibration variants, weighted towards the test by a classifier
    that sees how far the nearest trained position is.

    Raises:
        InputError: variants with several mutated positions.
    """
    position = _position_of(scan)
    deal = _dealt(position, seed)
    found = _fitted(scan, model, deal, seed)
    error = scan.value - found.mean
    near = np.abs(position[:, None] - np.unique(position[deal.train])[None]).min(axis=1).astype(np.float64)
    rows = []
    for test, name in ((deal.test_known, "known positions"), (deal.test_new, "new positions")):
        is_new = name == "new positions"
        unit = position[test] if is_new else np.arange(test.size)
        for way, (bounds, band) in _ways(scan, found, deal, test, position, near, level, seed, is_new).items():
            is_inside = (bounds[:, 0] <= scan.value[test]) & (scan.value[test] <= bounds[:, 1])
            rows.append(
                IntervalRow(
                    scan.name, model.name, name, way, test.size, np.unique(position[test]).size,
                    unit_coverage(is_inside, unit), band, float((bounds[:, 1] - bounds[:, 0]).mean()),
                    float(np.sqrt(np.mean(error[test] ** 2))),
                )
            )  # fmt: skip
    return rows


def _ways(
    scan: MeasuredScan, found: Prediction, deal: _Deal, test: Int[np.ndarray, " test"],
    position: Int[np.ndarray, " variant"], near: Float[np.ndarray, " variant"], level: float, seed: int, is_new: bool,
) -> Mapping[str, tuple[Float[np.ndarray, "test 2"], CoverageBand | None]]:  # fmt: skip
    """Return the intervals of each way on one test, and the band of chance where there is a promise."""
    target, value, sigma = scan.value, found.mean, found.std

    def at(rows: np.ndarray) -> np.ndarray | None:
        return None if sigma is None else sigma[rows]

    ways: dict[str, tuple[np.ndarray, CoverageBand | None]] = {}
    if sigma is not None:
        half = float(stats.norm.ppf((1.0 + level) / 2.0))
        ways["as predicted"] = symmetric_intervals(value[test], sigma[test], half), None
    plain = fit_split_conformal(target[deal.known], value[deal.known], level, sigma=at(deal.known))
    exact = coverage_band(level, deal.known.size, test.size)
    ways["conformal"] = plain.intervals(value[test], at(test)), None if is_new else exact
    both = np.concatenate([deal.known, deal.new])
    is_of_new = np.isin(both, deal.new)
    # Variants at known positions are units by themselves; a new position is one unit.
    unit = np.where(is_of_new, position[both], -1 - np.arange(both.size))
    group = _novelty(is_of_new)
    mondrian = fit_mondrian(target[both], value[both], group, level, sigma=at(both), unit=unit)
    bounds = mondrian.intervals(value[test], _novelty(np.full(test.size, is_new)), at(test))
    ways["by novelty"] = bounds, _band_of_new(scan, found, deal, test, position, level, seed) if is_new else exact
    ratio = fit_likelihood_ratio(near[both, None], near[test, None])
    weighted = fit_weighted_conformal(
        target[both], value[both], ratio.weight(near[both, None]), level, sigma=at(both), unit=unit
    )
    ways["weighted"] = weighted.intervals(value[test], ratio.weight(near[test, None]), at(test)), None
    return ways


def _novelty(is_new: Bool[np.ndarray, " variant"]) -> np.ndarray:
    return np.where(is_new, "new position", "known position")


def _band_of_new(
    scan: MeasuredScan, found: Prediction, deal: _Deal, test: Int[np.ndarray, " test"],
    position: Int[np.ndarray, " variant"], level: float, seed: int,
) -> CoverageBand:  # fmt: skip
    scores = [
        conformal_score(scan.value[rows], found.mean[rows], None if found.std is None else found.std[rows])
        for rows in (deal.new, test)
    ]
    return resplit_band(scores[0], position[deal.new], scores[1], position[test], level, seed=seed)
