from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.few_labels.drawn_labels import CONTROL, FewShotConfig
from protea.applications.properties.few_labels.few_shot import run_few_shot
from protea.errors import InputError
from tests.applications.properties.few_labels.made_parts import Stored, parted

SMALL = FewShotConfig(sizes=(10, 40), num_draws=2, models=("trivial", "ridge", "bayesian_ridge"))


def test_more_labels_help_and_the_mean_does_not_gain(tmp_path: Path) -> None:
    rows = run_few_shot(*parted(tmp_path), SMALL)
    assert len(rows) == 2 * 2 * 3

    def error(model: str, size: int) -> float:
        return float(np.mean([row.rmse for row in rows if (row.model, row.num_labels) == (model, size)]))

    assert error("ridge", 40) < error(CONTROL, 40)
    assert error("ridge", 40) < error("ridge", 10)
    assert {row.way for row in rows if row.model == "ridge"} == {"CV+"}
    assert {row.way for row in rows if row.model == "bayesian_ridge"} == {"own"}
    assert all(row.metrics["spearman"] is None for row in rows if row.model == CONTROL)
    covered = [row.coverage for row in rows if row.model == CONTROL and row.num_labels == 40]
    assert 0.6 < np.mean(covered) <= 1.0  # labels of the made test spread wider than those of the pool
    assert all(row.mean_width > 0 and np.isfinite(row.mean_width) for row in rows)


def test_labels_of_the_test_and_of_what_was_not_drawn_change_no_prediction(tmp_path: Path) -> None:
    item, examples, parts = parted(tmp_path)
    config = FewShotConfig(sizes=(10,), num_draws=2, models=("ridge",))
    before = run_few_shot(item, examples, parts, config)
    pool = np.array([examples.ids.index(id) for id in parts.split.train])
    drawn = {int(row) for draw in range(2) for row in np.random.default_rng([0, draw]).permutation(pool)[:10]}
    for place, example in enumerate(examples.examples):
        if place not in drawn:
            example.value[...] += 1.0
    after = run_few_shot(item, examples, parts, config)
    assert [row.mean_width for row in before] == pytest.approx([row.mean_width for row in after])
    assert [row.rmse for row in before] != [row.rmse for row in after]


def test_embeddings_tell_all_where_they_hold_the_label(tmp_path: Path) -> None:
    item, examples, parts = parted(tmp_path)
    share = np.array([[example.value.item(), 1.0] for example in examples.examples[::-1]], dtype=np.float32)
    stored = Stored(tuple(example.sequence for example in examples.examples[::-1]), share)
    rows = run_few_shot(item, examples, parts, FewShotConfig(sizes=(20,), num_draws=2, models=("ridge",)), stored)
    assert all((row.metrics["spearman"] or 0) > 0.99 for row in rows)


def test_a_class_is_no_number(tmp_path: Path) -> None:
    item, examples, parts = parted(tmp_path)
    with pytest.raises(InputError, match="lysines: not a number but binary"):
        run_few_shot(item.model_copy(update={"kind": "binary"}), examples, parts, SMALL)
