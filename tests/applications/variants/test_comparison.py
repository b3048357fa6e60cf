import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from protea.applications.variants.comparison import (
    ComparedScanConfig,
    VariantComparisonConfig,
    VariantModelConfig,
    model_columns,
    run_cell,
    run_comparison,
)
from protea.applications.variants.measured_scan import ScanConfig
from protea.applications.variants.mutations import STOP, Mutation, Variant
from protea.applications.variants.plain_score import PlainScoreConfig
from protea.applications.variants.splits import (
    LowVersusHighSplitConfig,
    ModuloSplitConfig,
    MutationsSplitConfig,
    RandomSplitConfig,
    SplitConfig,
)
from protea.applications.variants.substitution_scales import scale_score
from protea.benchmark.learners.gaussian_process import GaussianProcessConfig
from protea.benchmark.learners.network import NetworkConfig
from protea.benchmark.learners.ridge import RidgeConfig
from protea.errors import ConfigError, InputError
from tests.applications.variants.made_scan import made_scan, write_scan

RIDGE = VariantModelConfig(name="ridge", features=("one_hot",), learner=RidgeConfig())
BLOSUM = VariantModelConfig(name="BLOSUM62", features=("blosum62",), learner=PlainScoreConfig())


def made_config() -> VariantComparisonConfig:
    return VariantComparisonConfig(
        wild_types="wild_types.csv",
        scans=(
            ComparedScanConfig(
                scan=ScanConfig(name="made", file="made.parquet", wild_type="made"),
                splits=(RandomSplitConfig(num_folds=2), ModuloSplitConfig(num_folds=2)),
            ),
        ),
        models=(
            RIDGE,
            BLOSUM,
            VariantModelConfig(name="elsewhere", features=("letters",), learner=RidgeConfig(), only=("x",)),
        ),
        num_resamples=20,
    )


def test_a_cell_is_the_mean_over_folds_of_what_its_test_rows_say() -> None:
    scan = made_scan()
    cell = run_cell(scan, RandomSplitConfig(), BLOSUM, num_resamples=50)
    score = scale_score("blosum62", scan.variants)
    splits = RandomSplitConfig().splits(scan.source)
    expected = [stats.spearmanr(scan.value[s.test], score[s.test]).statistic for s in splits]
    assert cell["mean"]["spearman"] == pytest.approx(np.mean(expected))
    assert cell["interval_of_spearman"][0] < np.mean(expected) < cell["interval_of_spearman"][1]
    assert cell["mean"]["rmse"] is None  # a score is not in the unit of the measurement
    assert [fold["num_test"] for fold in cell["folds"]] == [60] * 5


def test_a_constant_prediction_is_undefined_and_says_so() -> None:
    scan = made_scan(most=1, num_variants=60)
    cell = run_cell(scan, ModuloSplitConfig(), RIDGE)  # positions that a one-hot model never saw
    assert cell["mean"]["spearman"] is None
    assert cell["interval_of_spearman"] is None
    assert cell["mean"]["rmse"] > 0


def test_a_process_reports_its_intervals() -> None:
    model = VariantModelConfig(name="gp", features=("one_hot",), learner=GaussianProcessConfig(most_for_scales=50))
    cell = run_cell(made_scan(num_variants=100), RandomSplitConfig(num_folds=2), model, num_resamples=5)
    assert 0.7 < cell["mean"]["coverage_of_95"] <= 1.0
    assert cell["folds"][0]["facts"]["variants"] == 50


def test_scores_are_standardised_on_the_training_rows_and_stand_above_the_penalty() -> None:
    scan = made_scan()
    model = VariantModelConfig(name="both", features=("one_hot", "blosum62"), learner=RidgeConfig())
    train = np.arange(100)
    score = scale_score("blosum62", scan.variants)
    column = model_columns(model, scan, train)[:, [-1]].toarray()[:, 0]
    np.testing.assert_allclose(column, 10 * (score - score[train].mean()) / score[train].std())
    with pytest.raises(ConfigError, match=r"wrong: no such features; expected any of one_hot.*; found two_hot"):
        model_columns(VariantModelConfig(name="wrong", features=("two_hot",), learner=RidgeConfig()), scan, train)


def test_finished_cells_are_kept_and_those_of_other_settings_refused(tmp_path: Path) -> None:
    write_scan(tmp_path, made_scan(num_variants=80))
    config = made_config()
    said: list[str] = []
    cells = run_comparison(config, tmp_path, tmp_path / "out", said.append)
    assert [(cell["split"], cell["model"]) for cell in cells] == [
        ("random", "ridge"), ("random", "BLOSUM62"), ("modulo", "ridge"), ("modulo", "BLOSUM62"),
    ]  # fmt: skip
    assert len(said) == 4
    path = tmp_path / "out" / "cells" / "made-modulo-ridge.json"
    assert json.loads(path.read_text())["fingerprint"] == cells[2]["fingerprint"]
    path.unlink()
    assert len(run_comparison(config, tmp_path, tmp_path / "out", said.append, is_report_only=True)) == 3
    assert not path.exists()
    again = run_comparison(config, tmp_path, tmp_path / "out", said.append)
    assert len(said) == 5
    assert [{**cell, "cpu_seconds": 0} for cell in again] == [{**cell, "cpu_seconds": 0} for cell in cells]
    with pytest.raises(InputError, match=r"made-random-ridge\.json: this cell is of other data or settings"):
        run_comparison(config.model_copy(update={"seed": 1}), tmp_path, tmp_path / "out", said.append)
    write_scan(tmp_path, made_scan(seed=1, num_variants=80))
    with pytest.raises(InputError, match="other data or settings"):
        run_comparison(config, tmp_path, tmp_path / "out", said.append)


@pytest.mark.parametrize("split", [RandomSplitConfig(num_folds=2), MutationsSplitConfig(most=2),
                                   LowVersusHighSplitConfig(cut=-3.0)], ids=lambda one: one.label)  # fmt: skip
def test_many_mutations_and_stops_run_with_every_learner(split: SplitConfig) -> None:
    scan = made_scan(num_variants=90, most=6)
    stopped = [Variant((Mutation(place, scan.wild_type[place], STOP),)) for place in (3, 9)]
    scan = replace(scan, variants=(*scan.variants, *stopped), names=(*scan.names, "a", "b"),
                   value=np.append(scan.value, [-9.0, -8.0]))  # fmt: skip
    for learner in (
        RidgeConfig(penalties=(0.3,)),
        GaussianProcessConfig(most_variants=30, most_for_scales=20),
        NetworkConfig(hidden_dim=4, most_epochs=2),
    ):
        model = VariantModelConfig(name="any", features=("one_hot", "letters", "num_mutations"), learner=learner)
        cell = run_cell(scan, split, model, num_resamples=5)
        assert sum(fold["num_test"] for fold in cell["folds"]) >= 20
        assert cell["mean"]["spearman"] is not None
        # A table of variants with several mutations resamples variants, not sites.
        assert cell["interval_of_spearman"] is not None


def test_a_process_that_rests_on_a_part_says_so(tmp_path: Path) -> None:
    write_scan(tmp_path, made_scan(num_variants=80, most=4))
    process = VariantModelConfig(
        name="process", features=("one_hot",), learner=GaussianProcessConfig(most_variants=30, most_for_scales=20)
    )
    config = made_config().model_copy(update={"models": (process, RIDGE)})
    lines: list[str] = []
    run_comparison(config, tmp_path, tmp_path / "out", lines.append)
    assert [line.endswith("it rests on 30 of 40 training variants") for line in lines][0::2] == [True, False]
    assert not any("rests" in line for line in lines[1::2])
