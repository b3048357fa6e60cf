"""The header of a report: what was measured on, by which code and machine, for how long, and what could be seen."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.collect import Collected
from protea.benchmark.report.columns import Column, watched
from protea.benchmark.report.compare import detectable
from protea.benchmark.report.rows import Leaderboard
from protea.benchmark.report.wording import MISSING, duration, figure, listed, plural, times
from protea.metrics.catalogue import metric_named

__all__ = ["Fact", "base_rate", "facts_of"]


@dataclass(frozen=True)
class Fact:
    """One line of the header; a key fact is shown large."""

    label: str
    value: str
    is_key: bool = False


def facts_of(collected: Collected, column: Column, board: Leaderboard) -> tuple[Fact, ...]:
    """Return the facts in the order in which they are printed."""
    data, grid = collected.data, collected.grid
    tested = {name for fold in grid.folds for name in data.folds[fold].test}
    units = {unit for name, own in data.units().items() if name in tested for unit in own}
    kind = "proteins" if data.proteins is None else "pairs"
    rate = base_rate(collected, column)
    smallest = detectable(board.comparisons)
    num_expected = sum(row.num_expected for row in board.rows)
    num_done = sum(row.num_done for row in board.rows)
    return (
        *([] if data.proteins is None else [Fact("pairs", times(len(data.ids)), True)]),
        Fact("proteins", times(data.num_proteins), True),
        Fact("residues", times(data.num_residues), True),
        Fact("units of resampling", times(len(units)), True),
        Fact(rate[0], rate[1], True),
        Fact("smallest difference seen with 80 % power", MISSING if smallest is None else figure(smallest[0]), True),
        Fact("cells finished", f"{num_done} of {num_expected}", True),
        Fact(f"test {kind}", f"{times(len(tested))} over {plural(len(grid.folds), 'fold')}"),
        Fact("chance level", metric_named(column.metric).chance),
        Fact("smallest difference after Holm's correction", MISSING if smallest is None else
             f"{figure(smallest[1])} ({plural(len(board.comparisons), 'comparison')})"),
        Fact("resamples", f"{times(board.num_resamples)} draws of units within each fold, "
             "95 % percentile intervals of the mean over folds"),
        Fact("learning-rate search", _search_text(collected)),
        Fact("training", f"at most {plural(grid.training.epochs, 'epoch')}, {grid.training.precision}, "
                         f"stopped after {grid.training.stop_patience} without a better "
                         f"{watched(collected, column).metric_title}"),
        Fact("compute", _compute_text(collected)),
        Fact("data fingerprint", data.fingerprint[:16]),
        *(Fact(label, _stored(collected, key)) for label, key in
          (("commit", "commit"), ("version", "version"), ("machine", "machine"))),
    )  # fmt: skip


def _stored(collected: Collected, key: str) -> str:
    """Return the values of a field of `run.yaml` over all cells, with counts where they differ."""
    counts = Counter(str(found.provenance[key]) for found in collected.finished.values() if key in found.provenance)
    if len(counts) <= 1:
        return next(iter(counts), MISSING)
    return listed([f"{value} ({plural(number, 'cell')})" for value, number in sorted(counts.items())])


def _search_text(collected: Collected) -> str:
    grid = collected.grid
    rates = listed([f"{rate:g}" for rate in grid.learning_rates])
    rows = [row for row in collected.expected if row[1] != "none"]
    num_searched = sum(len(grid.rates_of(row)) > 1 for row in rows)
    if not num_searched:
        return "none: published rates" if grid.fixed_rates else f"none: {rates} for every row"
    who = (
        "every row"
        if num_searched == len(rows)
        else f"{num_searched} rows; {len(rows) - num_searched} have published rates"
    )
    return (
        f"{rates}; {plural(grid.search_epochs, 'epoch')} each on the validation part of fold {grid.folds[0]}, "
        f"the same for {who}"
    )


def _compute_text(collected: Collected) -> str:
    cells = [seconds for found in collected.finished.values() if (seconds := found.number("seconds")) is not None]
    text = f"{duration(sum(cells, 0.0))} in {plural(len(cells), 'cell')}"
    searches = sum((search.seconds for search in collected.searches.values()), 0.0)
    return text + (f" and {duration(searches)} in searches" if searches else "") + ", one process each"


def base_rate(collected: Collected, column: Column) -> tuple[str, str]:
    """Return (label, value): the share of positives or of the commonest class, or mean and spread of a number."""
    target = _targets(collected, column)
    if target is None:
        return "base rate", MISSING
    if np.issubdtype(target.dtype, np.floating) and not np.isin(target, (0.0, 1.0)).all():
        return "mean ± sd of the target", f"{figure(float(target.mean()))} ± {figure(float(target.std()))}"
    if np.isin(target, (0, 1)).all():
        return "base rate of positives", figure(float(target.mean()))
    count = np.bincount(target.astype(np.int64))
    return "share of the commonest class", figure(float(count.max() / count.sum()))


def _targets(collected: Collected, column: Column) -> np.ndarray | None:
    """Return the labels of every fold's test part, each fold from the first cell that has it."""
    by_fold: dict[int, StoredPredictions] = {}
    for cell, found in collected.finished.items():
        if cell.fold not in by_fold:
            predictions = found.predictions(column.task, column.variant)
            if predictions is not None:
                by_fold[cell.fold] = predictions
    if not by_fold:
        return None
    parts = [by_fold[fold] for fold in sorted(by_fold)]
    return np.concatenate([part.target[part.is_supervised] for part in parts])
