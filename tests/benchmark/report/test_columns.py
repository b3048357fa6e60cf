from dataclasses import replace

import numpy as np
import pytest

from protea.benchmark.report.columns import Column, columns_of, score_of
from tests.benchmark.report.made_grid import made_data, scores_of, targets


def ap(row: str, ids, seed: int = 0) -> float:
    """Average precision by its definition, for distinct scores."""
    target = np.concatenate([targets(name) for name in ids])
    score = np.concatenate([scores_of(row, name, seed) for name in ids]).astype(np.float32)
    order = np.argsort(-score, kind="stable")
    hits = target[order]
    return float(((np.cumsum(hits) / np.arange(1, len(hits) + 1)) * hits).sum() / hits.sum())


def test_columns_are_metrics_inputs_and_subsets(report) -> None:
    main = report.columns[0]
    assert main == Column("site", "free", "auprc")
    assert [column.title(main) for column in report.columns] == ["AUPRC", "AUROC", "AUPRC, bound", "AUPRC, first half"]
    assert report.others == ()


def test_a_score_is_the_mean_over_folds_of_the_mean_over_seeds(report) -> None:
    first, second = (fold.test for fold in made_data().folds)
    by_seed = [ap("strong", first, seed) for seed in (0, 1)]
    folds = np.array([np.mean(by_seed), ap("strong", second)])
    score = score_of(report.collected, ("strong", "ca_bb", "none"), report.columns[0])
    assert score is not None
    assert score.num_cells == 3
    assert score.mean == pytest.approx(folds.mean(), abs=1e-9)
    assert score.sd_folds == pytest.approx(folds.std(ddof=1), abs=1e-9)
    assert score.sd_seeds == pytest.approx(np.std(by_seed, ddof=1), abs=1e-9)
    assert score.sd == score.sd_folds


def test_a_subset_is_judged_on_its_own_proteins_fold_by_fold(report) -> None:
    data = made_data()
    chosen = {name for name, keep in zip(data.ids, data.subsets["first half"], strict=True) if keep}
    folds = [ap("exposure", [name for name in fold.test if name in chosen]) for fold in data.folds]
    score = score_of(report.collected, ("exposure", "none", "none"), report.columns[3])
    assert score is not None
    assert score.mean == pytest.approx(np.mean(folds), abs=1e-9)
    assert score.sd_folds == pytest.approx(np.std(folds, ddof=1), abs=1e-9)


def test_a_subset_of_which_a_fold_holds_too_few_is_pooled(report) -> None:
    data = made_data()
    few = np.arange(len(data.ids)) < 7
    collected = replace(report.collected, data=replace(data, subsets={"few": few}))
    column = columns_of(collected)[0][-1]
    assert column == Column("site", "free", "auprc", "few", is_pooled=True)
    assert column.title(report.columns[0]) == "AUPRC, few (pooled)"
    score = score_of(collected, ("strong", "ca_bb", "none"), column)
    assert score is not None
    assert score.mean == pytest.approx(ap("strong", data.ids[:7]), abs=1e-9)
    assert (score.sd, score.num_cells) == (None, 2)


def test_a_row_without_cells_has_no_score(report) -> None:
    for column in report.columns:
        assert score_of(report.collected, ("residue_type", "none", "none"), column) is None
