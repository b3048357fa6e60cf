import numpy as np
import pytest
from sklearn import metrics as reference

from protea.errors import InputError
from protea.metrics.micro_f1 import micro_f1, micro_f1_by_unit
from protea.metrics.undefined import UndefinedMetric


def test_hand_worked() -> None:
    # 2 right of 3 true and 4 predicted cells
    target, prediction = np.array([[1, 0, 1], [0, 1, 0]]), np.array([[1, 1, 0], [1, 1, 0]])
    assert micro_f1(target, prediction) == pytest.approx(4 / 7, abs=1e-15)


def test_cells_are_pooled_and_rows_are_not_averaged() -> None:
    target, prediction = np.array([[1, 1, 1], [1, 0, 0]]), np.array([[1, 1, 1], [0, 0, 0]])
    assert micro_f1(target, prediction) == pytest.approx(6 / 7, abs=1e-15)  # the mean over rows is 1/2


@pytest.mark.parametrize("seed", range(3))
def test_equals_scikit_learn(seed: int) -> None:
    target, prediction = np.random.default_rng(seed).random((2, 40, 7)) < 0.4
    assert micro_f1(target, prediction) == pytest.approx(reference.f1_score(target, prediction, average="micro"))


def test_a_unit_may_carry_no_weight() -> None:
    target, prediction = np.array([[1, 0], [1, 0]]), np.array([[1, 0], [0, 1]])
    statistic = micro_f1_by_unit(target, prediction, None, np.array([0, 1]))
    assert statistic(np.array([1, 0])) == 1.0
    assert statistic(np.array([0, 1])) == 0.0
    assert statistic(np.array([1, 1])) == pytest.approx(0.5)


def test_scores_and_classes_above_one_are_refused() -> None:
    with pytest.raises(InputError, match="class ids"):
        micro_f1(np.array([0, 1]), np.array([0.2, 0.7]))
    with pytest.raises(InputError, match="only 0 and 1"):
        micro_f1(np.array([0, 1]), np.array([0, 2]))


def test_nothing_true_and_nothing_predicted_has_no_value() -> None:
    with pytest.raises(UndefinedMetric, match="none of 4 cells"):
        micro_f1(np.zeros((2, 2), int), np.zeros((2, 2), int))


def test_golden(shared_goldens) -> None:  # type: ignore[no-untyped-def]
    folder = shared_goldens / "gnn_ppi" / "model_tiny"
    given, expected = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    value = micro_f1(given["valid_labels"], expected["pred_full_graph"].astype(np.int64))
    assert value == pytest.approx(float(expected["micro_acc_prec_rec_f1"][3]), abs=1e-6)
