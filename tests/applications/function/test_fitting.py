"""Fits repeat themselves, learn what can be learned, keep the best, and refuse labels of other classes."""

import numpy as np
import pytest

from protea.applications.function.fitting import FitConfig, LabelledColumns, degrees, fit_models
from protea.datasets.ontology.normal_forms import normal_forms
from protea.errors import InputError

FORMS = normal_forms(["B SubClassOf A", "C SubClassOf A", "Z SubClassOf B"], ["A", "B", "C"])
CONFIG = FitConfig(dim=8, num_models=3, num_kept=2, epochs=8, batch_size=8, learning_rate=0.02, milestones=(6,))


def proteins(seed: int, num: int = 48) -> LabelledColumns:
    """A is the sign of the first column; B and C are told apart by the second one."""
    column = np.random.default_rng(seed).normal(size=(num, 3)).astype(np.float32)
    is_a = column[:, 0] > 0
    return LabelledColumns(column, np.stack([is_a, is_a & (column[:, 1] > 0), is_a & (column[:, 1] <= 0)], axis=1))


def test_fits_repeat_learn_and_are_sorted() -> None:
    lines: list[str] = []
    found = fit_models(CONFIG, FORMS, proteins(0), proteins(1), lines.append)
    again = fit_models(CONFIG, FORMS, proteins(0), proteins(1))
    assert [one.seed for one in found] == [one.seed for one in again]
    assert len(found) == 2
    assert len(lines) == 3
    assert found[0].validation_loss <= found[1].validation_loss
    asked = proteins(2)
    degree = degrees(found, asked.column)
    assert np.array_equal(degree, degrees(again, asked.column))
    assert degree.shape == (2, 48, 3)
    assert ((degree.mean(0) > 0.5) == asked.label).mean() > 0.85
    assert degrees(found, asked.column, with_unlabelled=True).shape == (2, 48, 4)


def test_axioms_move_the_fit() -> None:
    with_axioms, without = (
        fit_models(CONFIG.model_copy(update={"axiom_weight": weight}), FORMS, proteins(0), proteins(1))[0]
        for weight in (1.0, 0.0)
    )
    lost = [float(one.model.train().ontology_loss().detach()) for one in (with_axioms, without)]
    assert lost[0] < 0.5 * lost[1]


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(InputError, match="labels of other classes"):
        fit_models(CONFIG, normal_forms([], ["A"]), proteins(0), proteins(1))
    with pytest.raises(InputError, match="more models kept"):
        fit_models(CONFIG.model_copy(update={"num_kept": 9}), FORMS, proteins(0), proteins(1))
