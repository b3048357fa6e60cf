"""What the PDB reader and the shared decisions of `flat.py` make of small files written here."""

import gzip

import numpy as np
import pytest
import zstandard

from protea.errors import FileFormatError
from protea.protein.chemistry import ATOM_CODE
from protea.protein.readers.read import read_protein, read_proteins, read_structure_bytes
from tests.protein.samples import SEQUENCE, atom_line, helix_pdb


def read(*lines: str):
    return read_structure_bytes("test.pdb", "\n".join(lines).encode())


def residue(serial: int, name: str, number: int, x: float, **options) -> list[str]:
    """Return N, CA and C of a residue, placed so that neighbours at x + 2.6 have a peptide bond of 1.2 angstrom."""
    places = (("N", 0.0), ("CA", 0.7), ("C", 1.4))
    return [
        atom_line(serial + i, atom, name, number, (x + dx, 0.0, 0.0), **options) for i, (atom, dx) in enumerate(places)
    ]


def test_a_helix_is_read() -> None:
    protein = read_structure_bytes("helix.pdb", helix_pdb())
    assert (protein.id, protein.sequence, protein.chain_ids) == ("1ABC", SEQUENCE, ("A",))
    assert protein.provenance.date == "2020-01-01"
    assert protein.ligands.ccd_name.tolist() == ["ZN"]
    assert protein.ligands.element.tolist() == ["Zn"]
    assert protein.provenance.num_waters == 1
    assert protein.atom_position[1].tolist() == pytest.approx([2.085, 0.972, 0.375])
    assert protein.b_factor_kind == "b_factor"


def test_hydrogens_are_counted_and_names_outweigh_elements() -> None:
    protein = read(
        atom_line(1, "N", "ALA", 1, (0, 0, 0), element="H"),
        atom_line(2, "CA", "ALA", 1, (1, 0, 0)),
        atom_line(3, "HA", "ALA", 1, (2, 0, 0)),
        atom_line(4, "D", "ALA", 1, (3, 0, 0), element="D"),
        atom_line(5, "HG", "SER", 2, (4, 0, 0), element="HG"),
        atom_line(6, "OG", "SER", 2, (5, 0, 0)),
    )
    assert protein.atom_code.tolist() == [ATOM_CODE["N"], ATOM_CODE["CA"], ATOM_CODE["OG"]]
    assert protein.provenance.num_hydrogens == 3


def test_selenomethionine_is_a_methionine() -> None:
    lines = residue(1, "GLY", 1, 0.0)
    lines += residue(4, "MSE", 2, 2.6, record="HETATM")
    lines.append(atom_line(7, "SE", "MSE", 2, (4, 4, 4), record="HETATM", element="SE"))
    lines += [*residue(8, "GLY", 3, 5.2), "TER"]
    protein = read(*lines)
    assert protein.sequence == "GMG"
    assert protein.residue_name.tolist() == ["GLY", "MSE", "GLY"]
    assert ATOM_CODE["SD"] in protein.atom_code
    assert protein.extra_atom_names == ()


def test_a_free_amino_acid_after_ter_is_a_ligand_and_a_bonded_one_is_not() -> None:
    chain = [*residue(1, "GLY", 1, 0.0), *residue(4, "ALA", 2, 2.6), "TER"]
    free = read(*chain, *residue(8, "GLU", 90, 50.0, record="HETATM"))
    assert (free.sequence, free.ligands.ccd_name.tolist()) == ("GA", ["GLU"])
    bonded = read(*chain, *residue(8, "GLU", 90, 5.2, record="HETATM"))
    assert (bonded.sequence, len(bonded.ligands)) == ("GAE", 0)


def test_a_free_amino_acid_within_rna_is_a_ligand() -> None:
    rna = [atom_line(i, "P", "  G", i, (9.0 * i, 9, 9)) for i in (1, 2)]
    protein = read(*rna, "TER", *residue(4, "GLN", 101, 0.0, record="HETATM"))
    assert (protein.sequence, protein.ligands.ccd_name.tolist()) == ("", ["G", "G", "GLN"])
    alone = read(*residue(4, "GLN", 101, 0.0, record="HETATM"))
    assert (alone.sequence, len(alone.ligands)) == ("Q", 0)


@pytest.mark.parametrize(("name", "letter"), [("PCA", "Q"), ("TRN", "W"), ("CSE", "C"), ("NRQ", "M"), ("QQ1", "X")])
def test_the_letter_is_that_of_the_parent_in_the_dictionary(name: str, letter: str) -> None:
    # TRN and CSE are not among the frequent components; NRQ has three parents; QQ1 is no component.
    lines = [*residue(1, "GLY", 1, 0.0), *residue(4, name, 2, 2.6, record="HETATM"), *residue(7, "GLY", 3, 5.2)]
    assert read(*lines).sequence == f"G{letter}G"


