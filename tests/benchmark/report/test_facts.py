from dataclasses import replace

import numpy as np
import pytest

from protea.benchmark.report.build import report_on
from protea.benchmark.report.facts import base_rate, facts_of
from tests.benchmark.report.made_grid import made_data, made_grid, targets


def test_header_counts_the_data_and_the_cells(report) -> None:
    facts = {fact.label: fact.value for fact in report.facts}
    assert facts["proteins"] == "40"
    assert facts["residues"] == "480"
    assert facts["units of resampling"] == "20"
    finished = sum(row.num_done for row in report.rows)
    assert facts["cells finished"] == f"{finished} of {sum(row.num_expected for row in report.rows)}"
    assert finished == 15
    assert (facts["commit"], facts["machine"], facts["version"]) == ("abc123", "one core", "0.1.0")
    assert facts["data fingerprint"] == "0123456789abcdef"
    assert facts["compute"] == "2 min in 15 cells and 96 s in searches, one process each"
    assert facts["learning-rate search"].startswith("0.0001, 0.0003 and 0.001; 2 epochs each")


def test_units_of_proteins_that_are_only_trained_on_are_not_counted(made_root) -> None:
    grid = made_grid().model_copy(update={"folds": [0]})
    facts = {fact.label: fact.value for fact in report_on(made_root, grid, made_data(), num_resamples=120).facts}
    assert (facts["units of resampling"], facts["test proteins"]) == ("10", "20 over 1 fold")


def test_base_rate_is_the_share_of_positives_over_all_test_residues(report) -> None:
    label, value = base_rate(report.collected, report.columns[0])
    share = np.mean(np.concatenate([targets(name) for name in made_data().ids]))
    assert label == "base rate of positives"
    assert float(value) == pytest.approx(share, abs=5e-4)


def test_training_is_said_to_have_watched_the_metric_that_it_watched(report) -> None:
    task = report.collected.tasks["site"]
    for given, name in ((task, "AUPRC"), (replace(task, watched="rmse"), "RMSE")):
        collected = replace(report.collected, tasks={"site": given})
        facts = {fact.label: fact.value for fact in facts_of(collected, report.columns[0], report.board)}
        assert facts["training"].endswith(f"stopped after 10 without a better {name}")
