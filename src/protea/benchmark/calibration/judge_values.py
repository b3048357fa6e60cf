"""Ways of stating intervals around predicted values, judged. Axes: item, bound (low, high)."""

from dataclasses import replace
from functools import partial

import numpy as np
from jaxtyping import Float
from scipy import stats

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.coverage_band import CoverageBand
from protea.benchmark.calibration.held import Held
from protea.benchmark.calibration.judgement import JudgedWay, Measure
from protea.benchmark.calibration.measuring import chance_of, measured
from protea.benchmark.calibration.mondrian import MondrianConformal, fit_mondrian
from protea.benchmark.calibration.quantile_conformal import fit_quantile_conformal, quantile_score
from protea.benchmark.calibration.resplit_band import unit_coverage
from protea.benchmark.calibration.shift_table import ShiftRow, shift_table
from protea.benchmark.calibration.sigma_scaling import fit_sigma_scaling
from protea.benchmark.calibration.split_conformal import conformal_score, fit_split_conformal, symmetric_intervals
from protea.metrics.catalogue import METRICS
from protea.metrics.interval_score import interval_score, interval_score_by_unit

__all__ = ["judge_values"]

_OF_SIGMA = (
    "miscalibration_area",
    "gaussian_nll",
    "crps",
    "sharpness",
    "error_sigma_correlation",
    "rejection_ratio",
    "retention_area",
)


class _Judge:
    """Both parts and the settings, which every way shares."""

    def __init__(self, calibration: Held, test: Held, level: float, num_resamples: int, seed: int) -> None:
        assert calibration.value is not None
        assert test.value is not None
        self.calibration, self.test = calibration, test
        self.known, self.new = calibration.value, test.value
        self.level, self.num_resamples, self.seed = level, num_resamples, seed
        # The price of a target outside depends on the level.
        of_level = partial(interval_score, level=level), partial(interval_score_by_unit, level=level)
        self.score = replace(METRICS["interval_score"], function=of_level[0], by_unit=of_level[1])

    def of_intervals(
        self,
        name: str,
        intervals: Float[np.ndarray, "item 2"],
        calibrator: Calibrator | None = None,
        band: CoverageBand | None = None,
        sigma: Float[np.ndarray, " item"] | None = None,
    ) -> JudgedWay:
        test = self.test
        measures = measured(("interval_width", self.score), test, intervals, self.num_resamples, self.seed)
        if sigma is not None:
            gaussian = np.stack([self.new, sigma], axis=1)
            measures |= measured(_OF_SIGMA, test, gaussian, self.num_resamples, self.seed)
        is_inside = (intervals[:, 0] <= test.target) & (test.target <= intervals[:, 1])
        coverage, item_coverage = unit_coverage(is_inside, test.unit), float(is_inside.mean())
        return JudgedWay(name, measures, coverage, item_coverage, band, self.rows(intervals, calibrator), calibrator)

    def rows(self, intervals: Float[np.ndarray, "item 2"], calibrator: Calibrator | None) -> tuple[ShiftRow, ...]:
        if self.test.group is None:
            return ()
        num_units = self.calibration.num_units
        num_units_of = calibrator.num_units_of if isinstance(calibrator, MondrianConformal) else {}
        return shift_table(
            self.test.target, self.new, intervals, self.test.group, self.level, num_units, self.test.unit, num_units_of
        )

    def as_predicted(self) -> list[JudgedWay]:
        known, test, ways = self.calibration, self.test, []
        if test.low is not None and test.high is not None:
            ways.append(self.of_intervals("quantiles as predicted", np.stack([test.low, test.high], axis=1)))
        if known.sigma is not None and test.sigma is not None:
            half = float(stats.norm.ppf((1.0 + self.level) / 2.0))
            scaling = fit_sigma_scaling(known.target, self.known, known.sigma, known.unit)
            for name, fitted, sigma in (
                ("sigma as predicted", None, test.sigma),
                ("sigma scaled", scaling, scaling.sigma(test.sigma)),
            ):
                bounds = symmetric_intervals(self.new, sigma, half)
                ways.append(self.of_intervals(name, bounds, fitted, sigma=sigma))
        return ways

    def conformal(self) -> list[JudgedWay]:
        known, test, ways = self.calibration, self.test, []
        for name, first, second in (("one width", None, None), ("width by sigma", known.sigma, test.sigma)):
            if name == "width by sigma" and (first is None or second is None):
                continue
            fitted = fit_split_conformal(known.target, self.known, self.level, sigma=first, unit=known.unit)
            scores = conformal_score(known.target, self.known, first), conformal_score(test.target, self.new, second)
            band = chance_of(known, test, *scores, self.level, self.seed)
            ways.append(self.of_intervals(f"conformal, {name}", fitted.intervals(self.new, second), fitted, band))
        if known.low is not None and known.high is not None and test.low is not None and test.high is not None:
            moved = fit_quantile_conformal(known.target, known.low, known.high, self.level, unit=known.unit)
            scores = (
                quantile_score(known.target, known.low, known.high),
                quantile_score(test.target, test.low, test.high),
            )
            band = chance_of(known, test, *scores, self.level, self.seed)
            ways.append(self.of_intervals("conformal, quantiles", moved.intervals(test.low, test.high), moved, band))
        return ways

    def by_group(self) -> tuple[list[JudgedWay], list[str]]:
        known, test = self.calibration, self.test
        if known.group is None or test.group is None:
            return [], []
        absent = sorted({str(name) for name in test.group} - {str(name) for name in known.group})
        if absent:
            return [], [f"No interval by group: no calibration item in {', '.join(absent)}."]
        sigma = known.sigma if test.sigma is not None else None
        fitted = fit_mondrian(known.target, self.known, known.group, self.level, sigma=sigma, unit=known.unit)
        bounds = fitted.intervals(self.new, test.group, test.sigma if sigma is not None else None)
        short = [f"Too few calibration units in {name}: infinite intervals." for name in fitted.short_groups]
        return [self.of_intervals("conformal, by group", bounds, fitted)], short


def judge_values(
    calibration: Held, test: Held, level: float, num_resamples: int, seed: int
) -> tuple[tuple[JudgedWay, ...], list[str]]:
    """Return the ways that the stated numbers allow, and notes on what could not be judged; see `judge.judge`."""
    judge = _Judge(calibration, test, level, num_resamples, seed)
    grouped, notes = judge.by_group()
    ways = [*judge.as_predicted(), *judge.conformal(), *grouped]
    error = measured(("rmse", "mae"), test, judge.new, num_resamples, seed)
    value_only = JudgedWay("value", {name: Measure(item.value, item.low, item.high) for name, item in error.items()})
    return (value_only, *ways), notes
