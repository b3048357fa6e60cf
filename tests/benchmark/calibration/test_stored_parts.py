from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.calibration.stored_parts import held_of, parts_of_run
from protea.benchmark.predictions import StoredPredictions, save_predictions
from protea.errors import InputError


def predictions(target: np.ndarray, score: np.ndarray, columns: tuple[str, ...] = ()) -> StoredPredictions:
    """Two proteins; the first item is unknown."""
    known = np.ones(len(target), bool)
    known[0] = False
    ptr = np.array([0, len(target) // 2, len(target)])
    return StoredPredictions(np.array(["a", "b"]), ptr, target, known, score.astype(np.float32), None, None, columns)


TARGET = np.array([0.0, 1.0, 2.0, 3.0])


def test_sigma_and_quantiles_are_read_by_their_names() -> None:
    part = held_of(predictions(TARGET, np.stack([TARGET, TARGET + 1], 1), ("value", "sigma")), "x")
    assert part.kind == "value"
    assert part.value is not None
    assert part.sigma is not None
    np.testing.assert_array_equal(part.value, [1, 2, 3])
    np.testing.assert_array_equal(part.sigma, [2, 3, 4])
    np.testing.assert_array_equal(part.unit, [0, 1, 1])
    names = ("quantile_0.1", "quantile_0.5", "quantile_0.9")
    part = held_of(predictions(TARGET, np.stack([TARGET - 1, TARGET, TARGET + 2], 1), names), "x")
    assert part.sigma is None
    assert part.low is not None
    assert part.high is not None
    np.testing.assert_array_equal(part.high - part.low, [3, 3, 3])


def test_kinds_are_told_apart() -> None:
    binary = np.array([0, 1, 0, 1], np.uint8)
    assert held_of(predictions(binary, np.full(4, 0.5)), "x").kind == "yes_no"
    assert held_of(predictions(TARGET, np.full(4, 0.5)), "x").kind == "value"
    assert held_of(predictions(np.array([0, 3, 0, 1]), np.full(4, 0.5)), "x").kind == "value"
    logits = np.log(np.full((4, 3), 1 / 3))
    whole = StoredPredictions(
        np.array(["a"]), np.array([0, 4]), np.array([0, 1, 2, 0]), np.ones(4, bool), logits[:, 0],
        np.zeros(4, np.uint16), logits,
    )  # fmt: skip
    assert held_of(whole, "x").kind == "classes"
    bare = StoredPredictions(whole.ids, whole.item_ptr, whole.target, whole.is_supervised, whole.score, np.zeros(4))
    with pytest.raises(InputError, match="x: the scores of all classes were not kept"):
        held_of(bare, "x")
    with pytest.raises(InputError, match="one label per item"):
        held_of(predictions(np.zeros((4, 2)), np.zeros((4, 2))), "x")


def test_parts_of_a_folder(tmp_path: Path) -> None:
    for part in ("validation", "test"):
        shift = 10.0 if part == "test" else 0.0
        save_predictions(predictions(TARGET + shift, TARGET), tmp_path / f"predictions-tm-{part}.npz")
    known, judged, name = parts_of_run(tmp_path)
    assert name == "tm, test"
    assert known.target.tolist() == [1, 2, 3]
    assert judged.target.tolist() == [11, 12, 13]


def test_wrong_or_missing_names_list_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="older runs kept no validation predictions"):
        parts_of_run(tmp_path)
    for name in ("a-validation", "a-bound", "a-unbound", "b-validation"):
        save_predictions(predictions(TARGET, TARGET), tmp_path / f"predictions-{name}.npz")
    with pytest.raises(InputError, match=r"which task\?.*one of a, b"):
        parts_of_run(tmp_path)
    with pytest.raises(InputError, match=r"which variant\?.*bound, unbound"):
        parts_of_run(tmp_path, "a")
    assert parts_of_run(tmp_path, "a", "bound")[2] == "a, bound"
