"""Models find what is there, choose the penalty on what is held out, and the controls are what they say."""

import numpy as np
from scipy import sparse

from protea.applications.properties.cheap.learners import fit_linear, nearest_answers, trivial_answer


def data(seed: int = 0, number: int = 120, width: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(number, width))
    return x, 2 * x[:, 0] - x[:, 1] + 0.05 * rng.normal(size=number)


def test_numbers() -> None:
    x, y = data()
    predict = fit_linear("value", x[:80], y[:80], x[80:100], y[80:100], 0)
    assert np.abs(predict(x[100:]) - y[100:]).mean() < 0.1
    of_sparse = fit_linear("value", sparse.csr_array(x[:80]), y[:80], sparse.csr_array(x[80:100]), y[80:100], 0)
    np.testing.assert_allclose(of_sparse(sparse.csr_array(x[100:])), predict(x[100:]), atol=1e-4)


def test_noise_takes_the_largest_penalty() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 30)), rng.normal(size=40)
    predict = fit_linear("value", x[:30], y[:30], x[30:], y[30:], 0)
    assert np.ptp(predict(x)) < 0.1


def test_classes_labels_and_yes_or_no() -> None:
    x, y = data(1, 200)
    rows = slice(0, 120), slice(120, 160), slice(160, 200)
    classes = np.digitize(y, [-1.0, 1.0])
    found = fit_linear("classes", x[rows[0]], classes[rows[0]], x[rows[1]], classes[rows[1]], 4)(x[rows[2]])
    assert found.shape == (40, 4)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    # The fourth class is never shown, and never answered.
    assert (found[:, 3] == 0).all()
    assert (found.argmax(axis=1) == classes[rows[2]]).mean() > 0.8
    labels = np.stack([y > 0, x[:, 1] > 0], axis=1).astype(int)
    both = fit_linear("multilabel", x[rows[0]], labels[rows[0]], x[rows[1]], labels[rows[1]], 2)(x[rows[2]])
    assert ((both > 0.5) == labels[rows[2]]).mean() > 0.85
    one = fit_linear("binary", x[rows[0]], labels[rows[0], 0], x[rows[1]], labels[rows[1], 0], 2)(x[rows[2]])
    np.testing.assert_allclose(one, both[:, 0])


def test_the_trivial_answer_is_mean_or_shares() -> None:
    assert trivial_answer("value", np.array([1.0, 2.0, 6.0]), 0) == 3.0
    assert trivial_answer("binary", np.array([0, 1, 1, 1]), 0) == 0.75
    np.testing.assert_allclose(trivial_answer("classes", np.array([0, 0, 1, 2]), 3), [0.5, 0.25, 0.25])
    np.testing.assert_allclose(trivial_answer("multilabel", np.array([[1, 0], [1, 1]]), 2), [1.0, 0.5])


def test_the_nearest_shares_most_and_ties_are_averaged() -> None:
    train = sparse.csr_array(np.array([[1.0, 0, 0], [0, 1, 0], [0, 1, 0]]))
    asked = sparse.csr_array(np.array([[1.0, 0.5, 0], [0, 1, 0], [0, 0, 1]]))
    found = nearest_answers(train, np.array([1.0, 2.0, 4.0]), asked, np.array(9.0))
    np.testing.assert_allclose(found, [1.0, 3.0, 9.0])
    rows = nearest_answers(train, np.eye(3), asked, np.array([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(rows, [[1, 0, 0], [0, 0.5, 0.5], [0, 0, 1]])
