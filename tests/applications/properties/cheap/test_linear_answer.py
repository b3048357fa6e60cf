"""A linear map as arrays: the same answers as what was fitted, plain columns or standardised, written and read back."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from protea.applications.properties.cheap.learners import fit_linear
from protea.applications.properties.cheap.linear_answer import LinearAnswer
from protea.applications.properties.labels.property import ValueKind

DRAW = np.random.default_rng(0)
COLUMNS = DRAW.normal(size=(40, 5))


def target(kind: ValueKind) -> np.ndarray:
    if kind == "value":
        return COLUMNS[:, 0] + 0.1 * DRAW.normal(size=40)
    if kind == "classes":
        return np.argmax(COLUMNS[:, :3], axis=1)
    labels = (COLUMNS[:, :3] > 0).astype(int)
    return labels[:, 0] if kind == "binary" else labels


@pytest.mark.parametrize("kind", ["value", "binary", "classes", "multilabel"])
def test_plain_columns_give_what_standardised_ones_do(kind: ValueKind) -> None:
    mean, spread = COLUMNS.mean(axis=0), COLUMNS.std(axis=0)
    own, labels = (COLUMNS - mean) / spread, target(kind)
    fitted = fit_linear(kind, own, labels, own, labels, 3)
    plain = fitted.before_standardising(mean, spread)
    np.testing.assert_allclose(plain(COLUMNS), fitted(own), rtol=1e-12, atol=1e-12)
    again = LinearAnswer.from_arrays("x", kind, plain.arrays("x"))
    np.testing.assert_array_equal(again(COLUMNS), plain(COLUMNS))
    if kind == "classes":
        np.testing.assert_allclose(plain(COLUMNS).sum(axis=1), 1.0)


def test_it_is_the_regression_that_was_fitted() -> None:
    labels = target("classes")
    fitted = fit_linear("classes", COLUMNS, labels, COLUMNS, labels, 3)
    models = [LogisticRegression(C=strength, max_iter=60, tol=1e-3).fit(COLUMNS, labels)
              for strength in (1e-4, 1e-3, 1e-2, 1.0)]  # fmt: skip
    assert any(np.allclose(fitted(COLUMNS), model.predict_proba(COLUMNS), atol=1e-9) for model in models)


def test_classes_that_training_never_shows_have_no_probability() -> None:
    labels = np.where(COLUMNS[:, 0] > 0, 1, 3)
    found = fit_linear("classes", COLUMNS, labels, COLUMNS, labels, 5)(COLUMNS)
    assert found.shape == (40, 5)
    assert not found[:, [0, 2, 4]].any()
    assert (found[:, [1, 3]].argmax(axis=1) * 2 + 1 == labels).mean() > 0.9
    alone = fit_linear("classes", COLUMNS, np.full(40, 2), COLUMNS, np.full(40, 2), 3)(COLUMNS)
    np.testing.assert_array_equal(alone, np.eye(3)[np.full(40, 2)])
    for only in (0, 1):
        labels = np.full(40, only)
        np.testing.assert_array_equal(fit_linear("binary", COLUMNS, labels, COLUMNS, labels, 2)(COLUMNS), only)
