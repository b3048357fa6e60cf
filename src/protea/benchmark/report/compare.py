"""Rows against the best control: bootstrap by unit of the mean over folds, Holm's correction over rows, verdicts."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.collect import Collected, RowKey
from protea.benchmark.report.columns import Column
from protea.benchmark.report.mean_over_folds import (
    Resampled,
    difference_of,
    mean_over_folds,
    require_same_items,
    resample_fold,
    seed_of_draws,
)
from protea.errors import ContractError, InputError, describe
from protea.metrics.bootstrap import Interval
from protea.metrics.holm import holm_correction
from protea.metrics.paired import PairedDifference
from protea.metrics.power import minimum_detectable_difference

__all__ = ["ALPHA", "Comparer", "Comparison", "compare_rows", "detectable", "num_resamples_for"]

ALPHA = 0.05


@dataclass(frozen=True)
class Comparison:
    """A row minus the best control. `p_holm` is corrected over all rows that were compared."""

    control: RowKey
    difference: PairedDifference
    p_holm: float
    num_folds: int
    is_better: bool
    """The direction of the difference, whatever its size."""

    @property
    def verdict(self) -> str:
        """The outcome in plain words."""
        if self.p_holm >= ALPHA:
            return "no difference shown"
        return "beats the best control" if self.is_better else "worse than the best control"


def num_resamples_for(num_rows: int, wanted: int | None = None) -> int:
    """Return the wanted number of resamples, else one with which the smallest corrected p-value is at most .02.

    Raises:
        InputError: with so few resamples no row could be told from the control, whatever the predictions.
    """
    if wanted is None:
        return max(1000, 100 * num_rows)
    if num_rows * 2 / (wanted + 1) >= ALPHA:
        raise InputError(
            describe("too few resamples for any corrected p-value below .05", expected=f"{40 * num_rows} or more for "
                     f"{num_rows} rows", found=str(wanted))
        )  # fmt: skip
    return wanted


class Comparer:
    """Predictions of rows in one column, each resampled once per fold."""

    def __init__(self, collected: Collected, column: Column, num_resamples: int) -> None:
        self.collected, self.column, self.num_resamples = collected, column, num_resamples
        self._by_fold: dict[RowKey, dict[int, StoredPredictions]] = {}
        self._resampled: dict[tuple[RowKey, int], Resampled] = {}
        self._unit_of = collected.data.units()
        tested = [name for fold in collected.grid.folds for name in collected.data.folds[fold].test]
        # Splits that are drawn again test an entry more than once: then all folds share their draws.
        self._every_unit = collected.data.unit_of.reshape(-1) if len(set(tested)) < len(tested) else None

    def folds(self, row: RowKey) -> tuple[int, ...]:
        """Return the folds in which a row has predictions with the first seed, and these a value of the metric."""
        return tuple(self.predictions(row))

    def predictions(self, row: RowKey) -> dict[int, StoredPredictions]:
        """Return the predictions of a row by fold."""
        if row not in self._by_fold:
            found = {}
            for fold, seed in self.collected.first_columns:
                cell = self.collected.at(row, fold, seed)
                predictions = None if cell is None else cell.predictions(self.column.task, self.column.variant)
                if predictions is not None and predictions.value_if_defined(self.column.metric) is not None:
                    found[fold] = predictions
            self._by_fold[row] = found
        return self._by_fold[row]

    def resampled(self, row: RowKey, folds: Sequence[int]) -> Resampled:
        """Return the mean over folds of a row's metric, under the draws that all rows share."""
        shares_units = self._every_unit is not None
        return mean_over_folds([self._in_fold(row, fold) for fold in folds], shares_units=shares_units)

    def _in_fold(self, row: RowKey, fold: int) -> Resampled:
        key = row, fold
        if key not in self._resampled:
            predictions = self.predictions(row)[fold]
            unit = np.array([self._unit(str(name)) for name in predictions.ids])
            seed = seed_of_draws(fold if self._every_unit is None else 0)
            self._resampled[key] = resample_fold(
                predictions, self.column.metric, unit, self.num_resamples, seed, self._every_unit
            )
        return self._resampled[key]

    def _unit(self, name: str) -> tuple[Hashable, ...]:
        if name not in self._unit_of:
            raise ContractError(
                describe("a prediction of what the suite does not have", where=name,
                         do="The folder belongs to other data: report it with its own grid.yaml.")
            )  # fmt: skip
        return self._unit_of[name]

    def interval(self, row: RowKey) -> Interval | None:
        """Return the interval of a row over all folds that it has, or None where it has none."""
        folds = self.folds(row)
        return self.resampled(row, folds).interval() if folds else None

    def difference(self, row: RowKey, control: RowKey) -> tuple[PairedDifference, int] | None:
        """Return row - control on the folds that both have, and their number; None where they share none."""
        shared = tuple(fold for fold in self.folds(row) if fold in self.folds(control))
        if not shared:
            return None
        for fold in shared:
            where = f"{'-'.join(row)} and {'-'.join(control)}, fold {fold}"
            require_same_items(self.predictions(row)[fold], self.predictions(control)[fold], where)
        return difference_of(self.resampled(row, shared), self.resampled(control, shared)), len(shared)

    def best(self, rows: Sequence[RowKey]) -> RowKey | None:
        """Return the row with the best mean over folds among those with the most folds, or None where none has any."""
        most = max((len(self.folds(row)) for row in rows), default=0)
        if most == 0:
            return None
        sign = 1.0 if self.column.higher_is_better else -1.0
        candidates = [row for row in rows if len(self.folds(row)) == most]
        return max(candidates, key=lambda row: sign * self.resampled(row, self.folds(row)).estimate)


def compare_rows(comparer: Comparer, rows: Sequence[RowKey], control: RowKey) -> dict[RowKey, Comparison]:
    """Return the comparison of each row that shares a fold with the control, corrected over these rows."""
    sign = 1.0 if comparer.column.higher_is_better else -1.0
    found: dict[RowKey, Comparison] = {}
    for row in rows:
        outcome = comparer.difference(row, control)
        if outcome is not None:
            difference, num_folds = outcome
            found[row] = Comparison(control, difference, 1.0, num_folds, sign * difference.difference > 0)
    if not found:
        return {}
    corrected = holm_correction(np.array([item.difference.p_value for item in found.values()]))
    return {row: replace(item, p_holm=float(p)) for (row, item), p in zip(found.items(), corrected, strict=True)}


def detectable(comparisons: Mapping[RowKey, Comparison]) -> tuple[float, float] | None:
    """Return the smallest true difference found with 80 % power: in one test, and after the correction; or None.

    The spread per unit is that of the comparison with the median standard error, times the root of its units.
    """
    if not comparisons:
        return None
    ordered = sorted(comparisons.values(), key=lambda item: item.difference.standard_error)
    middle = ordered[len(ordered) // 2].difference
    deviation = middle.standard_error * float(np.sqrt(middle.num_units))
    one = minimum_detectable_difference(deviation, middle.num_units, ALPHA)
    return one, minimum_detectable_difference(deviation, middle.num_units, ALPHA / len(comparisons))
