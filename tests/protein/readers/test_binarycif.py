"""BinaryCIF: what is damaged is refused, and an error of our own is not taken for damage."""

import io

import numpy as np
import pytest
from biotite.structure.io.pdbx import BinaryCIFBlock, BinaryCIFCategory, BinaryCIFColumn, BinaryCIFData, BinaryCIFFile

from protea.errors import FileFormatError
from protea.protein.readers import binarycif
from protea.protein.readers.read import read_structure_bytes

NUM_ATOMS = 3


def packed(**changes: object) -> bytes:
    """Return a BinaryCIF file of one glycine (N, CA, C at x = 0, 1, 2), with columns changed or left out (None)."""
    columns = {
        "group_PDB": np.full(NUM_ATOMS, "ATOM"),
        "type_symbol": np.array(["N", "C", "C"]),
        "label_atom_id": np.array(["N", "CA", "C"]),
        "label_comp_id": np.full(NUM_ATOMS, "GLY"),
        "auth_asym_id": np.full(NUM_ATOMS, "A"),
        "auth_seq_id": np.full(NUM_ATOMS, 7),
        "label_seq_id": np.full(NUM_ATOMS, 1),
        "Cartn_x": np.arange(NUM_ATOMS, dtype=np.float32),
        "Cartn_y": np.zeros(NUM_ATOMS, np.float32),
        "Cartn_z": np.zeros(NUM_ATOMS, np.float32),
    }
    columns = {name: column for name, column in (columns | changes).items() if column is not None}
    site = BinaryCIFCategory(columns)
    data = io.BytesIO()
    BinaryCIFFile({"1ABC": BinaryCIFBlock({"atom_site": site})}).write(data)
    return data.getvalue()


def test_a_glycine_is_read() -> None:
    protein = read_structure_bytes("x.bcif", packed())
    assert (protein.sequence, protein.num_atoms, protein.author_number.tolist()) == ("G", 3, [7])
    assert protein.atom_position[:, 0].tolist() == [0.0, 1.0, 2.0]


def test_a_b_factor_that_is_not_stated_is_no_number() -> None:
    assert read_structure_bytes("x.bcif", packed()).b_factor is None
    stated = read_structure_bytes("x.bcif", packed(B_iso_or_equiv=np.array([1.0, 2.0, 3.0])))
    assert stated.b_factor.tolist() == [1.0, 2.0, 3.0]
    masked = BinaryCIFColumn(BinaryCIFData(np.array([1.0, 2.0, 3.0])), BinaryCIFData(np.array([0, 1, 0], np.uint8)))
    partial = read_structure_bytes("x.bcif", packed(B_iso_or_equiv=masked))
    assert partial.b_factor is None
    assert partial.provenance.notes[-1] == "b_factor is left out: 1 atoms state none"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Cartn_x": None}, "no atoms"),
        ({"Cartn_y": np.array([0.0, np.nan, 0.0])}, "row 2 of atom_site"),
        ({"label_atom_id": None}, "column label_atom_id is missing"),
        ({"label_comp_id": np.full(NUM_ATOMS, "NINELETTR")}, "a name is too long"),
        ({"auth_seq_id": np.full(NUM_ATOMS, 2.0**40)}, "out of range"),
        ({"B_iso_or_equiv": np.array([1.0, np.inf, 1.0])}, "B_iso_or_equiv holds no number"),
        ({"auth_seq_id": np.full(NUM_ATOMS, "x")}, "not a readable BinaryCIF"),
    ],
)
def test_damage_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        read_structure_bytes("x.bcif", packed(**changes))


def test_cut_files_are_refused() -> None:
    data = packed()
    for end in range(12, len(data), 97):
        with pytest.raises(FileFormatError):
            read_structure_bytes("x.bcif", data[:end])


@pytest.mark.parametrize("error", [TypeError, AttributeError, KeyError])
def test_an_error_of_our_own_is_not_taken_for_damage(monkeypatch, error: type[Exception]) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error("ours")

    monkeypatch.setattr(binarycif, "AtomTable", broken)
    with pytest.raises(error, match="ours"):
        read_structure_bytes("x.bcif", packed())
