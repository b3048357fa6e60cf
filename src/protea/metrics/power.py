"""The smallest difference that a paired comparison can be expected to detect."""

import math

from scipy import integrate, optimize, special, stats

from protea.errors import InputError

__all__ = ["minimum_detectable_difference"]


def _power(noncentrality: float, num_pairs: int, alpha: float) -> float:
    """Return the power of the two-sided paired t-test at mean / standard error = `noncentrality`."""
    freedom = num_pairs - 1
    critical = float(stats.t.isf(alpha / 2.0, freedom))

    def given_spread(quantile: float) -> float:
        """Return the power where the estimated standard deviation is at this quantile of its distribution."""
        spread = math.sqrt(float(special.chdtri(freedom, 1.0 - quantile)) / freedom)
        return float(special.ndtr(noncentrality - critical * spread) + special.ndtr(-noncentrality - critical * spread))

    # The noncentral t distribution as an integral over the estimated spread: the library's own function returns NaN in
    # the far tail, which is where a large effect has its other side.
    return float(integrate.quad(given_spread, 0.0, 1.0, epsabs=1e-10, limit=200)[0])


def minimum_detectable_difference(
    standard_deviation: float, num_pairs: int, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return the true mean difference that a two-sided paired t-test finds with probability `power`.

    In the unit of the values. A smaller difference in a table is not shown to be absent; the data could not have seen
    it. Exact by the noncentral t distribution, since at five folds the normal approximation is a quarter too small.

    Args:
        standard_deviation: of the paired differences (over folds, proteins or clusters), with n - 1 in the denominator.
        num_pairs: number of pairs, at least 2.
        alpha: two-sided level of the test.
        power: wanted probability of detection, above alpha.

    Raises:
        InputError: a negative or infinite standard deviation, fewer than two pairs, or not 0 < alpha < power < 1.
    """
    if not (math.isfinite(standard_deviation) and standard_deviation >= 0.0):
        raise InputError(f"standard_deviation is {standard_deviation}; expected a finite number from 0.")
    if num_pairs < 2:
        raise InputError(f"num_pairs is {num_pairs}; expected at least 2.")
    if not 0.0 < alpha < power < 1.0:
        raise InputError(f"alpha is {alpha} and power is {power}; expected 0 < alpha < power < 1.")
    upper = 1.0
    while _power(upper, num_pairs, alpha) < power:
        upper *= 2.0
    noncentrality = optimize.brentq(lambda value: _power(value, num_pairs, alpha) - power, 0.0, upper, xtol=1e-10)
    return float(noncentrality) * standard_deviation / math.sqrt(num_pairs)
