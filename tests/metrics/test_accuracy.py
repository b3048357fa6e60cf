import numpy as np
import pytest
from sklearn import metrics as reference

from protea.errors import InputError
from protea.metrics.accuracy import accuracy


def test_hand_worked() -> None:
    assert accuracy(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2])) == 0.75


def test_data_set_value_is_not_the_mean_of_unequal_batches() -> None:
    target, prediction = np.array([1, 1, 1, 0]), np.array([1, 1, 1, 1])
    of_batches = np.mean([accuracy(target[:3], prediction[:3]), accuracy(target[3:], prediction[3:])])
    assert of_batches == 0.5
    assert accuracy(target, prediction) == 0.75


def test_equals_scikit_learn_on_any_shape() -> None:
    target, prediction = np.random.default_rng(0).integers(5, size=(2, 30, 4))
    assert accuracy(target, prediction) == reference.accuracy_score(target.ravel(), prediction.ravel())


@pytest.mark.parametrize("prediction", [np.array([0.0, 1.0]), np.array([0, -100])])
def test_scores_and_ignore_indices_are_not_classes(prediction: np.ndarray) -> None:
    with pytest.raises(InputError, match="class id"):
        accuracy(np.array([0, 1]), prediction)


def test_golden(shared_goldens) -> None:  # type: ignore[no-untyped-def]
    folder = shared_goldens / "metrics" / "classification"
    given, expected = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    value = accuracy(given["token_targets"], given["token_logits"].argmax(-1), given["token_mask"])
    assert value == pytest.approx(float(expected["accuracy"]), abs=1e-12)
