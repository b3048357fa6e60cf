"""A metric as the mean over folds of its value in each fold, on the data and under the draws that all rows share.

Each fold is another trained model with scores on a scale of its own, so the predictions of several folds are never
ranked in one list. A resample draws whole units within each fold, independently of the other folds, and its value is
the mean over folds. Rows are compared on the same draws, so each row is resampled once per fold and a difference of two
rows is a difference of two arrays. Axes: item (residues or proteins end to end), protein, resample.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from protea.benchmark.predictions import StoredPredictions
from protea.errors import ContractError, describe
from protea.metrics.bootstrap import Interval
from protea.metrics.catalogue import metric_named
from protea.metrics.paired import PairedDifference
from protea.metrics.resamples import counts_of_pairs, counts_of_resamples, index_units, statistic_of
from protea.metrics.undefined import UndefinedMetric

__all__ = ["Resampled", "difference_of", "mean_over_folds", "require_same_items", "resample_fold", "seed_of_draws"]

_LEVEL = 0.95


def require_same_items(a: StoredPredictions, b: StoredPredictions, where: str) -> None:
    """Raise ContractError unless both answer the same items in the same order."""
    pairs = ((a.ids, b.ids), (a.item_ptr, b.item_ptr), (a.is_supervised, b.is_supervised))
    is_same = all(np.array_equal(one, other) for one, other in pairs)
    if not is_same or not np.array_equal(a.target[a.is_supervised], b.target[b.is_supervised]):
        raise ContractError(
            describe("two rows do not answer the same items", where=where, expected="equal proteins, residues, labels",
                     found=f"{len(a.ids)} and {len(b.ids)} proteins, {int(a.is_supervised.sum())} and "
                           f"{int(b.is_supervised.sum())} labelled items", do="Run the cells again on one data set.")
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Resampled:
    """A metric on all items, and on each resample (where it is defined): in one fold, or as the mean over several."""

    estimate: float
    value: Float[np.ndarray, " resample"]
    is_defined: Bool[np.ndarray, " resample"]
    num_units: int

    def interval(self) -> Interval:
        """Return the percentile interval; raise UndefinedMetric where no resample has a value."""
        if not self.is_defined.any():
            raise UndefinedMetric(f"the metric has no value in any of {len(self.value)} resamples.")
        low, high = np.quantile(self.value[self.is_defined], [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
        return Interval(self.estimate, float(low), float(high), self.num_units, int((~self.is_defined).sum()))


def seed_of_draws(fold: int, seed: int = 0) -> int:
    """Return the seed of a fold's draws: the same for every row, independent between folds."""
    return int(np.random.SeedSequence((seed, fold)).generate_state(1, np.uint64)[0])


def resample_fold(
    predictions: StoredPredictions, metric: str, unit: Shaped[np.ndarray, "entry member"], num_resamples: int,
    seed: int,
    every_unit: Shaped[np.ndarray, " unit"] | None = None,
) -> Resampled:  # fmt: skip
    """Return the metric on the supervised items of one fold and on resamples of its units.

    The draws are those of `bootstrap_interval` with the same seed. Where entries have two units (pairs of proteins),
    each is counted as `counts_of_pairs` says. With `every_unit`, units are drawn from these, and with one seed folds
    whose tests overlap share their draws.
    """
    found = metric_named(metric)
    target, score = predictions.inputs_of(found)
    entry, entry_idx = np.unique(predictions.protein_of_item()[predictions.is_supervised], return_inverse=True)
    if every_unit is None:
        unit_idx, num_units = index_units(unit[entry], unit[entry].shape, None)
    else:
        ordered = np.unique(every_unit)
        unit_idx, num_units = np.searchsorted(ordered, unit[entry]), len(ordered)
    of_entries = statistic_of(found, target, score, None, entry_idx)

    def statistic(count: Int[np.ndarray, " unit"]) -> float:
        of_entry = count[unit_idx[:, 0]] if unit_idx.shape[1] == 1 else counts_of_pairs(count, unit_idx)
        if not of_entry.any():  # no pair has both of its units in the draw
            raise UndefinedMetric("no entry is counted in this resample.")
        return of_entries(of_entry)

    value, is_defined = np.zeros(num_resamples), np.ones(num_resamples, dtype=bool)
    for place, count in enumerate(counts_of_resamples(num_units, num_resamples, seed)):
        try:
            value[place] = statistic(count)
        except UndefinedMetric:
            is_defined[place] = False
    return Resampled(statistic(np.ones(num_units, dtype=np.int64)), value, is_defined, num_units)


def mean_over_folds(folds: Sequence[Resampled], *, shares_units: bool = False) -> Resampled:
    """Return the mean over folds, on the data and draw by draw; a draw without a value in some fold has none.

    With `shares_units` all folds drew from the same units (see `resample_fold`), which are counted once.
    """
    return Resampled(
        estimate=float(np.mean([fold.estimate for fold in folds])),
        value=np.mean([fold.value for fold in folds], axis=0),
        is_defined=np.all([fold.is_defined for fold in folds], axis=0),
        num_units=folds[0].num_units if shares_units else sum(fold.num_units for fold in folds),
    )


def difference_of(a: Resampled, b: Resampled) -> PairedDifference:
    """Return a - b with interval and two-sided p-value, as `paired_difference` defines them, from shared draws."""
    keep = a.is_defined & b.is_defined
    if keep.sum() < 2:
        raise UndefinedMetric(f"both rows have a value in {int(keep.sum())} of {len(keep)} resamples; expected two.")
    value = a.value[keep] - b.value[keep]
    low, high = np.quantile(value, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    one_side = min(np.count_nonzero(value <= 0), np.count_nonzero(value >= 0))
    return PairedDifference(
        difference=a.estimate - b.estimate,
        low=float(low),
        high=float(high),
        p_value=min(1.0, 2.0 * (one_side + 1) / (value.size + 1)),
        standard_error=float(value.std(ddof=1)),
        num_units=a.num_units,
        num_undefined_resamples=int((~keep).sum()),
    )
