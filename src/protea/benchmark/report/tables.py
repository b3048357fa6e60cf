"""The tables of a report, once for every output: heads, cells with a text, a value to sort by, and a class."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from protea.benchmark.report.columns import Column, Score
from protea.benchmark.report.rows import Leaderboard, Row
from protea.benchmark.report.subsets import FEWEST_ENTRIES
from protea.benchmark.report.wording import MISSING, amount, figure, p_text, plural, signed

__all__ = [
    "POOLED",
    "SPREAD",
    "VERDICT_CLASS",
    "VERDICT_MARK",
    "Entry",
    "Head",
    "Table",
    "cost_table",
    "further_table",
    "leaderboard_csv",
    "leaderboard_table",
    "other_tasks_table",
]

VERDICT_CLASS = {
    "beats the best control": "better", "worse than the best control": "worse", "no difference shown": "open",
    "not valid": "invalid", "no value in some cell": "invalid", "the best control": "reference",
}  # fmt: skip
SPREAD = "mean over folds ± standard deviation over folds (over seeds where there is one fold)"
POOLED = f"all folds in one list, because some fold holds fewer than {FEWEST_ENTRIES} of these; first seed"
VERDICT_MARK = {"better": "▲", "worse": "▼", "open": "○", "invalid": "✕", "reference": "◆"}


@dataclass(frozen=True)
class Head:
    """A column head; `hint` says what is in the column."""

    text: str
    hint: str = ""
    is_number: bool = True


@dataclass(frozen=True)
class Entry:
    """A cell: its text, a smaller second part, the value to sort by, its class, and a longer explanation."""

    text: str
    minor: str = ""
    sort: float | str | None = None
    kind: str = ""
    hint: str = ""

    def plain(self) -> str:
        """Return the whole text."""
        return f"{self.text} {self.minor}".strip()


@dataclass(frozen=True)
class Table:
    """Heads and rows; the first column names the row. `kinds` is a class per row."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Entry, ...], ...]
    kinds: tuple[str, ...]


def leaderboard_table(columns: Sequence[Column], board: Leaderboard) -> Table:
    """Return the leaderboard: score, interval, difference, verdict, rank, cells."""
    main = columns[0]
    heads = [
        Head("row", is_number=False),
        Head(main.title(main), f"{SPREAD}; seeds of a fold are averaged first"),
        Head("mean over folds, 95 %", "of the first seed, with its interval; bootstrap by unit within each fold"),
        Head("minus best control", "mean over folds, paired on the same proteins; bootstrap by unit within each fold"),
        Head("p", "two-sided, after Holm's correction over the trained rows"),
        Head("verdict", is_number=False),
        Head(
            "mean rank",
            f"over {board.num_rank_columns} columns (fold, first seed, task) that all ranked rows have; "
            "so are controls that answer every task. An answer without a value (ranks of a constant) comes last.",
        ),
        Head("cells", "finished of expected"),
    ]
    rows = tuple(
        (
            _name(row),
            _score(row.scores[main]),
            _interval(row.scores[main]),
            *_comparison(row),
            _verdict(row),
            _number(row.mean_rank, 2),
            _cells(row),
        )
        for row in board.rows
    )
    return Table(tuple(heads), rows, tuple(_kind(row) for row in board.rows))


def cost_table(board: Leaderboard) -> Table:
    """Return what each row costs, which learning rate it got, and whether it learned."""
    heads = (
        Head("row", is_number=False),
        Head("parameters"),
        Head("FLOPs / residue", "one forward pass of the encoder, matrix products only"),
        Head("s / epoch", "median over cells"),
        Head("peak memory, MiB", "largest resident memory of the process, median over cells"),
        Head("learning rate", "the best on validation"),
        Head("searched", "validation metric by learning rate", False),
        Head("learned", "training loss below that of the training prior", False),
        Head("cells"),
    )
    rows = []
    for row in board.rows:
        cost = row.cost
        rows.append(
            (
                _name(row), _amount(cost.parameters), _amount(cost.flops_per_residue),
                _number(cost.seconds_per_epoch, 3), _number(cost.peak_memory_mib, 1, 0),
                Entry(" / ".join(f"{rate:g}" for rate in row.learning_rates) or MISSING,
                      sort=row.learning_rates[0] if row.learning_rates else None),
                _search(row), _validity(row), _cells(row),
            )
        )  # fmt: skip
    return Table(heads, tuple(rows), tuple(_kind(row) for row in board.rows))


def further_table(columns: Sequence[Column], board: Leaderboard) -> Table:
    """Return the scores by further metrics, on other input variants and on subsets of the entries."""
    main = columns[0]
    heads = [Head("row", is_number=False)]
    heads += [Head(column.title(main), POOLED if column.is_pooled else SPREAD) for column in columns]
    rows = tuple((_name(row), *(_score(row.scores[column]) for column in columns)) for row in board.rows)
    return Table(tuple(heads), rows, tuple(_kind(row) for row in board.rows))


def other_tasks_table(others: Sequence[Column], board: Leaderboard) -> Table:
    """Return the scores of all tasks but the main one."""
    heads = (Head("row", is_number=False),
             *(Head(f"{column.task.replace('_', ' ')}, {column.metric_title}") for column in others))  # fmt: skip
    rows = tuple((_name(row), *(_score(row.scores[column]) for column in others)) for row in board.rows)
    return Table(heads, rows, tuple(_kind(row) for row in board.rows))


def _kind(row: Row) -> str:
    if not row.is_ranked:
        return "absent" if row.num_done == 0 else "invalid"
    return "control" if row.is_control else "trained"


