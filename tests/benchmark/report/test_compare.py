from dataclasses import replace

import numpy as np
import pytest

from protea.benchmark.report.build import report_on
from protea.benchmark.report.collect import collect
from protea.benchmark.report.columns import Column, columns_of
from protea.benchmark.report.compare import Comparer, compare_rows, detectable, num_resamples_for
from protea.benchmark.report.mean_over_folds import seed_of_draws
from protea.errors import ContractError, InputError
from protea.metrics.catalogue import metric_named
from protea.metrics.paired import PairedDifference, paired_difference
from protea.metrics.power import minimum_detectable_difference
from tests.benchmark.report.made_grid import LENGTH, made_data, made_grid, scores_of, targets, write_grid


def of_metrics_package(fold: int, num_resamples: int) -> PairedDifference:
    ids = made_data().folds[fold].test
    target = np.concatenate([targets(name) for name in ids])
    unit = np.repeat([int(name[1:]) // 2 for name in ids], LENGTH)
    a, b = (np.concatenate([scores_of(row, name) for name in ids]).astype(np.float32) for row in ("strong", "exposure"))
    return paired_difference(metric_named("auprc"), target, a, b, unit, num_resamples, seed=seed_of_draws(fold))


def test_on_one_fold_the_paired_test_equals_that_of_the_metrics_package(tmp_path) -> None:
    grid, data = made_grid(("strong",), seeds=1).model_copy(update={"folds": [1]}), made_data()
    write_grid(tmp_path, grid, data)
    found = report_on(tmp_path, grid, data, 300).board.comparisons["strong", "ca_bb", "none"]
    assert found.difference == of_metrics_package(1, 300)


def test_over_folds_difference_and_error_follow_from_those_of_the_folds(row_of) -> None:
    folds = [of_metrics_package(fold, 300) for fold in (0, 1)]
    found = row_of["strong ca_bb"].comparison.difference
    assert found.difference == pytest.approx(np.mean([fold.difference for fold in folds]), abs=1e-12)
    assert found.difference > 0.05
    assert found.num_units == 20
    # Draws of folds are independent, so variances add.
    expected = np.sqrt(sum(fold.standard_error**2 for fold in folds)) / 2
    assert found.standard_error == pytest.approx(expected, rel=0.1)
    assert found.low < found.difference < found.high


def test_the_known_answers_come_out(report, row_of) -> None:
    assert report.board.best_control == ("exposure", "none", "none")
    assert set(report.board.comparisons) == {(name, "ca_bb", "none") for name in ("strong", "same", "weak")}
    same = row_of["same ca_bb"].comparison
    assert (same.difference.difference, same.difference.low, same.difference.high) == (0.0, 0.0, 0.0)
    assert same.p_holm == 1.0
    assert row_of["weak ca_bb"].comparison.difference.difference < -0.1
    # Smallest possible p of 300 resamples, times three and two: Holm's steps.
    smallest = 2 / 301
    assert row_of["strong ca_bb"].comparison.p_holm == pytest.approx(3 * smallest)
    assert row_of["weak ca_bb"].comparison.p_holm == pytest.approx(3 * smallest)


def test_only_shared_folds_are_compared(tmp_path) -> None:
    grid, data = made_grid(("strong",), seeds=1), made_data()
    write_grid(tmp_path, grid, data, leave_out=("strong-ca_bb-none-fold1-seed0",))
    collected = collect(tmp_path, grid, data)
    comparer = Comparer(collected, columns_of(collected)[0][0], 100)
    row = ("strong", "ca_bb", "none")
    found = compare_rows(comparer, [row], ("exposure", "none", "none"))[row]
    assert (found.num_folds, found.difference.num_units) == (1, 10)
    assert found.is_better


def test_units_that_several_folds_test_are_counted_once(tmp_path) -> None:
    grid, data = made_grid(("strong",), seeds=1), made_data()
    data = replace(data, folds=(data.folds[0], replace(data.folds[0], name="again")))
    write_grid(tmp_path, grid, data)
    comparer = Comparer(collect(tmp_path, grid, data), Column("site", "free", "auprc"), 50)
    found = comparer.difference(("strong", "ca_bb", "none"), ("exposure", "none", "none"))
    assert found is not None
    assert (found[1], found[0].num_units) == (2, 20)


def test_a_fold_in_which_the_metric_has_no_value_is_not_one_of_the_rows_folds(report) -> None:
    constant, row = ("prior", "none", "none"), ("strong", "ca_bb", "none")
    comparer = Comparer(report.collected, Column("site", "free", "spearman"), 50)
    assert comparer.folds(constant) == ()
    assert comparer.interval(constant) is None
    assert comparer.folds(row) == (0, 1)
    assert compare_rows(comparer, [row], constant) == {}
    assert comparer.best([constant, row]) == row


def test_a_protein_that_the_suite_lacks_is_refused(report) -> None:
    comparer = Comparer(report.collected, report.columns[0], 10)
    del comparer._unit_of["p03"]
    with pytest.raises(ContractError, match="p03"):
        comparer.interval(("strong", "ca_bb", "none"))


def test_detectable_difference_is_that_of_the_middle_comparison(report) -> None:
    found = detectable(report.board.comparisons)
    assert found is not None
    errors = sorted(item.difference.standard_error for item in report.board.comparisons.values())
    spread = errors[1] * np.sqrt(20)
    assert found[0] == pytest.approx(minimum_detectable_difference(spread, 20, 0.05))
    assert found[1] == pytest.approx(minimum_detectable_difference(spread, 20, 0.05 / 3))
    assert detectable({}) is None


@pytest.mark.parametrize("num_rows", [1, 10, 11, 75])
def test_enough_resamples_for_the_correction(num_rows: int) -> None:
    assert num_rows * 2 / (num_resamples_for(num_rows) + 1) <= 0.02


def test_lower_is_better_turns_the_direction(report) -> None:
    comparer = Comparer(report.collected, Column("site", "free", "rmse"), 50)
    row, control = ("strong", "ca_bb", "none"), ("exposure", "none", "none")
    found = compare_rows(comparer, [row], control)[row]
    assert found.is_better == (found.difference.difference < 0)
    errors = {key: comparer.resampled(key, (0, 1)).estimate for key in (row, control)}
    assert comparer.best([row, control]) == min(errors, key=lambda key: errors[key])


def test_too_few_resamples_for_any_finding_are_refused() -> None:
    assert num_resamples_for(3, 300) == 300
    assert num_resamples_for(1, 40) == 40
    with pytest.raises(InputError, match="120 or more for 3 rows"):
        num_resamples_for(3, 100)
