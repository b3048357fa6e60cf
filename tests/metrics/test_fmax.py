import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from protea.errors import InputError
from protea.metrics.fmax import fmax, fmax_point, fmax_softmax
from protea.metrics.undefined import UndefinedMetric


def fmax_from_definition(target: np.ndarray, score: np.ndarray) -> float:
    """F-max by looping over thresholds and proteins, as the definition is read aloud."""
    best = 0.0
    for threshold in np.unique(score):
        precisions, recalls = [], []
        for labels, scores in zip(target, score, strict=True):
            predicted = scores >= threshold
            if predicted.any():
                precisions.append(labels[predicted].mean())
            if labels.any():
                recalls.append((labels & predicted).sum() / labels.sum())
        precision, recall = np.mean(precisions), np.mean(recalls)
        if precision + recall > 0:
            best = max(best, 2 * precision * recall / (precision + recall))
    return best


def test_hand_worked() -> None:
    # at 0.9: one protein predicts, precision 1, recall 1/2 x (1/2 + 0) = 1/4: F1 = 0.4
    # at 0.6: precisions 1, 1 (two proteins), recalls 1/2, 1: F1 = 2 x 1 x .75 / 1.75
    # at 0.3: the first adds a wrong one: precision (1/2 + 1) / 2, recall .75: F1 = .75
    target = np.array([[1, 0, 1], [0, 1, 0]])
    score = np.array([[0.9, 0.3, 0.1], [0.2, 0.6, 0.1]])
    point = fmax_point(target, score)
    assert point.fmax == pytest.approx(1.5 / 1.75, abs=1e-15)
    assert (point.threshold, point.precision, point.recall) == (0.6, 1.0, 0.75)


@given(seed=st.integers(0, 10_000), digits=st.integers(0, 3))
@settings(max_examples=40)
def test_equals_the_definition_with_ties_and_unlabelled_proteins(seed: int, digits: int) -> None:
    rng = np.random.default_rng(seed)
    target = rng.random((9, 5)) < 0.3
    target[0] = False
    target[1, 0] = True
    score = np.round(rng.normal(size=target.shape), digits)
    assert fmax(target, score) == pytest.approx(fmax_from_definition(target, score), abs=1e-12)


def test_monotone_transform_over_all_entries_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    target, score = rng.random((20, 6)) < 0.3, rng.normal(size=(20, 6))
    assert fmax(target, expit(score)) == fmax(target, score)


def test_softmax_variant_is_another_number_and_ignores_a_shift_per_protein() -> None:
    rng = np.random.default_rng(2)
    target, logits = rng.random((30, 6)) < 0.3, rng.normal(size=(30, 6))
    shifted = logits + 5 * rng.normal(size=(30, 1))
    assert fmax_softmax(target, shifted) == pytest.approx(fmax_softmax(target, logits), abs=1e-12)
    assert abs(fmax(target, shifted) - fmax(target, logits)) > 1e-3


def test_softmax_variant_divides_recall_by_all_proteins() -> None:
    # one label, so the softmax is 1 for all: precision 1/2; recall 1/2 over both proteins, 1 over the labelled
    target, logits = np.array([[1], [0]]), np.array([[0.0], [0.0]])
    assert fmax_softmax(target, logits) == pytest.approx(0.5, abs=1e-15)
    assert fmax(target, logits) == pytest.approx(2 / 3, abs=1e-15)


def test_masked_entries_are_neither_label_nor_prediction() -> None:
    target, score = np.array([[1, 1], [0, 1]]), np.array([[0.9, 0.1], [0.95, 0.9]])
    mask = np.array([[True, False], [False, True]])
    assert fmax(target, score, mask) == 1.0
    assert fmax(target, score) < 1.0


def test_no_label_is_undefined() -> None:
    with pytest.raises(UndefinedMetric, match="none of 3 proteins has a label"):
        fmax(np.zeros((3, 2)), np.zeros((3, 2)))


def test_flat_arrays_are_refused() -> None:
    with pytest.raises(InputError, match=r"\[protein, label\]"):
        fmax(np.array([0, 1]), np.array([0.0, 1.0]))


def test_golden(shared_goldens) -> None:  # type: ignore[no-untyped-def]
    folder = shared_goldens / "metrics" / "classification"
    inputs, expected = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    for labels, suffix in (("labels", ""), ("labels_with_unlabelled", "_with_unlabelled")):
        point = fmax_point(inputs[labels], inputs["logits"])
        assert point.fmax == pytest.approx(float(expected[f"fmax_protein_centric{suffix}"]), abs=1e-12)
        assert expit(point.threshold) == pytest.approx(float(expected[f"fmax_threshold{suffix}"]), abs=1e-12)
        of_reference = fmax_softmax(inputs[labels], inputs["logits"])
        assert of_reference == pytest.approx(float(expected[f"f1max_proteinworkshop{suffix}"]), abs=1e-6)
        assert abs(of_reference - point.fmax) > 1e-3


def test_no_prediction_at_all_is_zero() -> None:
    target, none = np.array([[1, 0], [0, 1]]), np.full((2, 2), -np.inf)
    assert fmax(target, none) == 0.0
    assert fmax(target, np.zeros((2, 2))) == pytest.approx(2 / 3, abs=1e-15)  # at 0 all labels are predicted
