"""Few labels are of the training part alone, nested in size, and columns are those of each example."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.properties.few_labels.drawn_labels import (
    CurveRow,
    FewShotConfig,
    LabelPool,
    embedded_columns,
    label_pool,
    learning_curve,
)
from protea.errors import InputError
from tests.applications.properties.few_labels.made_parts import Stored, parted


def test_draws_are_orders_of_the_training_part(tmp_path: Path) -> None:
    item, examples, parts = parted(tmp_path)
    config = FewShotConfig(sizes=(10,), num_draws=3)
    pool = label_pool(item, examples, parts, config, None)
    draws = list(pool.draws(config))
    assert len(draws) == 3
    assert all(sorted(draw.tolist()) == list(range(60)) for draw in draws)
    assert len({tuple(draw.tolist()) for draw in draws}) == 3
    assert pool.asked().tolist() == list(range(70, 120))
    # Standardised over the training part.
    np.testing.assert_allclose(pool.columns[pool.train].mean(axis=0), 0.0, atol=1e-9)
    np.testing.assert_allclose(pool.label, [example.value.item() for example in examples.examples])


def test_embeddings_are_found_by_sequence(tmp_path: Path) -> None:
    _, examples, _ = parted(tmp_path)
    share = np.array([[example.value.item(), 1.0] for example in examples.examples[::-1]], dtype=np.float32)
    stored = Stored(tuple(example.sequence for example in examples.examples[::-1]), share)
    np.testing.assert_allclose(embedded_columns(examples.examples, stored), share[::-1])
    with pytest.raises(InputError, match="119 of 120 sequences have no embedding"):
        embedded_columns(examples.examples, Stored(stored.sequences[:1], share[:1]))
    with pytest.raises(InputError, match="--level protein"):
        embedded_columns(examples.examples, Stored(stored.sequences, None))


@pytest.mark.parametrize(("sizes", "words"), [((8, 20), "9 labels"), ((10, 61), "to 60")])
def test_sizes_that_cannot_be_are_refused(tmp_path: Path, sizes: tuple[int, ...], words: str) -> None:
    item, examples, parts = parted(tmp_path)
    with pytest.raises(InputError, match=words):
        label_pool(item, examples, parts, FewShotConfig(sizes=sizes), None)
    residues = item.model_copy(update={"level": "residue"})
    with pytest.raises(InputError, match="few labels of residues"):
        label_pool(residues, examples, parts, FewShotConfig(), None)


def test_models_are_those_of_the_kind(tmp_path: Path) -> None:
    asked: list[tuple[str, int, int]] = []

    def judge(pool: LabelPool, known: np.ndarray, model: str, draw: int) -> list[CurveRow]:
        assert set(known.tolist()) <= set(pool.train.tolist())
        asked.append((model, len(known), draw))
        return []

    heard: list[str] = []
    item, examples, parts = parted(tmp_path)
    there = {"trivial": 1, "ridge": 2}
    config = FewShotConfig(sizes=(10, 20), num_draws=2)
    learning_curve(item, examples, parts, config, None, there, judge, heard.append)
    assert asked == [(model, size, draw) for draw in range(2) for size in (10, 20) for model in there]
    assert heard == ["lysines: draw 1 of 2", "lysines: draw 2 of 2"]
    with pytest.raises(InputError, match=r"which is value: no such models: \['forest'\]"):
        learning_curve(
            item, examples, parts, FewShotConfig(models=("ridge", "forest")), None, there, judge, heard.append
        )
