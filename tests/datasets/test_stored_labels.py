"""Labels beside the structures: each name keeps its level, type and shape."""

from pathlib import Path

import numpy as np
import pytest

from protea.datasets.columns import ColumnReader, ColumnWriter
from protea.datasets.stored_labels import LabelReader, LabelWriter
from protea.errors import ContractError
from protea.protein.record import Label, Protein, protein_from_sequence


class _NoDigest:
    def update(self, data: bytes, /) -> None:
        assert isinstance(data, bytes)


def labelled(name: str, label: Label, length: int = 3) -> Protein:
    return protein_from_sequence("p", "M" * length).replace(labels={name: label})


def stored(path: Path, rows: dict[int, Label]) -> LabelReader:
    with ColumnWriter(path, {}) as columns:
        writer = LabelWriter([], columns)
        for row, label in rows.items():
            protein = labelled("x", label, len(label.value) if label.level == "residue" else 1)
            writer.check(protein)
            writer.append(row, protein, _NoDigest())
        columns.commit({})
        (item,) = writer.specifications()
        return LabelReader(item, ColumnReader(path, columns.num_bytes))


def test_rows_without_the_label_are_empty(tmp_path: Path) -> None:
    one = Label("residue", np.array([1, 2, 3]), np.array([True, False, True]))
    two = Label("residue", np.array([4]), np.array([True]))
    reader = stored(tmp_path, {2: one, 7: two})
    assert [row for row in range(9) if reader.label(row) is not None] == [2, 7]
    found = reader.label(7)
    assert found is not None
    assert found.value.tolist() == [4]
    assert reader.require(2, "p").is_known.tolist() == [True, False, True]
    with pytest.raises(ContractError, match="q: no label 'x'"):
        reader.require(3, "q")


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64, np.bool_])
def test_types_and_trailing_axes_are_kept(tmp_path: Path, dtype: type) -> None:
    value = np.array([[1, 0, 1], [0, 0, 1]]).astype(dtype)
    found = stored(tmp_path, {0: Label("residue", value, np.ones((2, 3), bool))}).require(0, "p")
    assert found.value.dtype == dtype
    assert np.array_equal(found.value, value)
    assert found.is_known.shape == (2, 3)


def test_protein_level_vector(tmp_path: Path) -> None:
    label = Label("protein", np.array([0.5, 1.5], np.float32), np.array([True, False]))
    found = stored(tmp_path, {0: label, 1: label}).require(1, "p")
    assert found.level == "protein"
    assert found.value.tolist() == [0.5, 1.5]
    assert found.is_known.tolist() == [True, False]


@pytest.mark.parametrize(
    "other",
    [
        Label("residue", np.zeros(3, np.int32), np.ones(3, bool)),
        Label("residue", np.zeros((3, 2), np.int64), np.ones((3, 2), bool)),
        Label("protein", np.array(1), np.array(True)),
    ],
)
def test_a_label_of_another_kind_is_refused(tmp_path: Path, other: Label) -> None:
    with ColumnWriter(tmp_path, {}) as columns:
        writer = LabelWriter([], columns)
        writer.append(0, labelled("x", Label("residue", np.zeros(3, np.int64), np.ones(3, bool))), _NoDigest())
        with pytest.raises(ContractError, match="differs from earlier proteins"):
            writer.check(labelled("x", other))


@pytest.mark.parametrize(
    "label",
    [Label("residue", np.array(["H", "E", "C"]), np.ones(3, bool)), Label("residue", np.zeros(3), np.ones(3))],
)
def test_words_and_soft_masks_are_refused(tmp_path: Path, label: Label) -> None:
    with ColumnWriter(tmp_path, {}) as columns, pytest.raises(ContractError, match="cannot be stored"):
        LabelWriter([], columns).check(labelled("x", label))