def test_unknown_residues_need_a_peptide_bond_and_become_x() -> None:
    chain = residue(1, "GLY", 1, 0.0)
    assert read(*chain, *residue(4, "QQ1", 2, 2.6, record="HETATM")).sequence == "GX"
    assert read(*chain, *residue(4, "QQ1", 2, 9.0, record="HETATM")).sequence == "G"


def test_nucleotides_and_caps_are_ligands() -> None:
    lines = [atom_line(1, "C", "ACE", 0, (-1.2, 0, 0), record="HETATM"), *residue(2, "GLY", 1, 0.0), "TER"]
    lines.append(atom_line(6, "P", " DA", 1, (9, 9, 9), chain="B"))
    protein = read(*lines)
    assert protein.sequence == "G"
    assert protein.ligands.ccd_name.tolist() == ["ACE", "DA"]
    assert protein.ligands.is_nucleotide.tolist() == [False, True]


@pytest.mark.parametrize(("first", "second", "kept"), [(0.4, 0.6, 2.0), (0.6, 0.4, 1.0), (0.5, 0.5, 1.0)])
def test_the_higher_occupancy_wins_and_the_first_letter_breaks_ties(first: float, second: float, kept: float) -> None:
    protein = read(
        atom_line(1, "N", "SER", 1, (0, 0, 0)),
        atom_line(2, "CA", "SER", 1, (1, 0, 0), altloc="A", occupancy=first),
        atom_line(3, "CA", "SER", 1, (2, 0, 0), altloc="B", occupancy=second),
        atom_line(4, "OG", "SER", 1, (7, 0, 0), altloc="A", occupancy=first),
        atom_line(5, "OG", "SER", 1, (8, 0, 0), altloc="B", occupancy=second),
        atom_line(6, "CB", "SER", 1, (9, 0, 0), altloc="B", occupancy=second),
    )
    grid = protein.atom37()
    assert grid.position[0, ATOM_CODE["CA"], 0] == kept
    assert grid.position[0, ATOM_CODE["OG"], 0] == kept + 6
    # The winner may lack an atom: it is taken from the other letter.
    assert grid.is_resolved[0, ATOM_CODE["CB"]]
    assert protein.num_atoms == 4
    assert any("kept in 1 groups" in note for note in protein.provenance.notes)


@pytest.mark.parametrize(("serine", "letter"), [(0.7, "S"), (0.3, "P")])
def test_one_name_is_kept_where_two_share_a_place(serine: float, letter: str) -> None:
    lines = [atom_line(1, "N", "PRO", 1, (0, 0, 0))]
    lines.append(atom_line(2, "CA", "PRO", 1, (1, 0, 0), altloc="A", occupancy=1 - serine))
    lines.append(atom_line(3, "CA", "SER", 1, (2, 0, 0), altloc="B", occupancy=serine))
    protein = read(*lines)
    assert protein.sequence == letter
    # The shared nitrogen, written under the first name only, stays.
    assert protein.atom_code.tolist() == [ATOM_CODE["N"], ATOM_CODE["CA"]]
    assert any("microheterogeneity" in note for note in protein.provenance.notes)


def test_numbers_insertion_codes_and_a_chain_that_comes_back() -> None:
    lines = [*residue(1, "GLY", -2, 0.0), *residue(4, "ALA", 8, 9.0, code="A"), "TER"]
    lines += [*residue(8, "SER", 1, 0.0, chain="B"), "TER", *residue(12, "TRP", 9, 30.0)]
    protein = read(*lines)
    assert (protein.sequence, protein.chain_ids) == ("GAWS", ("A", "B"))
    assert protein.author_number.tolist() == [-2, 8, 9, 1]
    assert protein.insertion_code.tolist() == ["", "A", "", ""]
    assert protein.label_number.tolist() == [1, 2, 3, 1]


def test_models_are_counted_and_chosen() -> None:
    lines = []
    for model in (3, 7):
        lines += [f"MODEL     {model:>4}", atom_line(1, "CA", "GLY", 1, (float(model), 0, 0)), "ENDMDL"]
    data = "\n".join(lines).encode()
    assert read_structure_bytes("m.pdb", data, model=2).atom_position[0, 0] == 7
    assert read_structure_bytes("m.pdb", data).provenance.num_models == 2
    with pytest.raises(FileFormatError, match="from 1 to 2"):
        read_structure_bytes("m.pdb", data, model=3)


