"""Metrics of a part with their intervals, and the chance of its coverage. Axes: item."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Shaped

from protea.benchmark.calibration.coverage_band import CoverageBand, coverage_band
from protea.benchmark.calibration.held import Held
from protea.benchmark.calibration.judgement import Measure
from protea.benchmark.calibration.resplit_band import resplit_band
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import METRICS, UNRANKED_METRICS, Metric
from protea.metrics.undefined import UndefinedMetric

__all__ = ["chance_of", "measured"]


def measured(
    names: Sequence[str | Metric], part: Held, answer: Shaped[np.ndarray, "..."], num_resamples: int, seed: int
) -> dict[str, Measure]:
    """Return the metrics of an answer by name, with 95 % intervals over units; what is undefined is left out.

    A metric has no value where, say, sigma is constant and ranks nothing.
    """
    found = {}
    for asked in names:
        metric = asked if isinstance(asked, Metric) else (METRICS | UNRANKED_METRICS)[asked]
        try:
            value = metric.function(part.target, answer, None)
            if part.num_units < 2 or np.isinf(value):  # an infinite width has no spread
                found[metric.name] = Measure(value)
                continue
            interval = bootstrap_interval(metric, part.target, answer, part.unit, num_resamples, seed=seed)
        except UndefinedMetric:
            continue  # left out, see above
        found[metric.name] = Measure(interval.estimate, interval.low, interval.high)
    return found


def chance_of(
    calibration: Held,
    test: Held,
    calibration_score: Float[np.ndarray, " calibration"],
    test_score: Float[np.ndarray, " test"],
    level: float,
    seed: int,
) -> CoverageBand:
    """Return the 99 % band of the coverage: beta-binomial for single items, by dealing units out again otherwise."""
    if calibration.has_single_items and test.has_single_items:
        return coverage_band(level, calibration.num_units, test.num_units)
    return resplit_band(calibration_score, calibration.unit, test_score, test.unit, level, seed=seed)
