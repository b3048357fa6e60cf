"""The categories of an mmCIF file, row by row."""

import numpy as np
from gemmi import cif

from protea.protein.writers.mmcif import format_mmcif, write_mmcif
from tests.protein.writers.records import small_protein

ATOM_ROWS = [
    "HETATM 1 C CA . MSE A 1 2 A 1.5 -2.25 3.125 1.00 10.0 5 A 1",
    "HETATM 2 SE SE . MSE A 1 2 A 10.0 20.0 -30.0 1.00 20.5 5 A 1",
    "ATOM 3 N N . GLY A 1 3 ? 0.0 0.5 100.0 1.00 30.25 6 A 1",
    "HETATM 4 Zn ZN . ZN B 2 . ? 7.0 8.0 9.0 1.00 0.00 201 A 1",
]


def block_of(text: str) -> cif.Block:
    return cif.read_string(text).sole_block()


def rows(block: cif.Block, category: str) -> list[list[str]]:
    return [[cif.as_string(text) for text in row] for row in block.find_mmcif_category(f"_{category}.")]


def test_atoms_row_by_row(tmp_path) -> None:
    text = format_mmcif(small_protein())
    assert text.splitlines()[-4:] == ATOM_ROWS
    write_mmcif(small_protein(), tmp_path / "x.cif")
    assert (tmp_path / "x.cif").read_bytes() == text.encode()


def test_facts_entities_and_seqres() -> None:
    block = block_of(format_mmcif(small_protein()))
    tags = ("_entry.id", "_exptl.method", "_refine.ls_d_res_high")
    assert (block.name, *(cif.as_string(block.find_value(tag)) for tag in tags)) == ("my_id", "my id", "X-ray", "1.8")
    assert block.find_value("_entity_src_gen.pdbx_gene_src_scientific_name") is None
    assert rows(block, "entity") == [["1", "polymer"], ["2", "non-polymer"]]
    assert rows(block, "entity_poly") == [["1", "polypeptide(L)", "A"]]
    assert [row[2] for row in rows(block, "entity_poly_seq")] == ["ALA", "MET", "GLY", "ASX"]


def test_chain_labels_count_on_after_z() -> None:
    protein, num_chains = small_protein().select_residues(np.array([False, True])), 28
    many = protein.replace(
        chain_ids=tuple(f"c{i}" for i in range(num_chains)), chain_of=np.array([27], np.int16), seqres=()
    )
    atoms = rows(block_of(format_mmcif(many)), "atom_site")
    assert atoms[0][6:8] == ["AB", "28"]
    assert atoms[0][16] == "c27"


def test_plddt_is_a_local_metric_unless_other_values_are_written() -> None:
    protein = small_protein().replace(b_factor_kind="plddt")
    block = block_of(format_mmcif(protein))
    assert rows(block, "ma_qa_metric") == [["1", "local", "pLDDT", "pLDDT"]]
    assert [row[1:5] for row in rows(block, "ma_qa_metric_local")] == [["1", "A", "MSE", "2"], ["1", "A", "GLY", "3"]]
    block = block_of(format_mmcif(protein, np.array([0.1, -7.0])))
    assert rows(block, "ma_qa_metric") == []
    assert [row[14] for row in rows(block, "atom_site")] == ["0.1", "0.1", "-7.0", "0.00"]


def test_a_blank_chain_stays_blank() -> None:
    block = block_of(format_mmcif(small_protein().replace(chain_ids=("",))))
    assert list(block.find_values("_atom_site.auth_asym_id"))[:3] == ["''"] * 3
