"""Stored predictions are small and lose nothing that a metric reads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.predictions import StoredPredictions, load_predictions, save_predictions, stored
from protea.errors import FileFormatError, InputError
from protea.metrics.catalogue import metric_named
from protea.training.evaluation import Predictions, evaluate_metric

RNG = np.random.default_rng(0)


def predictions(score: np.ndarray, target: np.ndarray, is_supervised: np.ndarray | None = None) -> Predictions:
    """Three proteins of equal length."""
    num = len(target)
    known = np.ones(num, bool) if is_supervised is None else is_supervised
    ptr = np.array([0, num // 3, 2 * (num // 3), num])
    return Predictions(("a", "b", "c"), np.arange(3), ptr, score, target, known, 0.5)


def classes(num: int = 60, num_classes: int = 5) -> Predictions:
    logit = RNG.normal(size=(num, num_classes)) * 2
    score = logit - np.log(np.exp(logit).sum(1, keepdims=True))
    return predictions(score, RNG.integers(0, num_classes, num), RNG.random(num) > 0.3)


def round_trip(found: StoredPredictions, tmp_path: Path) -> StoredPredictions:
    save_predictions(found, tmp_path / "p.npz")
    return load_predictions(tmp_path / "p.npz")


@pytest.mark.parametrize("metric", ["perplexity", "accuracy", "macro_f1", "mcc"])
def test_two_numbers_per_item_are_enough_for_class_metrics(metric: str, tmp_path: Path) -> None:
    whole = classes()
    found = round_trip(stored(whole), tmp_path)
    assert found.value(metric) == pytest.approx(evaluate_metric(metric, whole), rel=1e-6)
    assert found.score.shape == (60,)


def test_a_metric_that_needs_all_class_scores_is_refused() -> None:
    with pytest.raises(InputError, match="auroc: a metric of class scores that needs all of them"):
        stored(classes()).value("auroc")


def test_perplexity_survives_certainty() -> None:
    score = np.log(np.array([[1.0, 1e-30], [1.0 - 1e-16, 1e-30], [1e-30, 1.0]]))
    found = stored(predictions(score, np.array([0, 0, 0])))
    assert found.value("perplexity") == pytest.approx(1e-30 ** (-1 / 3), rel=1e-5)


@pytest.mark.parametrize("metric", ["auroc", "auprc", "accuracy", "mcc"])
def test_binary_metrics_are_the_same_after_a_round_trip(metric: str, tmp_path: Path) -> None:
    target = RNG.integers(0, 2, 90).astype(np.uint8)
    score = RNG.random(90).astype(np.float32)
    whole = predictions(score, target, RNG.random(90) > 0.3)
    assert round_trip(stored(whole), tmp_path).value(metric) == evaluate_metric(metric, whole)


def test_several_labels_and_real_values_survive(tmp_path: Path) -> None:
    target = RNG.integers(0, 2, (60, 4)).astype(np.uint8)
    target[0] = 1
    whole = predictions(RNG.random((60, 4)).astype(np.float32), target)
    assert round_trip(stored(whole), tmp_path).value("fmax") == evaluate_metric("fmax", whole)
    real = predictions(RNG.normal(size=60).astype(np.float32), RNG.normal(size=60).astype(np.float32))
    assert round_trip(stored(real), tmp_path).value("rmse") == pytest.approx(evaluate_metric("rmse", real), rel=1e-6)


def test_negative_and_large_integers_are_not_folded_into_a_byte(tmp_path: Path) -> None:
    target = np.array([-3, 0, 5, 300, 1, 2])
    found = round_trip(stored(predictions(np.zeros(6, np.float32), target)), tmp_path)
    assert found.target.tolist() == target.tolist()


def test_a_magic_number_at_unknown_items_does_not_widen_the_file(tmp_path: Path) -> None:
    target, known = np.array([1, -100, 0, 1, 0, 1]), np.array([True, False, True, True, True, True])
    found = round_trip(stored(predictions(np.zeros(6, np.float32), target, known)), tmp_path)
    assert found.target.tolist() == [1, 0, 0, 1, 0, 1]
    with np.load(tmp_path / "p.npz") as content:
        assert content["target"].dtype == np.uint8


def test_order_and_proteins_are_kept(tmp_path: Path) -> None:
    found = round_trip(stored(classes(9)), tmp_path)
    assert found.ids.tolist() == ["a", "b", "c"]
    assert found.protein_of_item().tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    only = found.only(np.array([False, True, False]))
    assert only.is_supervised.tolist() == (found.is_supervised & (found.protein_of_item() == 1)).tolist()


def test_a_subset_is_judged_on_its_own_proteins() -> None:
    target = np.array([0, 1, 0, 1, 0, 1])
    found = stored(predictions(np.array([0.1, 0.9, 0.9, 0.1, 0.5, 0.4], np.float32), target))
    assert found.only(np.array([True, False, False])).value("auroc") == 1.0
    assert found.only(np.array([False, True, False])).value("auroc") == 0.0


def test_a_metric_by_unit_reads_the_same_inputs() -> None:
    found = stored(classes())
    metric = metric_named("perplexity")
    target, score = found.inputs_of(metric)
    assert metric.function(target, score, None) == found.value("perplexity")


def test_a_predicted_distribution_keeps_its_columns(tmp_path: Path) -> None:
    target = RNG.normal(size=60).astype(np.float32)
    score = np.stack([target + 0.5, np.full(60, 2.0, np.float32)], axis=1)
    whole = replace(predictions(score, target), columns=("value", "sigma"))
    found = round_trip(stored(whole), tmp_path)
    assert found.columns == ("value", "sigma")
    assert found.only(np.array([True, False, True])).columns == ("value", "sigma")
    for metric in ("rmse", "gaussian_nll", "interval_score", "error_sigma_correlation"):
        assert found.value_if_defined(metric) == (
            None if metric == "error_sigma_correlation" else evaluate_metric(metric, whole)
        )
    assert found.value("rmse") == pytest.approx(0.5, rel=1e-6)


def test_kept_class_scores_serve_metrics_of_all_classes(tmp_path: Path) -> None:
    whole = classes()
    found = round_trip(stored(whole, keeps_classes=True), tmp_path)
    for metric in ("brier_classes", "ece_top_label", "perplexity", "accuracy"):
        assert found.value(metric) == pytest.approx(evaluate_metric(metric, whole), rel=1e-5)
    # Two numbers per item cannot give them, and must not seem to.
    with pytest.raises(InputError, match="ece_top_label: a metric of class scores that needs all of them"):
        stored(whole).value("ece_top_label")


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_damaged_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "p.npz").write_bytes(content)
    with pytest.raises(FileFormatError, match=r"p\.npz"):
        load_predictions(tmp_path / "p.npz")


def test_a_file_of_other_arrays_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", ids=np.array(["a"]))
    with pytest.raises(FileFormatError, match=r"expected .*item_ptr"):
        load_predictions(tmp_path / "p.npz")


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "p.npz", ids=np.array([{}], dtype=object))
    with pytest.raises(FileFormatError, match="not a file of predictions"):
        load_predictions(tmp_path / "p.npz")


def test_labels_are_predicted_from_the_chosen_threshold_on(tmp_path: Path) -> None:
    target, score = np.array([[1, 0], [0, 1], [0, 0]]), np.array([[0.3, 0.2], [0.1, 0.25], [0.0, 0.2]], np.float32)
    found = stored(predictions(score, target))
    assert found.value_if_defined("micro_f1") == 0.0  # nothing reaches one half
    assert found.best_cut() == pytest.approx(0.25)
    cut = round_trip(replace(found, cut=found.best_cut()), tmp_path)
    assert cut.cut == found.best_cut()
    assert cut.value("micro_f1") == 1.0
    assert cut.value("auprc") == found.value("auprc")
    assert round_trip(found, tmp_path).cut is None


def test_a_part_without_a_label_has_no_value() -> None:
    found = stored(predictions(RNG.random(9), np.zeros(9), np.zeros(9, bool)))
    assert found.value_if_defined("auroc") is None
    with pytest.raises(InputError, match="no sample is counted"):
        found.value("auroc")
