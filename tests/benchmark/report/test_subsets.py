from dataclasses import replace

import numpy as np

from protea.benchmark.predictions import StoredPredictions
from protea.benchmark.report.subsets import FEWEST_ENTRIES, holds_too_few, of_subset, pool


def made(ids: list[str], lengths: list[int], seed: int = 0) -> StoredPredictions:
    count = sum(lengths)
    target = (np.arange(count) % 3 == 0).astype(np.int64)
    score = np.random.default_rng(seed).random(count).astype(np.float32)
    return StoredPredictions(np.array(ids), np.cumsum([0, *lengths]), target, np.arange(count) % 7 != 0, score, None)


def test_pooling_puts_folds_end_to_end() -> None:
    one, other = made(["b", "d"], [2, 3]), made(["c", "a"], [4, 1], seed=1)
    pooled = pool([one, other])
    assert pooled.ids.tolist() == ["b", "d", "c", "a"]
    assert pooled.item_ptr.tolist() == [0, 2, 5, 9, 10]
    assert pooled.score.tolist() == [*one.score, *other.score]
    assert pooled.is_supervised.tolist() == [*one.is_supervised, *other.is_supervised]
    assert pooled.predicted_class is None


def test_predicted_classes_move_with_their_items() -> None:
    parts = [
        StoredPredictions(np.array([name]), np.array([0, 2]), np.array([0, 1]), np.ones(2, bool),
                          np.zeros(2, np.float32), np.array(classes, np.uint16))
        for name, classes in (("b", [5, 6]), ("a", [7, 8]))
    ]  # fmt: skip
    assert pool(parts).predicted_class.tolist() == [5, 6, 7, 8]  # type: ignore[union-attr]


def test_only_the_subsets_proteins_stay_supervised(report) -> None:
    predictions = made(["p30", "p02", "p31"], [2, 3, 4])
    chosen = of_subset(predictions, report.collected, "first half", 0)
    assert chosen is not None
    assert chosen.is_supervised.tolist() == [False, False, True, True, True, False, False, False, False]
    assert of_subset(made(["p30", "p31"], [2, 3]), report.collected, "first half", 0) is None


def test_too_few_counts_the_test_proteins_of_the_smallest_fold(report) -> None:
    data = report.collected.data
    is_in_first_fold = np.isin(data.ids, data.folds[0].test)
    place_in_fold = np.where(is_in_first_fold, np.cumsum(is_in_first_fold), np.cumsum(~is_in_first_fold)) - 1
    assert not is_in_first_fold.all()
    for num, is_few in ((FEWEST_ENTRIES, False), (FEWEST_ENTRIES - 1, True)):
        subset = ~is_in_first_fold | (place_in_fold < num)  # all of the second fold, some of the first
        collected = replace(report.collected, data=replace(data, subsets={"some": subset}))
        assert holds_too_few(collected, "some") == is_few