@pytest.mark.parametrize(
    ("title", "b_factor", "expected"),
    [
        ("TITLE     ALPHAFOLD MONOMER V2.0 PREDICTION FOR X", 90.0, ("plddt", 90.0)),
        ("TITLE     ESMFOLD V1 PREDICTION", 0.9, ("plddt", 90.0)),
        ("PARENT N/A", 55.5, ("plddt", 55.5)),
        ("EXPDTA    X-RAY DIFFRACTION\nREMARK 200 STARTING MODEL: ALPHAFOLD", 20.0, ("b_factor", 20.0)),
        ("TITLE     CRYSTAL STRUCTURE", 0.9, ("b_factor", 0.9)),
    ],
)
def test_plddt_is_recognised_by_what_the_file_says(title: str, b_factor: float, expected: tuple[str, float]) -> None:
    protein = read(title, atom_line(1, "CA", "GLY", 1, (1, 2, 3), b_factor=b_factor))
    assert protein.b_factor_kind == expected[0]
    assert protein.b_factor[0] == pytest.approx(expected[1])


GOOD = atom_line(1, "CA", "GLY", 1, (1.0, 2.0, 3.0))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (GOOD[:30] + "     nan" + GOOD[38:], "line 2.*coordinates"),
        (GOOD[:30] + "********" + GOOD[38:], "line 2.*coordinates"),
        (GOOD[:30] + "  1. 000" + GOOD[38:], "line 2.*coordinates"),
        (GOOD[:30] + "   --1.0" + GOOD[38:], "line 2.*coordinates"),
        (GOOD[:52], "line 2.*coordinates"),
        (GOOD[:58], "line 2.*occupancy"),
        (GOOD[:60] + "******" + GOOD[66:], "line 2.*B factor"),
        (GOOD[:22] + " 1x " + GOOD[26:], "line 2.*residue number"),
        (GOOD[:22] + "10000" + GOOD[27:], "line 2.*insertion code"),
        ("atom" + GOOD[4:], "line 2.*lower case"),
        (GOOD[:13] + "é" + GOOD[14:], "line 2.*not ASCII"),
        ("MODEL        1\n" + GOOD, "line 2.*MODEL without ENDMDL"),
        ("END\n" + GOOD, "line 2.*END"),
        (GOOD[:78] + "30", "charge"),
    ],
)
def test_damage_is_refused_with_its_line(line: str, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        read_structure_bytes("test.pdb", f"{GOOD[:22]}   5{GOOD[26:]}\n{line}\n".encode("latin-1"))


def test_numbers_written_otherwise_are_read() -> None:
    line = GOOD[:30] + "      1." + " -2     " + "    +3.5" + GOOD[54:]
    assert read(line).atom_position.tolist() == [[1.0, -2.0, 3.5]]


def test_old_codes_are_cut_off_only_where_every_line_has_them() -> None:
    old = [GOOD[:72] + f"1ABC{i:>4}" for i in (1, 2)]
    old[1] = old[1][:22] + "   2" + old[1][26:]
    protein = read(*old)
    assert len(protein) == 2
    assert any("72" in note for note in protein.provenance.notes)
    assert not any("72" in note for note in read(GOOD).provenance.notes)


def test_packed_files_and_names(tmp_path) -> None:
    for name, data in (
        ("a.b.pdb.gz", gzip.compress(helix_pdb(), mtime=0)),
        ("a.b.pdb.zst", zstandard.compress(helix_pdb())),
    ):
        (tmp_path / name).write_bytes(data)
        assert read_protein(tmp_path / name).sequence == SEQUENCE
    no_code = helix_pdb().replace(b"1ABC", b"    ")
    (tmp_path / "a.b.pdb.gz").write_bytes(gzip.compress(no_code, mtime=0))
    assert next(read_proteins(tmp_path / "a.b.pdb.gz")).id == "a.b"
    with pytest.raises(FileFormatError, match="cannot be opened"):
        read_protein(tmp_path / "absent.pdb")


def test_positions_are_single_precision() -> None:
    assert read(GOOD).atom_position.dtype == np.float32


def test_a_blank_b_factor_is_no_plddt_of_0() -> None:
    lines = residue(1, "ALA", 1, 0.0)
    title = "TITLE     ALPHAFOLD MODEL"
    blank = [line[:60] + " " * 6 + line[66:] for line in lines]
    assert read(title, *lines).b_factor_kind == "plddt"
    protein = read(title, lines[0], *blank[1:])
    assert (protein.b_factor, protein.plddt()) == (None, None)
    assert protein.provenance.notes[-1] == "b_factor is left out: 2 atoms state none"
    zero = [line[:60] + "  0.00" + line[66:] for line in lines]
    assert read(title, *zero).plddt() is not None
