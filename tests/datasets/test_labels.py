"""Label tables: joined by id, unknown where not listed, saved without pickles."""

from pathlib import Path

import numpy as np
import pytest

from protea.datasets.labels import LabelTable, packed_label
from protea.errors import ContractError, FileFormatError, InputError
from protea.protein.record import Label, protein_from_sequence


def residue_table() -> LabelTable:
    return LabelTable(
        "site",
        "residue",
        {
            "a": Label("residue", np.array([1, 0, 1], np.int8), np.array([True, True, False])),
            "b": Label("residue", np.array([0], np.int8), np.array([True])),
        },
    )


def protein_table() -> LabelTable:
    one = Label("protein", np.array([1.5, 2.5], np.float32), np.array([True, False]))
    return LabelTable("heat", "protein", {"a": one})


def test_join_sets_the_label() -> None:
    protein = residue_table().join(protein_from_sequence("a", "MKV"))
    assert protein.labels["site"].value.tolist() == [1, 0, 1]


def test_what_is_not_listed_is_unknown_and_of_the_same_type() -> None:
    label = residue_table().label("z", 5)
    assert label.value.dtype == np.int8
    assert label.value.tolist() == [0] * 5
    assert not label.is_known.any()
    vector = protein_table().label("z", 5)
    assert vector.value.tolist() == [0.0, 0.0]
    assert vector.is_known.tolist() == [False, False]


def test_packed_is_end_to_end() -> None:
    extra = residue_table().packed(["b", "z", "a"], np.array([1, 2, 3]))
    assert extra["site"].value.tolist() == [0, 0, 0, 1, 0, 1]
    assert extra["site.is_known"].value.tolist() == [True, False, False, True, True, False]
    assert extra["site"].axis == "residue"
    assert protein_table().packed(["a", "z"], np.array([3, 3]))["heat"].value.shape == (2, 2)
    assert packed_label("x", "protein", [])["x"].value.shape == (0,)


def test_another_length_is_refused() -> None:
    with pytest.raises(ContractError, match="a: label 'site' has another length; expected 4; found 3"):
        residue_table().label("a", 4)


def test_entries_of_several_kinds_are_refused() -> None:
    mixed = {**residue_table().of, "c": Label("residue", np.zeros(2), np.ones(2, bool))}
    with pytest.raises(ContractError, match="entries of label 'site' differ"):
        LabelTable("site", "residue", mixed)
    with pytest.raises(ContractError, match="entries of label 'site' differ"):
        LabelTable("site", "protein", residue_table().of)
    with pytest.raises(ContractError, match="without entries"):
        LabelTable("site", "protein", {}).label("a", 3)


SINGLE = LabelTable("class", "protein", {"p": Label("protein", np.array(7), np.array(True))})


@pytest.mark.parametrize("table", [residue_table(), protein_table(), SINGLE, LabelTable("none", "residue", {})])
def test_save_and_load(tmp_path: Path, table: LabelTable) -> None:
    table.save(tmp_path / "t.npz")
    again = LabelTable.load(tmp_path / "t.npz")
    assert (again.name, again.level, list(again.of)) == (table.name, table.level, list(table.of))
    for id, label in table.of.items():
        assert np.array_equal(again.of[id].value, label.value)
        assert again.of[id].value.dtype == label.value.dtype
        assert np.array_equal(again.of[id].is_known, label.is_known)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ends in \.npz"):
        residue_table().save(tmp_path / "t.pkl")
    (tmp_path / "t.npz").write_bytes(b"not a table")
    with pytest.raises(FileFormatError, match="not a label table"):
        LabelTable.load(tmp_path / "t.npz")
    np.savez(tmp_path / "o.npz", head=np.array([{"a": 1}], dtype=object))
    with pytest.raises(FileFormatError, match="not a label table"):  # a pickle inside is never opened
        LabelTable.load(tmp_path / "o.npz")
