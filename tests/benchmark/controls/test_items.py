import numpy as np
import pytest
import torch

from protea.benchmark.controls.items import ControlData, FeatureSet
from protea.benchmark.suites.interface import Task
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.protein.batch import ProteinBatch
from protea.protein.record import protein_from_sequence
from tests.benchmark.controls.pairs import pair_control_data, pair_suite_data
from tests.benchmark.controls.suites import (
    BINARY,
    PROTEIN_CLASS,
    control_data,
    labelled,
    protein_labelled,
    suite_data,
)

LENGTHS = (3, 5, 2, 4)
NAMES = ("a", "b", "c", "d")


def proteins() -> list:
    return [
        labelled(
            protein_from_sequence(name, "ACDEFGH"[:length]),
            np.arange(length) % 2,
            np.arange(length) != 1,
        )
        for name, length in zip(NAMES, LENGTHS, strict=True)
    ]


def _place(batch: ProteinBatch) -> torch.Tensor:
    return batch.index_in_protein()[:, None].float()


def _length(batch: ProteinBatch) -> torch.Tensor:
    return batch.lengths()[:, None].float()


def test_items_follow_the_ids_asked_for() -> None:
    items = control_data(suite_data(proteins(), 2, 1), BINARY).items("y", ("d", "a"))
    assert items.ids == ("d", "a")
    assert items.item_ptr.tolist() == [0, 4, 7]
    assert items.target.tolist() == [0, 1, 0, 1, 0, 1, 0]
    assert items.is_supervised.tolist() == [True, False, True, True, True, False, True]


def test_features_align_with_items() -> None:
    data = control_data(suite_data(proteins(), 2, 1), BINARY)
    found = data.features(FeatureSet("residue", _place), ("d", "a"))
    assert found[:, 0].tolist() == [0, 1, 2, 3, 0, 1, 2]


def test_features_of_proteins_have_one_row_each() -> None:
    named = [protein_labelled(protein, 1) for protein in proteins()]
    data = control_data(suite_data(named, 2, 1), PROTEIN_CLASS)
    assert data.features(FeatureSet("protein", _length), ("c", "b"))[:, 0].tolist() == [2, 5]
    assert data.items("y", ("c", "b")).item_ptr.tolist() == [0, 1, 2]


def test_a_feature_set_is_computed_once() -> None:
    calls = []

    def count(batch: ProteinBatch) -> torch.Tensor:
        calls.append(len(batch))
        return _place(batch)

    data, features = control_data(suite_data(proteins(), 2, 1), BINARY), FeatureSet("residue", count)
    data.features(features, ("a",))
    data.features(features, ("b", "d"))
    assert sum(calls) == len(NAMES)


@pytest.mark.parametrize("held", [("a", "d"), ("d", "b")])
def test_a_variant_that_lacks_proteins_leaves_them_out(held: tuple[str, ...]) -> None:
    every = proteins()
    other = [protein for name in held for protein in every if protein.id == name]
    data = control_data(suite_data(every, 2, 1, {"other": other}), BINARY)
    assert data.variants == ("main", "other")
    items = data.items("y", NAMES, "other")
    assert items.ids == tuple(name for name in NAMES if name in held)
    lengths = [LENGTHS[NAMES.index(name)] for name in items.ids]
    assert np.diff(items.item_ptr).tolist() == lengths
    found = data.features(FeatureSet("residue", _place), NAMES, "other")
    assert found[:, 0].tolist() == [place for length in lengths for place in range(length)]


def test_predictions_hold_targets_and_scores_as_a_trained_cell_does() -> None:
    items = control_data(suite_data(proteins(), 2, 1), BINARY).items("y", ("a", "c"))
    found = items.predictions(np.linspace(0, 1, 5))
    assert found.ids.tolist() == ["a", "c"]
    assert found.score.dtype == np.float32
    np.testing.assert_array_equal(found.target, items.target)
    assert found.predicted_class is None


def test_a_protein_longer_than_a_usual_batch_is_read() -> None:
    long = labelled(protein_from_sequence("long", "A" * 4100), np.zeros(4100, int))
    data = ControlData(suite_data([*proteins(), long], 2, 1), {"y": BINARY})
    assert len(data.items("y", ("long",)).target) == 4100


def test_items_of_pairs_have_one_row_each() -> None:
    task = Task(PairInteractionConfig(label="y"), "auprc")
    data = pair_control_data(pair_suite_data(np.array([[0, 1], [2, 1], [0, 2]]), np.array([1, 0, 1]), 1, 1), task)
    items = data.items("y", ("p0\tp2", "p2\tp1"))
    assert items.target.tolist() == [1, 0]
    assert items.item_ptr.tolist() == [0, 1, 2]
