"""What the tables say about the paper's four conclusions, counted; and what they cannot say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from protea.benchmark.collection.config import CollectionConfig, started_name
from protea.benchmark.collection.shared_cells import means_on_shared_cells
from protea.benchmark.report.build import Report
from protea.benchmark.report.collect import RowKey
from protea.benchmark.report.compare import ALPHA, Comparer, num_resamples_for
from protea.benchmark.report.rows import Row
from protea.benchmark.report.wording import listed, plural
from protea.metrics.holm import holm_correction

__all__ = ["Contest", "auxiliary_contests", "findings", "pretraining_contests", "valid_rows"]


@dataclass(frozen=True)
class Contest:
    """One row against the same row without something (an auxiliary, a pretraining) on one task."""

    task: str
    row: RowKey
    plain: RowKey
    is_better: bool
    """By the mean over folds of the mean over seeds, of the cells that both rows have."""
    p_value: float | None
    """Of the paired test, uncorrected; None where the two share no fold of the first seed."""
    is_tested_better: bool = False
    """By the difference that was tested, which is of the first seed."""


def auxiliary_contests(config: CollectionConfig, reports: Mapping[str, Report]) -> list[Contest]:
    """Return each row with an auxiliary against itself without, on the tasks where both have a valid shared cell."""
    return _contests(config, reports, lambda row: None if row[2] == "none" else (row[0], row[1], "none"))


def pretraining_contests(config: CollectionConfig, reports: Mapping[str, Report]) -> list[Contest]:
    """Return each pretrained row against the same row from random weights, likewise."""
    plan = config.pretraining
    if plan is None:
        return []
    plain_of = {started_name(encoder, by): encoder for encoder in plan.encoders for by in plan.tasks}
    return _contests(config, reports, lambda row: (plain_of[row[0]], *row[1:]) if row[0] in plain_of else None)


def _contests(
    config: CollectionConfig, reports: Mapping[str, Report], plain_of: Callable[[RowKey], RowKey | None]
) -> list[Contest]:
    """Return the contests of all tasks, each tested on as many resamples as their number asks for (Holm)."""
    pairs = [
        (task, row, plain)
        for task in config.tasks
        if task in reports
        for row in valid_rows(reports[task])
        if (plain := plain_of(row)) is not None and plain in valid_rows(reports[task])
    ]
    resamples = num_resamples_for(len(pairs))
    comparers = {
        task: Comparer(reports[task].collected, reports[task].columns[0], resamples) for task in {it[0] for it in pairs}
    }
    contests = [_contest(task, reports[task], row, plain, comparers[task]) for task, row, plain in pairs]
    return [contest for contest in contests if contest is not None]


def _contest(task: str, report: Report, row: RowKey, plain: RowKey, comparer: Comparer) -> Contest | None:
    """Return the contest of two rows on what both have, or None where they share no cell with a value."""
    means = means_on_shared_cells(report, (row, plain))
    if means is None:
        return None
    sign = 1.0 if report.columns[0].higher_is_better else -1.0
    is_better = sign * (means[0] - means[1]) > 0
    outcome = comparer.difference(row, plain)
    if outcome is None:
        return Contest(task, row, plain, is_better, None)
    tested = outcome[0]
    return Contest(task, row, plain, is_better, tested.p_value, sign * tested.difference > 0)


def valid_rows(report: Report) -> dict[RowKey, Row]:
    """Return the rows that have a valid result, by their keys."""
    return {row.key: row for row in report.rows if row.is_ranked and row.main() is not None}


def findings(config: CollectionConfig, reports: Mapping[str, Report]) -> list[str]:
    """Return a sentence for each of the four conclusions, and the smallest difference that each task could show."""
    sentences = [
        _of_contests("An auxiliary objective", auxiliary_contests(config, reports)),
        _of_schemes(config, reports),
        *_of_encoders(config, reports),
        _of_contests("Pretraining", pretraining_contests(config, reports)),
        *_of_power(config, reports),
    ]
    return [sentence for sentence in sentences if sentence]


def _of_contests(what: str, contests: Sequence[Contest]) -> str:
    if not contests:
        return f"{what}: no pair of rows to compare yet."
    better = sum(contest.is_better for contest in contests)
    text = f"{what} has the better mean in {better} of {plural(len(contests), 'pair')} of rows"
    tested = [contest for contest in contests if contest.p_value is not None]
    if not tested:
        return f"{text}; no pair shares a fold, so none was tested."
    corrected = holm_correction(np.array([contest.p_value for contest in tested]))
    shown = [contest for contest, p in zip(tested, corrected, strict=True) if p < ALPHA]
    won = sum(contest.is_tested_better for contest in shown)
    return f"{text}; by the paired test (Holm over {len(tested)}) {won} are better and {len(shown) - won} worse."


def _whole_groups(config: CollectionConfig, reports: Mapping[str, Report]) -> Iterator[tuple[str, list[Row]]]:
    """Yield (task, rows that differ in their scheme only) where every scheme has a result."""
    for task in (name for name in config.tasks if name in reports):
        groups: dict[tuple[str, str], list[Row]] = {}
        for (encoder, scheme, auxiliary), row in valid_rows(reports[task]).items():
            if scheme != "none" and encoder in config.encoders:
                groups.setdefault((encoder, auxiliary), []).append(row)
        for rows in groups.values():
            if len(rows) == len(config.schemes):
                yield task, rows


def _best(report: Report, rows: Sequence[Row]) -> Row:
    sign = 1.0 if report.columns[0].higher_is_better else -1.0

    def value(row: Row) -> float:
        score = row.main()
        assert score is not None
        return sign * score.mean

    return max(rows, key=value)


def _of_schemes(config: CollectionConfig, reports: Mapping[str, Report]) -> str:
    if len(config.schemes) < 2:
        return "Features: one scheme only, so nothing can be said of which is best."
    winners = [_best(reports[task], rows).key[1] for task, rows in _whole_groups(config, reports)]
    if not winners:
        return "Features: no encoder has a result with every scheme yet."
    counts = [f"{scheme} in {winners.count(scheme)}" for scheme in config.schemes]
    return f"Features: over {plural(len(winners), 'comparison')} the best mean is of {listed(counts)}."


def _of_encoders(config: CollectionConfig, reports: Mapping[str, Report]) -> list[str]:
    sentences = []
    for task in (name for name in config.tasks if name in reports):
        rows = [
            row for row in valid_rows(reports[task]).values() if row.key[0] in config.encoders and not row.is_control
        ]
        if rows:
            best = _best(reports[task], rows)
            kind = config.encoders[best.key[0]].kind
            sentences.append(f"{task.replace('_', ' ')}: the best mean is of {best.name} ({kind}); {best.verdict}.")
    return sentences


def _of_power(config: CollectionConfig, reports: Mapping[str, Report]) -> list[str]:
    sentences = []
    for task in (name for name in config.tasks if name in reports):
        facts = [fact for fact in reports[task].facts if fact.label.startswith("smallest difference")]
        sentences += [f"{task.replace('_', ' ')}: {fact.label} {fact.value}." for fact in facts]
    return sentences
