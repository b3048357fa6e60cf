"""The band of coverage where items come in units: calibration and test units dealt out again, many times.

Residues of one protein err together, so their coverage spreads more than the beta-binomial of their number. If proteins
are exchangeable, every way of dealing the same proteins into a calibration and a test part was equally likely, so the
observed coverage is one draw from the coverages of all such deals. Their quantiles are the band, whatever the
dependence within a protein. With one item per unit this is the beta-binomial. Decision 018 says why.
Axes: item, unit.
"""

import math

import numpy as np
from jaxtyping import Bool, Float, Shaped

from protea.benchmark.calibration.coverage_band import CoverageBand, require_confidence
from protea.benchmark.calibration.order_statistic import conformal_quantile, unit_index
from protea.errors import InputError, describe
from protea.metrics.samples import require_finite

__all__ = ["resplit_band", "unit_coverage"]


def unit_coverage(is_covered: Bool[np.ndarray, " item"], unit: Shaped[np.ndarray, " item"] | None = None) -> float:
    """Return the mean over units of the share of their items that are covered: what unit-wise calibration promises."""
    unit_of = unit_index(unit, is_covered.size)
    return float((np.bincount(unit_of, weights=is_covered) / np.bincount(unit_of)).mean())


def resplit_band(
    calibration_score: Float[np.ndarray, " calibration"],
    calibration_unit: Shaped[np.ndarray, " calibration"] | None,
    test_score: Float[np.ndarray, " test"],
    test_unit: Shaped[np.ndarray, " test"] | None,
    level: float,
    confidence: float = 0.99,
    num_splits: int = 2000,
    seed: int = 0,
) -> CoverageBand:
    """Return the band of `unit_coverage` over random deals of all units into parts of the observed sizes.

    Args:
        calibration_score: how badly each calibration item fits its prediction.
        calibration_unit: its unit; each item is its own where None.
        test_score: the same of the test items. Units of both parts are taken as different ones.
        test_unit: the unit of each test item.
        level: nominal coverage.
        confidence: probability of the band.
        num_splits: deals that are drawn.
        seed: of the deals.

    Raises:
        InputError: as `conformal_quantile`; fewer than two deals.
    """
    require_confidence(confidence)
    if num_splits < 2:
        raise InputError(describe(f"{num_splits} deals", expected="at least 2, usually 2000"))
    conformal_quantile(calibration_score, level, calibration_unit)  # checks what is given
    first = unit_index(calibration_unit, calibration_score.size)
    second = unit_index(test_unit, test_score.size)
    num_calibration = int(first.max()) + 1
    unit_of = np.concatenate([first, second + num_calibration])
    num_units = int(unit_of.max()) + 1
    score = require_finite(np.concatenate([calibration_score, test_score]), "conformal score")
    order = np.argsort(score, kind="stable")
    in_order, unit_in_order = score[order], unit_of[order]
    weight = 1.0 / np.bincount(unit_of)[unit_in_order]
    generator = np.random.default_rng(seed)
    coverage = np.empty(num_splits)
    for split in range(num_splits):
        is_calibration = np.zeros(num_units, dtype=bool)
        is_calibration[generator.permutation(num_units)[:num_calibration]] = True
        is_known = is_calibration[unit_in_order]
        below = np.cumsum(weight * is_known)
        wanted = level * (num_calibration + 1) * (1.0 - 1e-9)
        place = int(np.searchsorted(below, wanted, side="left"))
        bound = math.inf if place == score.size else in_order[place]
        is_covered = ~is_known & (in_order <= bound)
        coverage[split] = float(weight @ is_covered) / (num_units - num_calibration)
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(coverage, [tail, 1.0 - tail], method="inverted_cdf")
    return CoverageBand(float(coverage.mean()), float(low), float(high), confidence)
