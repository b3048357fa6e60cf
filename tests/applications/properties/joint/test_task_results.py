"""Answers to a test are kept item by item, and told by the metrics of the property."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.joint.multi_task import fit_properties
from protea.applications.properties.joint.task_results import TaskAnswers
from protea.applications.properties.labels.catalogue import property_named
from protea.applications.properties.labels.judging import judged
from protea.errors import InputError
from tests.applications.properties.made_fit import made_config


def test_answers_are_kept_for_comparing_seeds(tmp_path: Path) -> None:
    results = fit_properties(made_config(tmp_path), tmp_path, tmp_path / "cache", tmp_path / "out")
    for result in results:
        item = property_named(str(tmp_path / f"{result.name}.yaml"))
        answers = TaskAnswers.load(tmp_path / "out", result.name, "test")
        assert judged(item, answers.target, answers.multi) == result.multi
        assert judged(item, answers.target, answers.single) == result.single
        assert judged(item, answers.target, answers.constant) == result.trivial
        assert (answers.heads, answers.answered) == (None, result.answered)
    with pytest.raises(InputError, match=r"states-other\.npz: answers of a fit are absent"):
        TaskAnswers.load(tmp_path / "out", "states", "other")


def test_answers_of_heads_come_back_where_there_are_some(tmp_path: Path) -> None:
    target, answer = np.arange(4), np.full((4, 2), 0.5)
    for heads in (None, 2 * answer):
        TaskAnswers(target, target, answer, answer, answer, heads, 0.75).save(tmp_path, "a", "t")
        found = TaskAnswers.load(tmp_path, "a", "t")
        assert found.answered == 0.75
        assert (found.heads is None) == (heads is None)
        assert heads is None or np.array_equal(found.heads, heads)  # type: ignore[arg-type]
