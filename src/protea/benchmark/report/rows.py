"""The rows of the leaderboard: scores, comparison, rank, validity, cost, and what is missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from protea.benchmark.report.collect import Collected, FinishedCell, Problem, RowKey, Search, is_control
from protea.benchmark.report.columns import Column, Score, score_of, without_value
from protea.benchmark.report.compare import Comparer, Comparison, compare_rows, num_resamples_for
from protea.benchmark.report.ranks import Ranking, rank_rows
from protea.benchmark.report.validity import Validity, validity_of

__all__ = ["Cost", "Leaderboard", "Row", "build_rows"]


@dataclass(frozen=True)
class Cost:
    """What a row costs, medians over its cells; None where no cell says it."""

    parameters: float | None
    flops_per_residue: float | None
    seconds_per_epoch: float | None
    peak_memory_mib: float | None


@dataclass(frozen=True)
class Row:
    """One row of the leaderboard."""

    key: RowKey
    is_control: bool
    scores: Mapping[Column, Score | None]
    comparison: Comparison | None
    verdict: str
    validity: Validity | None
    mean_rank: float | None
    ranks: tuple[float, ...]
    learning_rates: tuple[float, ...]
    search: Search | None
    cost: Cost
    num_done: int
    num_expected: int
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        """The row in words: encoder, features, auxiliary objective if any."""
        encoder, scheme, auxiliary = self.key
        parts = [encoder] + ([scheme] if scheme != "none" else []) + ([f"+ {auxiliary}"] if auxiliary != "none" else [])
        return " ".join(parts)

    @property
    def is_ranked(self) -> bool:
        """Whether the row has results that count: it learned, and every answer has a value (or none has)."""
        main = self.main()
        has_values = main is None or main.num_undefined == 0
        return self.num_done > 0 and has_values and (self.validity is None or self.validity.is_valid)

    def main(self) -> Score | None:
        """Return the score in the main column."""
        return next(iter(self.scores.values()))


@dataclass(frozen=True)
class Leaderboard:
    """Rows from the best to the worst, then those that do not count, then those without results; what they share."""

    rows: tuple[Row, ...]
    best_control: RowKey | None
    comparisons: Mapping[RowKey, Comparison]
    num_rank_columns: int
    num_resamples: int
    waiting_controls: tuple[RowKey, ...] = ()
    """Controls that have run in fewer folds than the best one, and may turn out better than it."""


def build_rows(
    collected: Collected, columns: tuple[Column, ...], others: tuple[Column, ...], num_resamples: int | None
) -> Leaderboard:
    """Return the leaderboard; rows are compared, and have intervals, in the first column.

    The number of resamples follows from the number of rows where it is None (see `num_resamples_for`).
    """
    keys = list(collected.expected)
    validities = {key: validity_of(collected, key) for key in keys}
    valid = [key for key in keys if (found := validities[key]) is None or found.is_valid]
    # The mean over the other folds would flatter a row whose answer has no value in one.
    whole = [key for key in valid if not without_value(collected, key, columns[0])]
    controls = [key for key in whole if is_control(key, collected.grid)]
    trained = [key for key in whole if not is_control(key, collected.grid)]
    draws = num_resamples_for(len(trained), num_resamples)
    comparer = Comparer(collected, columns[0], draws)
    best = comparer.best(controls)
    comparisons = {} if best is None else compare_rows(comparer, trained, best)
    ranking = rank_rows(collected, valid)
    rows = []
    for key in keys:
        scores = {column: score_of(collected, key, column) for column in (*columns, *others)}
        main = scores[columns[0]]
        if main is not None and not main.num_undefined:
            scores[columns[0]] = replace(main, interval=comparer.interval(key))
        rows.append(_row(collected, key, scores, comparisons.get(key), best, validities[key], ranking))
    order = _order(columns[0])
    waiting = (
        () if best is None else tuple(key for key in controls if 0 < _folds(collected, key) < len(comparer.folds(best)))
    )
    return Leaderboard(tuple(sorted(rows, key=order)), best, comparisons, ranking.num_columns, draws, waiting)


def _folds(collected: Collected, key: RowKey) -> int:
    """Return in how many folds a row has run with the first seed."""
    return sum(collected.at(key, fold, seed) is not None for fold, seed in collected.first_columns)


def _order(column: Column) -> Callable[[Row], tuple[bool, bool, float, str]]:
    sign = -1.0 if column.higher_is_better else 1.0

    def key(row: Row) -> tuple[bool, bool, float, str]:
        score = row.scores[column]
        return score is None, not row.is_ranked, 0.0 if score is None else sign * score.mean, row.name

    return key


def _row(
    collected: Collected, key: RowKey, scores: Mapping[Column, Score | None], comparison: Comparison | None,
    best: RowKey | None, validity: Validity | None, ranking: Ranking,
) -> Row:  # fmt: skip
    cells = collected.cells(key)
    control = is_control(key, collected.grid)
    rates = sorted({rate for cell in cells if (rate := cell.number("learning_rate")) is not None})
    return Row(
        key=key, is_control=control, scores=scores, comparison=comparison,
        verdict=_verdict(len(cells), control, key == best, best is None, validity, comparison,
                         has_undefined=bool(without_value(collected, key, next(iter(scores))))),
        validity=validity, mean_rank=ranking.mean.get(key), ranks=ranking.each.get(key, ()),
        learning_rates=tuple(rates) if key[1] != "none" else (), search=collected.searches.get(key),
        cost=Cost(*(_median(cells, name) for name in Cost.__dataclass_fields__)),
        num_done=len(cells), num_expected=len(collected.expected[key]),
        problems=tuple(problem for problem in collected.problems if problem.row == key),
    )  # fmt: skip


def _median(cells: Sequence[FinishedCell], name: str) -> float | None:
    found = [value for cell in cells if (value := cell.number(name)) is not None]
    return float(np.median(found)) if found else None


def _verdict(
    num_done: int, is_of_control: bool, is_best: bool, has_no_control: bool, validity: Validity | None,
    comparison: Comparison | None, *, has_undefined: bool,
) -> str:  # fmt: skip
    if num_done == 0:
        return "no result yet"
    if validity is not None and not validity.is_valid:
        return "not valid"
    if is_of_control:
        return "the best control" if is_best else "control"
    if has_undefined:
        return "no value in some cell"
    if comparison is None:
        return "no control to compare with" if has_no_control else "no fold in common with the best control"
    return comparison.verdict