def _name(row: Row) -> Entry:
    encoder, scheme, auxiliary = row.key
    minor = [scheme] if scheme != "none" else ["control"]
    minor += [f"+ {auxiliary.replace('_', ' ')}"] if auxiliary != "none" else []
    return Entry(encoder.replace("_", " "), " ".join(minor), row.name)


def _score(score: Score | None) -> Entry:
    if score is None:
        return Entry(MISSING, kind="missing")
    minor = [] if score.sd is None else [f"± {figure(score.sd)}"]
    if score.num_undefined:
        minor.append(f"(without a value in {plural(score.num_undefined, 'more cell')})")
    return Entry(figure(score.mean), " ".join(minor), score.mean)


def _interval(score: Score | None) -> Entry:
    if score is None or score.interval is None:
        return Entry(MISSING, kind="missing")
    found = score.interval
    hint = f"{found.num_units} units"
    if found.num_undefined_resamples:
        hint += f"; {found.num_undefined_resamples} resamples had no value"
    return Entry(figure(found.estimate), f"{figure(found.low)} to {figure(found.high)}", found.estimate, hint=hint)


def _comparison(row: Row) -> tuple[Entry, Entry]:
    if row.comparison is None:
        return Entry("", kind="missing"), Entry("", kind="missing")
    found = row.comparison.difference
    hint = f"{found.num_units} units over {row.comparison.num_folds} folds; uncorrected p {p_text(found.p_value)}"
    return (
        Entry(signed(found.difference), f"{signed(found.low)} to {signed(found.high)}", found.difference, hint=hint),
        Entry(p_text(row.comparison.p_holm), sort=row.comparison.p_holm, hint=hint),
    )


def _verdict(row: Row) -> Entry:
    kind = VERDICT_CLASS.get(row.verdict, "plain")
    mark = VERDICT_MARK.get(kind, "")
    return Entry(f"{mark} {row.verdict}".strip(), sort=row.verdict, kind=kind)


def _number(value: float | None, digits: int, digits_if_large: int | None = None) -> Entry:
    if value is None:
        return Entry(MISSING, kind="missing")
    if digits_if_large is not None and value >= 10:
        return Entry(f"{value:.{digits_if_large}f}", sort=value)
    return Entry(figure(value, digits), sort=value)


def _amount(value: float | None) -> Entry:
    return Entry(amount(value), sort=value, kind="missing" if value is None else "")


def _search(row: Row) -> Entry:
    if row.search is None:
        return Entry(MISSING, kind="missing")
    found = [f"{rate:g}: {figure(value)}" for rate, value in sorted(row.search.metric_of.items())]
    found += [f"{rate:g}: training failed" for rate in row.search.failed]
    found += [f"{rate:g}: missing" for rate in row.search.missing]
    return Entry("; ".join(found))


def _validity(row: Row) -> Entry:
    if row.validity is None or row.num_done == 0:
        return Entry(MISSING, kind="missing")
    if row.validity.invalid:
        hint = ", ".join(row.validity.invalid)
        return Entry(f"no: {len(row.validity.invalid)} of {row.num_done} cells", kind="invalid", hint=hint)
    if row.validity.unchecked:
        return Entry("not checked", kind="missing", hint="the control `prior` has no result: "
                     + ", ".join(row.validity.unchecked))  # fmt: skip
    return Entry("yes")


def _cells(row: Row) -> Entry:
    kind = "" if row.num_done == row.num_expected else "short"
    hint = ", ".join(f"{problem.name}: {problem.state}" for problem in row.problems)
    return Entry(f"{row.num_done} / {row.num_expected}", sort=float(row.num_done), kind=kind, hint=hint)


def leaderboard_csv(columns: Sequence[Column], board: Leaderboard) -> str:
    """Return every figure of the report with full digits, a line per row; an empty field is a missing figure."""
    handle = io.StringIO()
    lines = [_record(row, columns) for row in board.rows]
    names = list(dict.fromkeys(name for line in lines for name in line))
    writer = csv.DictWriter(handle, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return handle.getvalue()


def _record(row: Row, columns: Sequence[Column]) -> dict[str, str | float | int | None]:
    record: dict[str, str | float | int | None] = dict(zip(("encoder", "scheme", "auxiliary"), row.key, strict=True))
    record |= {"is_control": int(row.is_control), "verdict": row.verdict}
    for column in (*columns, *(other for other in row.scores if other not in columns)):
        name = "/".join(part for part in (column.task, column.variant, column.subset or "", column.metric) if part)
        score = row.scores[column]
        record[f"{name}/{'pooled' if column.is_pooled else 'mean'}"] = None if score is None else score.mean
        record[f"{name}/sd_folds"] = None if score is None else score.sd_folds
        record[f"{name}/sd_seeds"] = None if score is None else score.sd_seeds
    score = row.main()
    interval = None if score is None else score.interval
    for name in ("estimate", "low", "high"):
        record[f"mean_over_folds/{name}"] = None if interval is None else getattr(interval, name)
    difference = None if row.comparison is None else row.comparison.difference
    for name in ("difference", "low", "high", "p_value", "standard_error", "num_units"):
        record[f"against_control/{name}"] = None if difference is None else getattr(difference, name)
    record["against_control/p_holm"] = None if row.comparison is None else row.comparison.p_holm
    record["against_control/control"] = None if row.comparison is None else "-".join(row.comparison.control)
    record |= {"mean_rank": row.mean_rank, "learning_rate": "/".join(f"{rate:g}" for rate in row.learning_rates)}
    record |= vars(row.cost)
    invalid = "" if row.validity is None else " ".join(row.validity.invalid)
    record |= {"cells_done": row.num_done, "cells_expected": row.num_expected, "invalid_cells": invalid}
    record["cells_without_result"] = " ".join(problem.name for problem in row.problems)
    return record
