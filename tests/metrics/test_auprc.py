import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from protea.errors import InputError
from protea.metrics.auprc import auprc, auprc_macro
from protea.metrics.undefined import UndefinedMetric


def test_hand_worked() -> None:
    # in order 1 0 1 0: precision 1 at recall 1/2, 2/3 at recall 1
    value = auprc(np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1]))
    assert value == pytest.approx((1 + 2 / 3) / 2, abs=1e-15)


def test_constant_score_gives_the_share_of_positives() -> None:
    assert auprc(np.array([1, 0, 0, 0, 1]), np.zeros(5)) == pytest.approx(0.4, abs=1e-15)


def test_ties_are_taken_together_whatever_the_order_of_the_input() -> None:
    # 1 1 | 0 1 tied: the group of 0.5 is passed at once: (1/3) * 0 ... precision 3/4 for its one positive
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [0, 3, 2, 1]):
        target, score = np.array([1, 1, 0, 1])[order], np.array([0.9, 0.8, 0.5, 0.5])[order]
        assert auprc(target, score) == pytest.approx((1 + 1 + 3 / 4) / 3, abs=1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(4))
def test_equals_scikit_learn_with_ties(seed: int, dtype: str) -> None:
    rng = np.random.default_rng(seed)
    target = (rng.random(200) < 0.2).astype(float)
    score = np.round(rng.normal(size=200) + target, 1).astype(dtype)
    assert auprc(target, score) == pytest.approx(reference.average_precision_score(target, score), abs=1e-12)


@given(seed=st.integers(0, 1000))
def test_monotone_transform_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target, score = rng.random(50) < 0.4, np.round(rng.normal(size=50), 1)
    target[0] = True
    assert auprc(target, np.exp(score)) == auprc(target, score)


def test_macro_is_the_mean_over_labels_with_a_positive() -> None:
    rng = np.random.default_rng(5)
    target, score = (rng.random((40, 4)) < 0.3).astype(int), rng.normal(size=(40, 4))
    target[:, 2] = 0
    expected = np.mean([reference.average_precision_score(target[:, i], score[:, i]) for i in (0, 1, 3)])
    assert auprc_macro(target, score) == pytest.approx(expected, abs=1e-12)


def test_macro_with_a_mask_of_single_entries() -> None:
    target = np.array([[1, 0], [0, 1], [1, 1]])
    score = np.array([[0.1, 0.2], [0.5, np.nan], [0.9, 0.3]])
    mask = np.array([[True, True], [True, False], [True, True]])
    # label 0: order 1 0 1: (1 + 2/3) / 2; label 1: positive above negative: 1
    assert auprc_macro(target, score, mask) == pytest.approx(((1 + 2 / 3) / 2 + 1) / 2, abs=1e-15)


def test_no_positive_is_undefined() -> None:
    with pytest.raises(UndefinedMetric, match="none of 3 samples is positive"):
        auprc(np.zeros(3), np.arange(3.0))
    with pytest.raises(UndefinedMetric, match="no label"):
        auprc_macro(np.zeros((3, 2)), np.zeros((3, 2)))


def test_target_that_is_no_label_is_refused() -> None:
    with pytest.raises(InputError, match="only 0 and 1"):
        auprc(np.array([1, -1]), np.arange(2.0))
    with pytest.raises(InputError, match="only 0 and 1"):
        auprc(np.array([1.0, np.nan]), np.arange(2.0))


def test_golden(shared_goldens) -> None:  # type: ignore[no-untyped-def]
    folder = shared_goldens / "metrics" / "classification"
    given_, expected = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    assert auprc(given_["labels"], given_["logits"]) == pytest.approx(float(expected["auprc_micro"]), abs=1e-12)
    tied = auprc(given_["labels"], given_["tied_scores"])
    assert tied == pytest.approx(float(expected["auprc_micro_tied_scores"]), abs=1e-12)
    of_reference = float(expected["auprc_micro_proteinworkshop"])  # equal, for without ties both are the same
    assert auprc(given_["labels"], given_["logits"]) == pytest.approx(of_reference, abs=1e-6)
