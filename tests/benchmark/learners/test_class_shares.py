"""Probabilities of classes: sums, classes without a label, and models that find what there is."""

import numpy as np
import pytest

from protea.benchmark.learners.class_shares import CLASS_LEARNERS, mean_log_loss


def made(number: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three classes along the first of eight columns, the third rare."""
    rng = np.random.default_rng(seed)
    label = rng.choice(3, size=number, p=[0.5, 0.4, 0.1])
    columns = rng.normal(size=(number, 8))
    columns[:, 0] += 2.5 * label
    return columns, label


@pytest.mark.parametrize("name", list(CLASS_LEARNERS))
def test_probabilities_sum_to_one_and_unseen_classes_stay_possible(name: str) -> None:
    columns, label = made(30)
    for chosen in (label < 2, label == 0):  # two classes seen, then one
        answer = CLASS_LEARNERS[name](columns[chosen], label[chosen], 4, columns, 0)
        np.testing.assert_allclose(answer.sum(axis=1), 1.0)
        least = 1.0 / (chosen.sum() + 4)
        np.testing.assert_allclose(answer[:, 3], least)
        assert (answer >= least - 1e-12).all()


def test_the_control_is_the_shares_with_one_of_each_added() -> None:
    answer = CLASS_LEARNERS["trivial"](np.zeros((4, 1)), np.array([0, 0, 0, 2]), 3, np.zeros((2, 1)), 0)
    np.testing.assert_allclose(answer, [[4 / 7, 1 / 7, 2 / 7]] * 2)
    assert mean_log_loss(np.array([0, 1]), answer) == pytest.approx(-np.log(4 / 49) / 2)


@pytest.mark.parametrize("name", ["logistic", "gaussian_process"])
def test_models_beat_the_control_where_columns_tell_the_class(name: str) -> None:
    (columns, label), (asked, truth) = made(60), made(400, 1)
    loss = {
        one: mean_log_loss(truth, CLASS_LEARNERS[one](columns, label, 3, asked, 0)) for one in ("trivial", name)
    }  # fmt: skip
    assert loss[name] < 0.8 * loss["trivial"]


def test_where_there_is_nothing_the_line_says_what_the_shares_say() -> None:
    columns, label = made(60)
    noise = np.random.default_rng(5).normal(size=columns.shape)
    asked = np.random.default_rng(6).normal(size=(50, columns.shape[1]))
    line, shares = (CLASS_LEARNERS[name](noise, label, 3, asked, 0) for name in ("logistic", "trivial"))
    assert np.abs(line - shares).max() < 0.1
