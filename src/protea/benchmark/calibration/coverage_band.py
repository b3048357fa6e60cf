"""How far the coverage of conformal intervals may lie from its level by chance, exactly.

With n calibration and m test items, exchangeable and without ties, the number of test items covered is beta-binomial
with parameters (m, k, n + 1 - k), where k = ceil((n + 1) level): the calibration quantile is a draw, and so are the
test items. A binomial band would forget the first. The mean is k / (n + 1), from `level` to `level` + 1 / (n + 1).
"""

from dataclasses import dataclass

from scipy import stats

from protea.benchmark.calibration.order_statistic import conformal_rank
from protea.errors import InputError

__all__ = ["CoverageBand", "coverage_band", "require_confidence"]


@dataclass(frozen=True)
class CoverageBand:
    """The central band in which the observed coverage lies with the probability `confidence`, bounds included."""

    expected: float
    low: float
    high: float
    confidence: float

    def holds(self, coverage: float) -> bool:
        """Return whether an observed coverage lies inside."""
        return bool(self.low - 1e-12 <= coverage <= self.high + 1e-12)


def require_confidence(confidence: float) -> None:
    """Check the probability of a band; raise InputError outside (0, 1)."""
    if not 0.0 < confidence < 1.0:
        raise InputError(f"confidence is {confidence}; expected a probability between 0 and 1, such as 0.99.")


def coverage_band(level: float, num_calibration: int, num_test: int, confidence: float = 0.99) -> CoverageBand:
    """Return the beta-binomial band of the coverage of split conformal intervals.

    Args:
        level: nominal coverage.
        num_calibration: calibration items, each a unit of its own.
        num_test: test items.
        confidence: probability of the band.

    Raises:
        InputError: no calibration or test item, or a level or probability outside (0, 1).
    """
    require_confidence(confidence)
    if num_calibration < 1 or num_test < 1:
        raise InputError(f"{num_calibration} calibration and {num_test} test items; expected at least one of each.")
    rank = conformal_rank(num_calibration, level)
    if rank > num_calibration:  # infinite intervals cover everything
        return CoverageBand(1.0, 1.0, 1.0, confidence)
    covered = stats.betabinom(num_test, rank, num_calibration + 1 - rank)
    tail = (1.0 - confidence) / 2.0
    low, high = covered.ppf([tail, 1.0 - tail]) / num_test
    return CoverageBand(rank / (num_calibration + 1), float(low), float(high), confidence)
