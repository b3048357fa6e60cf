"""Reaction classes: 384 of them, judged by accuracy over the published test."""

import math
from pathlib import Path

import pytest

from protea.benchmark.suites.enzyme_reaction import NUM_REACTIONS
from tests.benchmark.suites.published_files import labels_of, uninformed_losses
from tests.benchmark.suites.test_published import suite_in


def test_the_task_has_a_class_per_reaction(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    data = suite.prepare(tmp_path / "cache")
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric, task.also) == ("reaction", "accuracy", ("macro_f1",))
    assert task.objective.num_classes == NUM_REACTIONS == 384  # type: ignore[union-attr]
    assert uninformed_losses(suite, data) == pytest.approx({"reaction": math.log(384)})
    assert max(int(value) for value in labels_of(data, name).values()) == NUM_REACTIONS - 1
    assert suite.higher_is_better(data)
