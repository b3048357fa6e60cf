from dataclasses import replace

import numpy as np
import pytest

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.mean_over_folds import (
    Resampled,
    difference_of,
    mean_over_folds,
    require_same_items,
    resample_fold,
    seed_of_draws,
)
from protea.benchmark.report.subsets import pool
from protea.errors import ContractError
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import metric_named
from protea.metrics.paired import paired_difference
from protea.metrics.resamples import counts_of_resamples
from protea.metrics.undefined import UndefinedMetric

IDS = [f"p{place}" for place in range(12)]
UNIT = np.arange(12) // 2


def made(ids: list[str], lengths: list[int], seed: int = 0, signal: float = 0.3) -> StoredPredictions:
    generator = np.random.default_rng(seed)
    count = sum(lengths)
    target = (np.arange(count) % 3 == 0).astype(np.int64)
    score = (signal * target + generator.random(count)).astype(np.float32)
    is_supervised = np.arange(count) % 7 != 0
    return StoredPredictions(np.array(ids), np.cumsum([0, *lengths]), target, is_supervised, score, None)


@pytest.mark.parametrize("metric", ["auprc", "auroc"])
def test_on_one_fold_it_is_the_bootstrap_of_the_metrics_package(metric: str) -> None:
    a, b = made(IDS, [9] * 12, 1, 0.6), made(IDS, [9] * 12, 2, 0.2)
    first, second = (mean_over_folds([resample_fold(part, metric, UNIT[:, None], 200, seed=5)]) for part in (a, b))
    keep = a.is_supervised
    unit_of_item = np.repeat(UNIT, 9)[keep]
    arguments = (a.target[keep], a.score[keep])
    assert first.interval() == bootstrap_interval(metric_named(metric), *arguments, unit_of_item, 200, seed=5)
    expected = paired_difference(metric_named(metric), *arguments, b.score[keep], unit_of_item, 200, seed=5)
    assert difference_of(first, second) == expected
    assert first.num_units == 6


@pytest.mark.parametrize("metric", ["auprc", "auroc", "spearman"])
def test_folds_on_other_scales_are_not_punished(metric: str) -> None:
    folds = []
    for fold, shift in enumerate((0.0, 0.6)):
        part = made([f"{fold}{name}" for name in IDS], [9] * 12, fold)
        # Right in every order within the fold; the negatives of the second fold lie above the positives of the first.
        folds.append(replace(part, score=(0.3 * part.target + shift).astype(np.float32)))
    found = mean_over_folds(
        [resample_fold(part, metric, UNIT[:, None], 100, seed_of_draws(n)) for n, part in enumerate(folds)]
    )
    assert found.estimate == pytest.approx(1.0)
    assert found.interval().low == pytest.approx(1.0)
    assert pool(folds).value(metric) < 0.8


def test_draws_are_independent_between_folds_and_the_same_for_every_row() -> None:
    assert len({seed_of_draws(fold, seed) for fold in range(20) for seed in range(5)}) == 100
    assert seed_of_draws(3) == seed_of_draws(3)
    same = [resample_fold(made(IDS, [9] * 12), "auroc", UNIT[:, None], 400, seed_of_draws(fold)) for fold in (0, 0, 1)]
    assert np.array_equal(same[0].value, same[1].value)
    # Equal predictions in two folds, so that only the draws differ; 400 pairs: sd of the correlation .05.
    assert abs(np.corrcoef(same[0].value, same[2].value)[0, 1]) < 0.2
    spread = [mean_over_folds(pair).value.std() for pair in ((same[0], same[1]), (same[0], same[2]))]
    assert spread[1] / spread[0] == pytest.approx(np.sqrt(0.5), rel=0.15)


def test_the_mean_is_taken_draw_by_draw_and_needs_every_fold() -> None:
    one = Resampled(0.2, np.array([0.1, 0.2, 0.3]), np.array([True, True, False]), 4)
    other = Resampled(0.6, np.array([0.5, 0.0, 0.7]), np.array([True, False, True]), 3)
    found = mean_over_folds([one, other])
    assert found.estimate == pytest.approx(0.4)
    assert found.is_defined.tolist() == [True, False, False]
    assert found.value[0] == pytest.approx(0.3)
    assert found.num_units == 7
    interval = found.interval()
    assert (interval.low, interval.high, interval.num_undefined_resamples) == (found.value[0], found.value[0], 2)
    with pytest.raises(UndefinedMetric, match="1 of 3 resamples"):
        difference_of(found, found)


def test_other_items_are_refused() -> None:
    one = made(["a", "b"], [3, 4])
    require_same_items(one, made(["a", "b"], [3, 4], seed=5), "x and y")
    with pytest.raises(ContractError, match="x and y: two rows do not answer the same items"):
        require_same_items(one, made(["a", "c"], [3, 4]), "x and y")
    with pytest.raises(ContractError, match="same items"):
        require_same_items(one, made(["a", "b"], [4, 3]), "x and y")


def test_pairs_count_as_often_as_the_product_of_their_units() -> None:
    made_of = np.array([[0, 1], [1, 2], [2, 2], [0, 3]])
    part = made(["ab", "bc", "cd", "ae"], [1] * 4)
    part = replace(part, is_supervised=np.ones(4, bool), score=np.array([3, 1, 2, 0], np.float32),
                   target=np.array([1.0, 2.0, 3.0, 4.0]))  # fmt: skip
    found = resample_fold(part, "mae", made_of, 200, seed=0)
    error = np.abs(part.score - part.target)
    for value, is_defined, count in zip(found.value, found.is_defined, counts_of_resamples(4, 200, 0), strict=True):
        weight = np.array([count[0] * count[1], count[1] * count[2], count[2], count[0] * count[3]])
        assert is_defined == bool(weight.sum())
        if is_defined:
            assert value == pytest.approx(weight @ error / weight.sum())


def test_folds_that_test_the_same_share_their_draws_over_every_unit() -> None:
    whole = made(IDS, [9] * 12)
    one, same = (resample_fold(whole, "auroc", UNIT[:, None], 50, 3, UNIT) for _ in range(2))
    assert np.array_equal(one.value, same.value)
    half = whole.only(np.arange(12) < 8)
    found = resample_fold(half, "auroc", UNIT[:, None], 50, 3, UNIT)
    assert found.num_units == 6
    assert mean_over_folds([one, same], shares_units=True).num_units == 6
    direct = metric_named("auroc").by_unit(
        half.target[half.is_supervised], half.score[half.is_supervised], None,
        np.repeat(UNIT, 9)[half.is_supervised],
    )  # fmt: skip
    for value, is_defined, count in zip(found.value, found.is_defined, counts_of_resamples(6, 50, 3), strict=True):
        if is_defined:
            assert value == pytest.approx(direct(count))
