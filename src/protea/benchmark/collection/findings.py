"""What the tables say about the paper's four conclusions, counted; and what they cannot say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from protea.benchmark.collection.config import CollectionConfig, pretrained_grid, started_name
from protea.benchmark.report.build import Report
from protea.benchmark.report.columns import Column
from protea.benchmark.report.compare import ALPHA, Comparer
from protea.benchmark.report.rows import Row
from protea.benchmark.report.wording import listed, plural
from protea.metrics.holm import holm_correction

__all__ = ["Contest", "auxiliary_contests", "findings", "pretraining_contests", "valid_rows"]


@dataclass(frozen=True)
class Contest:
    """One row against the same row without something (an auxiliary, a pretraining) on one task."""

    task: str
    row: tuple[str, str]
    with_what: str
    is_better: bool
    p_value: float | None
    """Of the paired test, uncorrected; None where the two share no fold, or lie in different grids."""


def auxiliary_contests(config: CollectionConfig, reports: Mapping[str, Report], resamples: int = 1000) -> list[Contest]:
    """Return each row with an auxiliary against itself without, on each task of which both have a valid result."""
    found = []
    for task in (name for name in config.tasks if name in reports):
        report = reports[task]
        comparer = Comparer(report.collected, report.columns[0], resamples)
        rows = valid_rows(report)
        for (encoder, scheme, auxiliary), row in rows.items():
            plain = rows.get((encoder, scheme, "none"))
            if auxiliary == "none" or plain is None:
                continue
            outcome = comparer.difference(row.key, plain.key)
            p_value = None if outcome is None else outcome[0].p_value
            is_better = _is_better(report.columns[0], row, plain)
            found.append(Contest(task, (encoder, scheme), auxiliary, is_better, p_value))
    return found


def pretraining_contests(config: CollectionConfig, reports: Mapping[str, Report]) -> list[Contest]:
    """Return each pretrained row against the same row from random weights, by their means."""
    plan = config.pretraining
    if plan is None:
        return []
    found = []
    for task, encoder, scheme, by in (
        (task, encoder, scheme, by)
        for task in config.tasks
        for encoder in plan.encoders
        for scheme in plan.schemes
        for by in plan.tasks
    ):
        tuned, fresh = reports.get(pretrained_grid(task, scheme)), reports.get(task)
        if tuned is None or fresh is None:
            continue
        row = valid_rows(tuned).get((started_name(encoder, by), scheme, "none"))
        plain = valid_rows(fresh).get((encoder, scheme, "none"))
        if row is not None and plain is not None:
            is_better = _is_better(fresh.columns[0], row, plain, tuned.columns[0])
            found.append(Contest(task, (encoder, scheme), by, is_better, None))
    return found


def valid_rows(report: Report) -> dict[tuple[str, str, str], Row]:
    """Return the rows that have a valid result, by their keys."""
    return {row.key: row for row in report.rows if row.is_ranked and row.main() is not None}


def _is_better(column: Column, row: Row, plain: Row, column_of_row: Column | None = None) -> bool:
    one, other = row.scores[column_of_row or column], plain.scores[column]
    assert one is not None
    assert other is not None
    return (one.mean > other.mean) == column.higher_is_better and one.mean != other.mean


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
        return f"{text}; these pairs lie in different grids and were not tested."
    corrected = holm_correction(np.array([contest.p_value for contest in tested]))
    shown = [contest for contest, p in zip(tested, corrected, strict=True) if p < ALPHA]
    won = sum(contest.is_better for contest in shown)
    return f"{text}; by the paired test (Holm over {len(tested)}) {won} are better and {len(shown) - won} worse."


def _groups(config: CollectionConfig, reports: Mapping[str, Report], place: int) -> Iterator[tuple[str, list[Row]]]:
    """Yield (task, rows that differ only at one place of their key), where every choice of that place has a result."""
    choices = (len(config.encoders), len(config.schemes))[place]
    for task in (name for name in config.tasks if name in reports):
        groups: dict[tuple[str, ...], list[Row]] = {}
        for key, row in valid_rows(reports[task]).items():
            if key[1] != "none" and key[0] in config.encoders:
                groups.setdefault(key[:place] + key[place + 1 :], []).append(row)
        for rows in groups.values():
            if len(rows) == choices:
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
    winners = [_best(reports[task], rows).key[1] for task, rows in _groups(config, reports, 1)]
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
