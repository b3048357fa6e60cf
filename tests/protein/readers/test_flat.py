"""What the atoms of a table become: residues, ligands, counts and notes."""

import pytest

from protea.errors import FileFormatError
from protea.protein.chemistry import ATOM37, ATOM_CODE
from protea.protein.readers.flat import build_protein
from tests.protein.readers.tables import Row, structure_file


def test_residues_come_chain_by_chain_with_their_atoms() -> None:
    rows = [Row("N", "ALA", 1, 1.0), Row("CA", "SER", 1, 2.0, chain="B"), Row("CA", "TRP", 2, 3.0, code="C")]
    protein = build_protein(structure_file(*rows, seqres={"A": ("ALA", "MSE", "TRP")}))
    assert (protein.id, protein.sequence, protein.chain_ids) == ("x", "AWS", ("A", "B"))
    assert (protein.chain_of.tolist(), protein.atom_ptr.tolist()) == ([0, 0, 1], [0, 1, 2, 3])
    assert protein.atom_position[:, 0].tolist() == [1.0, 3.0, 2.0]
    assert (protein.insertion_code.tolist(), protein.seqres) == (["", "C", ""], ("AMW", None))


def test_hydrogens_waters_and_ligands_are_told_apart() -> None:
    water = [Row("O", "HOH", 3, element="O", is_hetero=True), Row("H1", "HOH", 3, element="H", is_hetero=True)]
    mercury = Row("HG", "HG", 4, element="HG", is_hetero=True)
    solvent = Row("C1", "SOL", 5, is_hetero=True)
    protein = build_protein(structure_file(Row("CA"), Row("HA", element="H"), *water, mercury, solvent))
    assert (protein.provenance.num_hydrogens, protein.provenance.num_waters) == (1, 1)
    assert (protein.sequence, protein.atom_code.tolist()) == ("G", [ATOM_CODE["CA"]])
    assert protein.ligands.ccd_name.tolist() == ["HG", "SOL"]
    assert (protein.ligands.element.tolist(), protein.ligands.atom_ptr.tolist()) == (["Hg", "C"], [0, 1, 2])


def test_label_numbers_are_kept_if_all_are_stated_and_else_counted_per_chain() -> None:
    rows = [Row("CA", number=7, label=4), Row("CA", number=8, label=6), Row("CA", number=9, label=2, chain="B")]
    assert build_protein(structure_file(*rows)).label_number.tolist() == [4, 6, 2]
    counted = build_protein(structure_file(*rows, Row("CA", number=11, chain="B")))
    assert counted.label_number.tolist() == [1, 2, 1, 2]
    assert counted.provenance.notes == ("first note", "label_number is the order in the chain")


def test_names_beyond_the_37_are_coded_up_to_the_limit() -> None:
    rows = [Row("SE", "MSE"), Row("P", "MSE"), Row("O1P", "MSE"), Row("P", "MSE", 2)]
    protein = build_protein(structure_file(*rows))
    assert [protein.extra_atom_names[code - 37] for code in protein.atom_code[1:]] == ["P", "O1P", "P"]
    assert protein.atom_code[0] == ATOM_CODE["SD"]
    many = [Row(f"X{i}") for i in range(256 - len(ATOM37) + 1)]
    assert build_protein(structure_file(*many[1:])).atom_code.max() == 255
    with pytest.raises(FileFormatError, match=r"x\.pdb: too many atom names"):
        build_protein(structure_file(*many))


def test_models_are_counted_in_file_order() -> None:
    file = structure_file(Row("CA", model=5, x=1.0), Row("CA", model=3, x=2.0))
    protein = build_protein(file, model=2)
    assert (protein.atom_position[:, 0].tolist(), protein.provenance.model, protein.provenance.num_models) == (
        [2.0],
        2,
        2,
    )
    for model in (0, 3):
        with pytest.raises(FileFormatError, match="no such model"):
            build_protein(file, model=model)


def test_plddt_from_0_to_1_is_scaled_and_b_factors_are_not() -> None:
    row = Row("CA", b_factor=0.5)
    assert build_protein(structure_file(row)).b_factor.tolist() == [0.5]
    scaled = build_protein(structure_file(row, plddt="why"))
    assert (scaled.b_factor.tolist(), scaled.b_factor_kind) == ([50.0], "plddt")
    assert scaled.provenance.notes[-2:] == (
        "b_factor is pLDDT: why",
        "pLDDT was written from 0 to 1: multiplied by 100",
    )


def test_what_looks_wrong_is_noted() -> None:
    rows = [Row("CA", "ALA", x=0.0, label=1), Row("CA", "SER", x=0.0, label=2)]
    assert build_protein(structure_file(*rows)).provenance.notes[1:] == (
        "residue numbers used more than once: 1 residues, all kept",
        "2 atoms stand at 0, 0, 0: they may be missing ones",
    )
