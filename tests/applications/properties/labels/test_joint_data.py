"""Labels meet on the sequence, what is unknown is never supervised, and no task trains on another's test."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from protea.applications.properties.labels.examples import Example
from protea.applications.properties.labels.joint_data import joint_data, transformed_label
from protea.applications.properties.labels.property import Property
from protea.applications.properties.labels.transforms import Reference, ZScore, fit_transform
from protea.errors import InputError
from tests.applications.properties.made_properties import (
    lysine_share,
    made_property,
    made_sequences,
    residue_block,
    value_block,
    write_table,
)


def both(folder: Path, shared: int = 40) -> list[Property]:
    """A property of 80 proteins, and one of the residues of some of them and of others."""
    first = made_property(folder, 80)
    sequences = [*made_sequences(80)[:shared], *made_sequences(40, seed=5)]
    states = ["".join("C" if letter in "DEKR" else "O" for letter in one) for one in sequences]
    write_table(
        folder / "residues.parquet", id=[f"r{i}" for i in range(len(sequences))], sequence=sequences, state=states
    )
    return [first, Property.model_validate(residue_block())]


def test_labels_meet_and_the_rest_is_unknown(tmp_path: Path) -> None:
    data = joint_data(both(tmp_path), tmp_path, tmp_path / "cache", 0, longest=1000)
    assert len(data.proteins) == 120
    batch = data.rows(np.arange(120), ("lysines", "states")).load(list(range(120)))
    known = batch.extra["lysines.is_known"].value
    # Training proteins with a relative that the other task tests are in no part.
    dropped = data.num_left_out["lysines"]["a relative is tested by another task"]
    assert int(known.sum()) == 80 - dropped
    assert not batch.extra["lysines"].value[~known].any()
    assert np.isfinite(batch.extra["lysines"].value.numpy()).all()
    assert int(batch.extra["states.is_known"].value.sum()) == sum(
        len(p) for p in data.proteins if p.id in data.tables["states"].of
    )
    # The labels are the standardised shares, fitted to the training part alone.
    train = data.train["lysines"]
    value = batch.extra["lysines"].value[train]
    assert float(value.mean()) == pytest.approx(0.0, abs=1e-5)
    assert float(value.std(correction=0)) == pytest.approx(1.0, abs=1e-5)
    share = [10 * lysine_share(data.proteins[row].sequence) for row in train.tolist()]
    np.testing.assert_allclose(data.transforms["lysines"].invert(value.double().numpy()), share, atol=1e-5)


def test_no_task_trains_on_what_another_tests(tmp_path: Path) -> None:
    data = joint_data(both(tmp_path), tmp_path, tmp_path / "cache", 0, longest=1000)
    for one, other in (("lysines", "states"), ("states", "lysines")):
        held = {*data.validation[other].tolist(), *data.tests[other]["test"].tolist()}
        assert not held & set(data.train[one].tolist())
        assert data.num_left_out[one]["a relative is tested by another task"] > 0


def test_a_part_has_the_labels_of_that_part_alone(tmp_path: Path) -> None:
    # A protein that validates the states is tested by the lysines: that label must not decide where training stops.
    data = joint_data(both(tmp_path), tmp_path, tmp_path / "cache", 0, longest=1000)
    assert set(data.validation["states"].tolist()) & set(data.tests["lysines"]["test"].tolist())
    for part in (data.train, data.validation):
        rows = data.labelled_rows(part, ("lysines", "states"))
        assert rows.rows.tolist() == data.rows_of(part, ("lysines", "states")).tolist()
        batch = rows.load(rows.rows.tolist())
        known = batch.extra["lysines.is_known"].value.numpy()
        assert rows.rows[known].tolist() == sorted(part["lysines"].tolist())
        known = batch.extra["states.is_known"].value.numpy()
        assert known.sum() == sum(len(data.proteins[row]) for row in part["states"].tolist())


def test_long_proteins_and_draws_are_counted(tmp_path: Path) -> None:
    data = joint_data(both(tmp_path, 0), tmp_path, tmp_path / "cache", 0, longest=50, most_train=10, most_test=5)
    assert max(len(one) for one in data.proteins) <= 50
    assert len(data.train["lysines"]) <= 10
    assert len(data.tests["states"]["test"]) == 5
    assert data.num_left_out["lysines"]["longer than is trained on"] > 0
    assert data.num_left_out["lysines"]["not drawn"] > 0


def test_shifts_are_of_known_residues_alone() -> None:
    block = residue_block() | {"kind": "value", "classes": [], "unit": "pH", "metric": "mae"}
    item = Property.model_validate(block | {"tables": value_block()["tables"]})
    fitted = fit_transform((Reference(of={"D": 4.0}), ZScore()), np.array([3.0, 6.0]), "DD")
    label = transformed_label(
        item, Example("a", "MDK", np.array([0.0, 6.0, 0.0]), np.array([False, True, False])), fitted
    )
    np.testing.assert_allclose(label.value, [0.0, 1.0, 0.0])


def test_variants_are_refused(tmp_path: Path) -> None:
    item = made_property(tmp_path, 20, level="variant")
    with pytest.raises(InputError, match="expected protein or residue; found variant"):
        joint_data([item], tmp_path, tmp_path, 0, longest=100)


def test_other_labels_or_sequences_are_other_data(tmp_path: Path) -> None:
    def fingerprint(name: str, change: bool = False) -> str:
        folder = tmp_path / name
        folder.mkdir()
        properties = both(folder)
        if change:
            table = pq.read_table(folder / "residues.parquet").to_pydict()
            table["state"][0] = table["state"][0].translate(str.maketrans("CO", "OC"))
            write_table(folder / "residues.parquet", **table)
        return joint_data(properties, folder, tmp_path / "cache", 0, longest=1000).fingerprint

    first = fingerprint("a")
    assert fingerprint("b") == first
    assert fingerprint("c", change=True) != first
