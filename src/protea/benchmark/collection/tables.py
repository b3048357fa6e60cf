"""The three tables of the paper, from the reports of the grids: baseline, pretraining, fine-tuned.

A row is an encoder with its features; the best value of a column is marked with a filled star, the second with an open
one. Axes: row (encoder, scheme), column (task, auxiliary objective or pretraining).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from protea.benchmark.cell import CellFiles
from protea.benchmark.collection.config import CollectionConfig, pretraining_folder, started_name
from protea.benchmark.report.build import Report
from protea.benchmark.report.tables import Entry, Head, Table
from protea.benchmark.report.wording import MISSING, figure
from protea.training.evaluation import is_higher_better

__all__ = ["BEST", "SECOND", "Value", "baseline_table", "finetuned_table", "pretraining_table", "task_columns"]

BEST, SECOND = "★", "☆"


@dataclass(frozen=True)
class Value:
    """A mean over folds and seeds, with its spread where there is one."""

    mean: float
    sd: float | None = None
    num_cells: int = 1
    """Cells that it is the mean of; fewer than of another value where a row is half done."""


@dataclass(frozen=True)
class _Column:
    """A column: what its head says, its direction, and its values by (encoder, scheme)."""

    head: Head
    higher_is_better: bool
    value_of: Mapping[tuple[str, str], Value]


def task_columns(reports: Mapping[str, Report]) -> dict[str, str]:
    """Return the heading of each task: its title and metric, with the direction."""
    return {
        name: f"{name.replace('_', ' ')}, {report.columns[0].metric_title} "
        f"{'↑' if report.columns[0].higher_is_better else '↓'}"
        for name, report in reports.items()
    }


def _values(report: Report, auxiliary: str) -> dict[tuple[str, str], Value]:
    """Return the valid values of a report in its main column, for one auxiliary, by (encoder, scheme)."""
    found = {}
    for row in report.rows:
        encoder, scheme, of = row.key
        main = row.main()
        if main is not None and of == auxiliary and scheme != "none" and row.is_ranked:
            found[encoder, scheme] = Value(main.mean, main.sd, main.num_cells)
    return found


def baseline_table(config: CollectionConfig, reports: Mapping[str, Report]) -> Table:
    """Return Table 2: every row by task and auxiliary objective, from random weights."""
    columns = []
    for name, title in task_columns({name: reports[name] for name in config.tasks if name in reports}).items():
        for auxiliary in config.auxiliaries:
            head = Head(f"{title}, {'no auxiliary' if auxiliary == 'none' else auxiliary.replace('_', ' ')}")
            is_higher = reports[name].columns[0].higher_is_better
            columns.append(_Column(head, is_higher, _values(reports[name], auxiliary)))
    return _table(config, columns)


def pretraining_table(config: CollectionConfig, root: Path) -> Table | None:
    """Return Table 3: the test metric of every pretraining; None where the collection pretrains nothing."""
    plan = config.pretraining
    if plan is None:
        return None
    columns = []
    for name, task in plan.tasks.items():
        value_of: dict[tuple[str, str], Value] = {}
        for encoder in plan.encoders:
            for scheme in plan.schemes:
                files = CellFiles(pretraining_folder(root, encoder, scheme, name))
                if files.is_finished():
                    value_of[encoder, scheme] = Value(files.read_metrics()["metrics"]["test"][name][task.metric])
        is_higher = is_higher_better(task.metric)
        head = Head(f"{name.replace('_', ' ')}, {task.metric} {'↑' if is_higher else '↓'}")
        columns.append(_Column(head, is_higher, value_of))
    return _table(config, columns)


def finetuned_table(config: CollectionConfig, reports: Mapping[str, Report]) -> Table | None:
    """Return Table 4: rows by task, from random weights and from each pretraining; None without pretraining."""
    plan = config.pretraining
    if plan is None:
        return None
    columns = []
    titles = task_columns({name: reports[name] for name in config.tasks if name in reports})
    for name, title in titles.items():
        if not config.tasks[name].has_pretrained:
            continue
        is_higher = reports[name].columns[0].higher_is_better
        columns.append(_Column(Head(f"{title}, not pretrained"), is_higher, _values(reports[name], "none")))
        for by in plan.tasks:
            found = _values(reports[name], "none")
            rows: list[tuple[str, str]] = [(encoder, scheme) for encoder in plan.encoders for scheme in plan.schemes]
            keys = {row: (started_name(row[0], by), row[1]) for row in rows}
            value_of = {row: found[key] for row, key in keys.items() if key in found}
            columns.append(_Column(Head(f"{title}, {by.replace('_', ' ')}"), is_higher, value_of))
    chosen = [(encoder, scheme) for encoder in plan.encoders for scheme in plan.schemes]
    return _table(config, columns, chosen)


def _table(
    config: CollectionConfig, columns: Sequence[_Column], rows: Sequence[tuple[str, str]] | None = None
) -> Table:
    keys = rows or [(encoder, scheme) for scheme in config.schemes for encoder in config.encoders]
    marks = [_marks(column, keys) for column in columns]
    heads = (Head("encoder", is_number=False), Head("features", is_number=False), *(column.head for column in columns))
    body = tuple(
        (
            Entry(encoder),
            Entry(scheme),
            *(
                _entry(column.value_of.get((encoder, scheme)), mark.get((encoder, scheme), ""))
                for column, mark in zip(columns, marks, strict=True)
            ),
        )
        for encoder, scheme in keys
    )
    return Table(heads, body, ("",) * len(body))


def _marks(column: _Column, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the stars of the best and the second value among the rows of a table; equal values share theirs.

    Rows with fewer cells than another get none: the folds that they lack may be the hard ones.
    """
    most = max((value.num_cells for key, value in column.value_of.items() if key in keys), default=0)
    shown = {key: value.mean for key, value in column.value_of.items() if key in keys and value.num_cells == most}
    distinct = sorted(set(shown.values()), reverse=column.higher_is_better)
    star_of = dict(zip(distinct[:2], (BEST, SECOND), strict=False))
    return {key: star_of[mean] for key, mean in shown.items() if mean in star_of}


def _entry(value: Value | None, mark: str) -> Entry:
    if value is None:
        return Entry(MISSING)
    kind = {BEST: "best", SECOND: "second"}.get(mark, "")
    spread = "" if value.sd is None else f"± {figure(value.sd)}"
    return Entry(figure(value.mean), f"{spread} {mark}".strip(), value.mean, kind)
