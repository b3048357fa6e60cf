import numpy as np
import pytest

from protea.errors import ContractError, InputError
from protea.protein.chemistry import ATOM_CODE
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Label, protein_from_sequence
from tests.protein.samples import SEQUENCE, atom_line, helix_pdb


@pytest.fixture(scope="module")
def helix():
    return read_structure_bytes("helix.pdb", helix_pdb())


@pytest.fixture(scope="module")
def two_chains():
    lines = []
    for i, (chain, residue) in enumerate((("A", "GLY"), ("A", "SER"), ("B", "TRP"))):
        lines.append(atom_line(i + 1, "CA", residue, i + 1, (3.8 * i, 0.0, 0.0), chain=chain))
    lines.append(atom_line(9, "ZN", "ZN", 90, (0.0, 5.0, 0.0), chain="A", record="HETATM", element="ZN"))
    lines.append(atom_line(10, "MG", "MG", 91, (0.0, 6.0, 0.0), chain="B", record="HETATM", element="MG"))
    return read_structure_bytes("two.pdb", "\n".join(lines).encode())


def test_arrays_cannot_be_written(helix) -> None:
    with pytest.raises(ValueError, match="read-only"):
        helix.atom_position[0, 0] = 1.0
    with pytest.raises(TypeError):
        helix.labels["x"] = None


def test_dense_views_hold_the_atoms_and_nothing_else(helix) -> None:
    grid, backbone = helix.atom37(), helix.backbone()
    assert grid.is_resolved.sum() == helix.num_atoms == 4 * len(SEQUENCE)
    for column, name in enumerate(("N", "CA", "C", "O")):
        np.testing.assert_array_equal(backbone.position[:, column], grid.position[:, ATOM_CODE[name]])
        np.testing.assert_array_equal(backbone.position[:, column], helix.atom_position[column::4])
    position, is_resolved = helix.ca()
    assert is_resolved.all()
    # The helix was made with radius 2.3 angstrom and a rise of 1.5 per residue.
    np.testing.assert_allclose(np.hypot(position[:, 0], position[:, 1]), 2.3, atol=1e-3)
    np.testing.assert_allclose(np.diff(position[:, 2]), 1.5, atol=1.5e-3)


def test_select_residues_takes_atoms_labels_and_chains_along(two_chains) -> None:
    labelled = two_chains.replace(labels={"site": Label("residue", np.array([1, 2, 3]), np.array([True, False, True]))})
    chosen = labelled.select_residues(np.array([False, True, True]))
    assert chosen.sequence == "SW"
    assert chosen.chain_ids == ("A", "B")
    assert chosen.chain_of.tolist() == [0, 1]
    assert chosen.atom_position[:, 0].tolist() == pytest.approx([3.8, 7.6])
    assert chosen.labels["site"].value.tolist() == [2, 3]
    assert chosen.labels["site"].is_known.tolist() == [False, True]


def test_select_chains_takes_their_ligands_only(two_chains) -> None:
    chosen = two_chains.select_chains(("B",))
    assert (chosen.sequence, chosen.chain_ids, chosen.chain_of.tolist()) == ("W", ("B",), [0])
    assert chosen.ligands.ccd_name.tolist() == ["MG"]
    assert chosen.ligands.atom_position.tolist() == [[0.0, 6.0, 0.0]]
    with pytest.raises(ContractError, match="no chain"):
        two_chains.select_chains(("C",))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sequence": "MKTAYIAGS"}, "another length"),
        ({"chain_of": np.ones(10, np.int16)}, "chain_of points outside"),
        ({"atom_position": np.full((40, 3), np.nan, np.float32)}, "not finite"),
        ({"atom_ptr": np.arange(11) * 3}, "not a pointer"),
        ({"seqres": ("A", "B")}, "one SEQRES per chain"),
        ({"labels": {"x": Label("residue", np.zeros(3), np.ones(3, bool))}}, "another length"),
    ],
)
def test_a_broken_promise_is_refused(helix, change, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        helix.replace(**change)


def test_a_sequence_is_a_protein_without_atoms() -> None:
    protein = protein_from_sequence("p", "ACDX")
    assert (len(protein), protein.num_atoms, protein.residue_type().tolist()) == (4, 0, [0, 1, 2, 20])
    assert not protein.atom37().is_resolved.any()
    assert protein.plddt() is None
    with pytest.raises(InputError, match="position 2"):
        protein_from_sequence("p", "A?")


def test_plddt_is_the_mean_over_the_atoms_of_a_residue(helix) -> None:
    value = np.tile(np.array([10.0, 20.0, 30.0, 60.0], np.float32), len(helix))
    known = helix.replace(b_factor=value, b_factor_kind="plddt").plddt()
    assert known is not None
    np.testing.assert_allclose(known[0], 30.0)
    assert known[1].all()
    assert helix.plddt() is None
