import numpy as np
import pytest

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.pooled import difference_of, pool, require_same_items, resample
from protea.errors import ContractError
from protea.metrics.bootstrap import bootstrap_interval
from protea.metrics.catalogue import metric_named
from protea.metrics.paired import paired_difference


def made(ids: list[str], lengths: list[int], seed: int = 0, signal: float = 0.3) -> StoredPredictions:
    generator = np.random.default_rng(seed)
    count = sum(lengths)
    target = (np.arange(count) % 3 == 0).astype(np.int64)
    score = (signal * target + generator.random(count)).astype(np.float32)
    is_supervised = np.arange(count) % 7 != 0
    return StoredPredictions(np.array(ids), np.cumsum([0, *lengths]), target, is_supervised, score, None)


def test_pooling_sorts_proteins_and_keeps_their_items_together() -> None:
    one, other = made(["b", "d"], [2, 3]), made(["c", "a"], [4, 1], seed=1)
    pooled = pool([one, other])
    assert pooled.ids.tolist() == ["a", "b", "c", "d"]
    assert np.diff(pooled.item_ptr).tolist() == [1, 2, 4, 3]
    expected = np.concatenate([other.score[4:], one.score[:2], other.score[:4], one.score[2:]])
    assert pooled.score.tolist() == expected.tolist()
    assert pooled.predicted_class is None


def test_predicted_classes_move_with_their_items() -> None:
    parts = [
        StoredPredictions(np.array([name]), np.array([0, 2]), np.array([0, 1]), np.ones(2, bool),
                          np.zeros(2, np.float32), np.array(classes, np.uint16))
        for name, classes in (("b", [5, 6]), ("a", [7, 8]))
    ]  # fmt: skip
    assert pool(parts).predicted_class.tolist() == [7, 8, 5, 6]  # type: ignore[union-attr]


@pytest.mark.parametrize("metric", ["auprc", "auroc"])
def test_resampling_equals_the_bootstrap_of_the_metrics_package(metric: str) -> None:
    ids = [f"p{place}" for place in range(12)]
    a, b = made(ids, [9] * 12, 1, 0.6), made(ids, [9] * 12, 2, 0.2)
    unit = np.arange(12) // 2
    first, second = (resample(part, metric, unit, 200) for part in (a, b))
    keep = a.is_supervised
    unit_of_item = np.repeat(unit, 9)[keep]
    arguments = (a.target[keep], a.score[keep])
    assert first.interval() == bootstrap_interval(metric_named(metric), *arguments, unit_of_item, 200)
    expected = paired_difference(metric_named(metric), *arguments, b.score[keep], unit_of_item, 200)
    assert difference_of(first, second) == expected
    assert first.num_units == 6


def test_other_items_are_refused() -> None:
    one = made(["a", "b"], [3, 4])
    require_same_items(one, made(["a", "b"], [3, 4], seed=5), "x and y")
    with pytest.raises(ContractError, match="x and y: two rows do not answer the same items"):
        require_same_items(one, made(["a", "c"], [3, 4]), "x and y")
    with pytest.raises(ContractError, match="same items"):
        require_same_items(one, made(["a", "b"], [4, 3]), "x and y")
