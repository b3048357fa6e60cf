import math

import numpy as np
import pytest

from protea.benchmark.controls.answers import (
    answer_kind,
    constant_answer,
    level_of,
    loss,
    num_classes,
    total_loss,
)
from protea.benchmark.suites.interface import Task
from protea.errors import ConfigError
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.objectives.multilabel import MultiLabelConfig
from protea.objectives.structure_denoising import StructureDenoisingConfig
from tests.benchmark.controls.suites import BINARY, CLASSES, PROTEIN_CLASS, VALUE

INVERSE_FOLDING = Task(InverseFoldingConfig(), "perplexity")
LABELS = Task(MultiLabelConfig(label="y", level="protein", num_labels=2), "fmax")


def test_kinds_and_levels() -> None:
    tasks = (BINARY, CLASSES, VALUE, INVERSE_FOLDING, LABELS, PROTEIN_CLASS)
    assert [answer_kind(task) for task in tasks] == ["binary", "classes", "value", "classes", "labels", "classes"]
    assert [level_of(task) for task in tasks] == [*["residue"] * 4, *["protein"] * 2]
    assert [num_classes(CLASSES), num_classes(INVERSE_FOLDING)] == [3, 20]


def test_a_denoising_task_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"no control answers this objective.*structure_denoising"):
        answer_kind(Task(StructureDenoisingConfig(), "rmse"))


def test_constant_answers() -> None:
    assert constant_answer(BINARY, np.array([0, 0, 1, 0])) == 0.25
    assert constant_answer(VALUE, np.array([1.0, 2.0, 6.0])) == 3.0
    np.testing.assert_allclose(constant_answer(LABELS, np.array([[0, 1], [1, 1]])), [0.5, 1.0])
    np.testing.assert_allclose(np.exp(constant_answer(CLASSES, np.array([0, 0, 1, 2]))), [0.5, 0.25, 0.25])


def test_a_class_never_seen_counts_as_seen_once() -> None:
    np.testing.assert_allclose(np.exp(constant_answer(CLASSES, np.array([0, 0, 1]))), [0.5, 0.25, 0.25])


def test_losses_by_hand() -> None:
    assert loss(BINARY, np.array([0.25, 0.25]), np.array([0, 1])) == pytest.approx(-math.log(0.75 * 0.25) / 2)
    scores = np.log([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    assert loss(CLASSES, scores, np.array([1, 2])) == pytest.approx(-math.log(0.3 * 0.8) / 2)
    # (3 - 1)^2 and (0 - 4)^2 in units of the scale 2: 1 and 4.
    assert loss(VALUE, np.array([3.0, 0.0]), np.array([1.0, 4.0])) == pytest.approx(2.5)


def test_a_certain_and_right_answer_costs_nothing() -> None:
    assert loss(BINARY, np.array([0.0, 1.0]), np.array([0, 1])) == 0
    assert math.isfinite(loss(BINARY, np.array([0.0]), np.array([1])))


def test_total_loss_weighs_tasks() -> None:
    tasks = {"a": BINARY, "b": Task(CLASSES.objective, "accuracy", weight=0.5)}
    assert total_loss(tasks, {"a": 1.0, "b": 4.0}) == 3.0
