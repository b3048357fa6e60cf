"""The counts behind the sentences: who is held against whom, and in which direction."""

from dataclasses import replace
from pathlib import Path

import pytest

from protea.benchmark.collection import findings as findings_module
from protea.benchmark.collection.config import CollectionConfig
from protea.benchmark.collection.findings import (
    Contest,
    auxiliary_contests,
    findings,
    pretraining_contests,
    valid_rows,
)
from protea.benchmark.report.build import Report
from protea.benchmark.report.compare import Comparer, num_resamples_for

Finished = tuple[CollectionConfig, Path]


def mean(report: Report, key: tuple[str, str, str]) -> float:
    score = valid_rows(report)[key].main()
    assert score is not None
    return score.mean


def test_every_row_with_an_auxiliary_meets_itself_without(finished: Finished, reports: dict[str, Report]) -> None:
    contests = auxiliary_contests(finished[0], reports)
    assert {(contest.task, contest.row) for contest in contests} == {
        (task, (encoder, "ca_angles", "sequence_denoising"))
        for task in ("site", "fold")
        for encoder in ("schnet", "egnn")
    }
    for contest in contests:
        report, sign = reports[contest.task], 1 if contest.task == "site" else -1
        assert contest.plain == (*contest.row[:2], "none")
        assert contest.is_better == (sign * (mean(report, contest.row) - mean(report, contest.plain)) > 0)
        assert contest.p_value is not None
        assert 0 < contest.p_value <= 1


def test_a_pretrained_row_meets_itself_from_random_weights_on_the_same_folds(
    finished: Finished, reports: dict[str, Report]
) -> None:
    (contest,) = pretraining_contests(finished[0], reports)
    assert (contest.task, contest.row) == ("site", ("schnet+denoise", "ca_angles", "none"))
    assert contest.plain == ("schnet", "ca_angles", "none")
    assert contest.is_better == (mean(reports["site"], contest.row) > mean(reports["site"], contest.plain))
    report = reports["site"]
    comparer = Comparer(report.collected, report.columns[0], num_resamples_for(1))
    tested = comparer.difference(contest.row, contest.plain)
    assert tested is not None
    assert contest.p_value == tested[0].p_value
    assert tested[1] == 2


def test_a_half_finished_row_is_held_against_the_other_on_the_cells_that_both_have(
    finished: Finished, reports: dict[str, Report], tmp_path: Path
) -> None:
    config, _ = finished
    whole = auxiliary_contests(config, reports)
    collected = reports["site"].collected
    row = ("schnet", "ca_angles", "sequence_denoising")
    plain = (*row[:2], "none")
    column = reports["site"].columns[0]

    def value(key: tuple[str, str, str], fold: int) -> float:
        cell = collected.at(key, fold, 0)
        assert cell is not None
        found = cell.value(column.variant, column.task, column.metric)
        assert found is not None
        return found

    for kept in (0, 1):
        # Only one fold of the row is done; the other row has both, and as its value in the other an extreme one.
        finished_cells = {cell: found for cell, found in collected.finished.items() if cell.row != row}
        finished_cells |= {cell: found for cell, found in collected.finished.items() if cell.row == row
                           and cell.fold == kept}  # fmt: skip
        for extreme in (0.0, 1.0):
            changed = dict(finished_cells)
            for cell, found in finished_cells.items():
                if cell.row == plain and cell.fold != kept:
                    metrics = {column.variant: {column.task: {column.metric: extreme}}}
                    changed[cell] = replace(found, content={**found.content, "metrics": metrics})
            partly = {"site": replace(reports["site"], collected=replace(collected, finished=changed))}
            (contest,) = (it for it in auxiliary_contests(config, partly) if it.row == row)
            assert contest.is_better == (value(row, kept) > value(plain, kept))
            assert contest.is_tested_better == contest.is_better
    nothing = {cell: found for cell, found in collected.finished.items() if cell.row != row}
    none = {"site": replace(reports["site"], collected=replace(collected, finished=nothing))}
    assert not [it for it in auxiliary_contests(config, none) if it.row == row]
    assert [it for it in whole if it.row == row]


def test_the_sentence_on_the_paired_test_counts_the_direction_that_was_tested() -> None:
    row, plain = ("schnet", "ca_bb", "sequence_denoising"), ("schnet", "ca_bb", "none")
    # Further seeds turn the mean, but what was tested on the first seed was worse.
    contest = Contest("site", row, plain, True, 0.001, False)
    text = findings_module._of_contests("An auxiliary objective", [contest])
    assert "has the better mean in 1 of 1 pair" in text
    assert text.endswith("by the paired test (Holm over 1) 0 are better and 1 worse.")


def test_many_contests_are_tested_on_enough_resamples_for_the_correction(
    finished: Finished, reports: dict[str, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def remembered(collected: object, column: object, resamples: int) -> Comparer:
        asked.append(resamples)
        return Comparer(collected, column, 50)  # type: ignore[arg-type]

    monkeypatch.setattr(findings_module, "Comparer", remembered)
    monkeypatch.setattr(findings_module, "num_resamples_for", lambda number: 1000 * number)
    auxiliary_contests(finished[0], reports)
    assert asked == [4000, 4000]  # one for each task, by the number of contests of both


def test_the_sentences_say_what_was_counted_and_what_was_not_tested(
    finished: Finished, reports: dict[str, Report]
) -> None:
    config, _ = finished
    sentences = findings(config, reports)
    better = sum(contest.is_better for contest in auxiliary_contests(config, reports))
    assert sentences[0].startswith(f"An auxiliary objective has the better mean in {better} of 4 pairs of rows")
    assert sentences[1] == "Features: one scheme only, so nothing can be said of which is best."
    assert any(sentence.startswith("Pretraining has the better mean in") for sentence in sentences)
    assert any(sentence.startswith("site: smallest difference seen with 80 % power") for sentence in sentences)
    nothing = findings(config, {})
    assert nothing[0] == "An auxiliary objective: no pair of rows to compare yet."
