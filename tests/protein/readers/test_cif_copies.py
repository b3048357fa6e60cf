"""Copies of a chain that share their author's name come back as many as the file holds."""

import gemmi
import numpy as np
import pytest

from protea.protein.readers.cif_copies import are_atoms_single, rename_copies
from protea.protein.readers.read import read_structure_bytes
from protea.protein.record import Protein
from protea.protein.writers.mmcif import format_mmcif
from protea.protein.writers.pdb import format_pdb

TAGS = (
    "group_PDB id type_symbol label_atom_id label_alt_id label_comp_id label_asym_id label_seq_id pdbx_PDB_ins_code "
    "Cartn_x Cartn_y Cartn_z occupancy B_iso_or_equiv auth_seq_id auth_asym_id pdbx_PDB_model_num"
)


def text(*chains: tuple[str, str, float]) -> str:
    """Return a file of chains (author, label, x), each N, CA, C of alanine 1 and glycine 2."""
    rows = [
        f"ATOM {row} {atom[0]} {atom} . {name} {label} {number} ? {x + 3.7 * number + step} 0 0 1 9 {number} {author} 1"
        for row, (author, label, x) in enumerate(chains, start=1)
        for number, name in ((1, "ALA"), (2, "GLY"))
        for atom, step in (("N", 0.0), ("CA", 1.4), ("C", 2.4))
    ]
    return "data_x\nloop_\n" + "".join(f"_atom_site.{tag}\n" for tag in TAGS.split()) + "\n".join(rows) + "\n"


def read(*chains: tuple[str, str, float]) -> Protein:
    return read_structure_bytes("x.cif", text(*chains).encode())


def test_copies_of_one_author_chain_are_all_kept() -> None:
    protein = read(("A", "A", 0.0), ("B", "B", 20.0), ("A", "C", 50.0), ("A", "D", 90.0))
    assert (protein.sequence, protein.chain_ids) == ("AGAGAGAG", ("A", "B"))
    assert protein.chain_of.tolist() == [0] * 6 + [1] * 2
    assert protein.atom_position[::6, 0].tolist() == pytest.approx([3.7, 53.7, 93.7, 23.7])
    assert protein.label_number.tolist() == [1, 2] * 4
    assert protein.provenance.notes == ("residue numbers used more than once: 4 residues, all kept",)


def test_residues_that_come_again_further_on_in_one_chain_are_kept() -> None:
    rows = text(("A", "A", 50.0)).rpartition("pdbx_PDB_model_num\n")[2]
    again = rows.replace(" A 1 ?", " A 3 ?").replace(" A 2 ?", " A 4 ?")
    protein = read_structure_bytes("x.cif", (text(("A", "A", 0.0)) + again).encode())
    assert (protein.sequence, protein.chain_ids, protein.label_number.tolist()) == ("AGAG", ("A",), [1, 2, 3, 4])
    assert protein.atom_position[::6, 0].tolist() == pytest.approx([3.7, 53.7])


def test_copies_are_written_so_that_they_come_back() -> None:
    for protein in (
        read(("A", "A", 0.0), ("B", "B", 20.0), ("A", "C", 50.0)),
        read_structure_bytes("x.pdb", format_pdb(read(("A", "A", 0.0), ("A", "C", 50.0))).encode()),
    ):
        again = read_structure_bytes("x.cif", format_mmcif(protein).encode())
        assert (again.sequence, again.chain_ids) == (protein.sequence, protein.chain_ids)
        np.testing.assert_array_equal(again.atom_position, protein.atom_position)
        np.testing.assert_array_equal(again.label_number, protein.label_number)


def test_a_name_that_is_taken_is_not_given() -> None:
    protein = read(("A", "A", 0.0), ("~0", "B", 20.0), ("A", "C", 50.0))
    assert (protein.sequence, protein.chain_ids) == ("AGAGAG", ("A", "~0"))


def test_an_atom_twice_in_one_chain_stays_a_duplicate() -> None:
    whole = text(("A", "A", 0.0)) + text(("A", "A", 0.5)).rpartition("pdbx_PDB_model_num\n")[2]
    protein = read_structure_bytes("x.cif", whole.encode())
    assert (protein.sequence, protein.num_atoms) == ("AG", 6)
    assert protein.provenance.notes == ("duplicate atoms: first kept, 6 dropped",)
    block = gemmi.cif.read_string(whole).sole_block()
    assert rename_copies(block) == {}


def test_atoms_are_single_by_residue_name_and_alternative() -> None:
    name, blank = np.array(["N", "CA", "N", "CA"], dtype="S8"), np.full(4, ord(" "), np.uint8)
    assert are_atoms_single(np.array([2, 2]), name, blank)
    assert not are_atoms_single(np.array([4]), name, blank)
    assert are_atoms_single(np.array([4]), name, np.frombuffer(b"AABB", np.uint8))
