import numpy as np
import pytest
from sklearn import metrics as reference

from protea.metrics.auroc import auroc, auroc_macro
from protea.metrics.undefined import UndefinedMetric


def test_hand_worked_with_a_tie() -> None:
    # pairs: 0.9 > 0.5, 0.9 > 0.1, 0.5 = 0.5 (half), 0.5 > 0.1
    assert auroc(np.array([1, 1, 0, 0]), np.array([0.9, 0.5, 0.5, 0.1])) == 3.5 / 4


def test_constant_score_is_exactly_one_half() -> None:
    assert auroc(np.array([1, 0, 0]), np.full(3, 0.3)) == 0.5


def test_reversed_score_gives_the_complement() -> None:
    rng = np.random.default_rng(0)
    target, score = rng.random(40) < 0.4, np.round(rng.normal(size=40), 1)
    assert auroc(target, -score) == pytest.approx(1 - auroc(target, score), abs=1e-15)


@pytest.mark.parametrize("seed", range(4))
def test_equals_scikit_learn_with_ties(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target = (rng.random(200) < 0.2).astype(int)
    score = np.round(rng.normal(size=200) + target, 1)
    assert auroc(target, score) == pytest.approx(reference.roc_auc_score(target, score), abs=1e-12)
    assert auroc(target, np.exp(score)) == auroc(target, score)


def test_macro_is_the_mean_over_labels_with_both_classes() -> None:
    rng = np.random.default_rng(5)
    target, score = (rng.random((40, 4)) < 0.3).astype(int), rng.normal(size=(40, 4))
    target[:, 1], target[:, 2] = 0, 1
    expected = np.mean([reference.roc_auc_score(target[:, i], score[:, i]) for i in (0, 3)])
    assert auroc_macro(target, score) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("only", [0, 1])
def test_one_class_is_undefined(only: int) -> None:
    with pytest.raises(UndefinedMetric, match="expected at least one of each"):
        auroc(np.full(3, only), np.arange(3.0))
    with pytest.raises(UndefinedMetric, match="no label has both"):
        auroc_macro(np.full((3, 2), only), np.zeros((3, 2)))
