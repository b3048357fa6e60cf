"""The bootstrap draws: which unit each sample belongs to, and how often each unit is counted in each resample."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Int, Shaped

from protea.errors import InputError
from protea.metrics.catalogue import Metric, MetricFunction
from protea.metrics.samples import UnitStatistic, counted, spread

__all__ = ["counts_of_pairs", "counts_of_resamples", "index_units", "statistic_of", "statistic_of_function"]


def index_units(
    unit: Shaped[np.ndarray, "..."], shape: tuple[int, ...], mask: Shaped[np.ndarray, "..."] | None
) -> tuple[Int[np.ndarray, "..."], int]:
    """Return the index of the unit of each entry of `unit`, and the number of units with a counted sample.

    Raises:
        InputError: unit ids are floats, do not have the leading axes of `shape`, or fewer than two units are counted.
    """
    if np.issubdtype(unit.dtype, np.floating):
        raise InputError(f"unit has type {unit.dtype}; expected integer or string ids, one per sample or per row.")
    spread(unit, shape, "unit")
    is_counted = counted(mask, shape).reshape((*unit.shape, -1)).any(axis=-1)
    ids, idx_of_counted = np.unique(unit[is_counted], return_inverse=True)
    if ids.size < 2:
        raise InputError(
            f"{ids.size} unit with counted samples; expected at least two, since an interval comes from the spread "
            "between units. Give the protein or the cluster of each sample."
        )
    # Units without a counted sample are no data and are not drawn; the index of their samples is never used.
    unit_idx = np.zeros(unit.shape, dtype=np.int64)
    unit_idx[is_counted] = idx_of_counted
    return unit_idx, int(ids.size)


def counts_of_resamples(num_units: int, num_resamples: int, seed: int) -> Iterator[Int[np.ndarray, " unit"]]:
    """Yield, for each resample, how often each unit is drawn: `num_units` draws with replacement."""
    generator = np.random.default_rng(seed)
    for _ in range(num_resamples):
        yield np.bincount(generator.integers(num_units, size=num_units), minlength=num_units)


def counts_of_pairs(count: Int[np.ndarray, " unit"], unit: Int[np.ndarray, "pair 2"]) -> Int[np.ndarray, " pair"]:
    """Return how often each pair is counted, given how often each unit was drawn and the units of its two members.

    It is counted as often as the one was drawn times as often as the other was (Owen 2007), or as often as the unit
    that both are of. This is on the safe side: it takes all that pairs of one unit have in common for chance.
    """
    first, second = count[unit[:, 0]], count[unit[:, 1]]
    return np.where(unit[:, 0] == unit[:, 1], first, first * second)


def statistic_of_function(
    function: MetricFunction,
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."],
) -> UnitStatistic:
    """Return any metric function as a function of unit counts, by repeating the rows of each unit as often as counted.

    The definition of a resample, slow: everything is sorted and summed anew for each.

    Raises:
        InputError: `unit` is not one id per row, or the mask does not begin with the rows.
    """
    if unit.ndim != 1 or (mask is not None and mask.shape[:1] != unit.shape):
        raise InputError(f"unit has shape {unit.shape}; expected one id per row, {target.shape[:1]}, as the mask has.")

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        row = np.repeat(np.arange(unit.size), count[unit])
        return function(target[row], score[row], None if mask is None else mask[row])

    return statistic


def statistic_of(
    metric: Metric | MetricFunction,
    target: Shaped[np.ndarray, "..."],
    score: Shaped[np.ndarray, "..."] | Sequence[Shaped[np.ndarray, "..."]],
    mask: Shaped[np.ndarray, "..."] | None,
    unit: Int[np.ndarray, "..."],
) -> UnitStatistic:
    """Return the metric as a function of unit counts: prepared where it is a `Metric`, by repetition otherwise.

    Of several scores (one per training) it is the mean of their metrics; no training is ranked among another's scores.

    Raises:
        InputError: as the metric; an empty sequence of scores.
    """
    if not isinstance(score, np.ndarray):
        each = [statistic_of(metric, target, one, mask, unit) for one in score]
        if not each:
            raise InputError("no scores were given; expected an array, or one per training.")
        return lambda count: sum(statistic(count) for statistic in each) / len(each)
    if isinstance(metric, Metric):
        return metric.by_unit(target, score, mask, unit)
    return statistic_of_function(metric, target, score, mask, unit)
