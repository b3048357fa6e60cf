"""Regressions fitted together equal those of scikit-learn fitted one by one; a class never seen stays rare."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from protea.applications.function.logistic import logistic_degrees


def test_equals_one_fit_per_class() -> None:
    rng = np.random.default_rng(0)
    column = rng.normal(size=(120, 3))
    label = (column @ rng.normal(size=(3, 2)) + 0.5 * rng.normal(size=(120, 2))) > 0.3
    asked = rng.normal(size=(10, 3))
    found = logistic_degrees((column, label), (column, label), asked, penalties=[0.05])
    for index in range(2):
        # scikit-learn sums the losses that we average, and weighs them by C instead of the penalty
        peer = LogisticRegression(C=1 / (0.05 * 120), tol=1e-8).fit(column, label[:, index])
        assert found[:, index] == pytest.approx(peer.predict_proba(asked)[:, 1], abs=2e-3)


def test_the_penalty_is_chosen_on_the_validation_part() -> None:
    rng = np.random.default_rng(1)
    column, label = rng.normal(size=(30, 20)), rng.random((30, 1)) < 0.5  # nothing to learn
    held = rng.normal(size=(200, 20)), rng.random((200, 1)) < 0.5
    found = logistic_degrees((column, label), held, held[0], penalties=[1e-4, 10.0])
    assert np.abs(found - label.mean()).max() < 0.1


def test_a_class_that_nobody_has_stays_rare() -> None:
    rng = np.random.default_rng(2)
    column, label = rng.normal(size=(50, 2)).astype(np.float32), np.zeros((50, 1), dtype=bool)
    found = logistic_degrees((column, label), (column, label), column)
    assert found.max() < 0.05
