"""mmCIF as it is parsed, before anything is decided."""

import numpy as np
import pytest

from protea.errors import FileFormatError
from protea.protein.readers.flat import build_protein
from protea.protein.readers.mmcif import read_mmcif
from protea.protein.readers.sniff import Content
from protea.protein.readers.table import BLANK, StructureFile

TAGS = (
    "group_PDB id type_symbol label_atom_id label_alt_id label_comp_id label_asym_id label_seq_id pdbx_PDB_ins_code "
    "Cartn_x Cartn_y Cartn_z occupancy B_iso_or_equiv auth_seq_id auth_asym_id pdbx_PDB_model_num"
)
ROWS = (
    "ATOM 1 N N . GLY P 3 ? 1.5 -2.25 3.125 1.00 10.00 57 AA 1",
    "ATOM 2 C CA B GLY P 3 ? 2.5 0.0 0.0 0.25 11.50 57 AA 1",
    "HETATM 3 D D1 . DOD Q . C 4.0 5.0 6.0 1.00 12.00 301 AA 1",
    "ATOM 4 N N . GLY P 3 ? 7.0 8.0 9.0 1.00 10.00 57 AA 4",
)


def parse(*rows: str, tags: str = TAGS, head: str = "data_block\n_entry.id 1ABC\n", encoding: str = "utf-8"):
    lines = [head + "loop_", *(f"_atom_site.{tag}" for tag in tags.split()), *rows]
    return read_mmcif("f.cif", Content(("\n".join(lines) + "\n").encode(encoding), "mmcif"))


def test_columns_are_read_as_written() -> None:
    file = parse(*ROWS)
    atoms = file.atoms
    assert isinstance(file, StructureFile)
    assert (file.name, file.models, file.seqres, file.plddt) == ("1ABC", (1, 4), {}, None)
    assert atoms.position.tolist() == [[1.5, -2.25, 3.125], [2.5, 0, 0], [4, 5, 6], [7, 8, 9]]
    assert atoms.chain.tolist() == [b"AA"] * 4
    assert atoms.residue_number.tolist() == [57, 57, 301, 57]
    assert (atoms.label_number.tolist(), atoms.polymer.tolist()) == ([3, 3, 0, 3], [1, 1, 0, 1])
    assert atoms.altloc.tolist() == [BLANK, ord("B"), BLANK, BLANK]
    assert atoms.insertion_code.tolist() == [BLANK, BLANK, ord("C"), BLANK]
    assert (atoms.is_hetero.tolist(), atoms.atomic_number.tolist()) == ([False, False, True, False], [7, 6, 1, 7])
    assert (atoms.occupancy.tolist(), atoms.b_factor.tolist()) == ([1.0, 0.25, 1.0, 1.0], [10.0, 11.5, 12.0, 10.0])


def test_without_label_numbers_the_file_says_nothing_of_polymers() -> None:
    file = parse(*(row.replace(" P 3 ", " P . ") for row in ROWS[:2]))
    assert (file.atoms.polymer.tolist(), file.atoms.label_number.tolist()) == ([-1, -1], [0, 0])


def test_an_absent_author_number_is_taken_from_the_label_and_noted() -> None:
    file = parse(*ROWS[:2], tags=TAGS.replace("auth_seq_id", "foreign"))
    assert file.atoms.residue_number.tolist() == [3, 3]
    assert file.provenance.notes == ("column auth_seq_id is missing: label_seq_id taken",)


def test_latin_1_is_noted_and_the_name_stands_in_for_an_entry() -> None:
    file = parse(*ROWS, head="data_b\n_exptl.method 'à la main'\n", encoding="latin-1")
    assert (file.name, file.provenance.method) == ("f", "à la main")
    assert file.provenance.notes == ("not UTF-8: read as Latin-1",)


def test_a_damaged_coordinate_is_named_by_row_and_axis() -> None:
    with pytest.raises(FileFormatError, match=r"f\.cif, row 2 of _atom_site.*Cartn_z.*'1\.\.0'"):
        parse(ROWS[0], ROWS[1].replace("0.0 0.0 0.25", "0.0 1..0 0.25"))


def test_a_b_factor_that_is_not_stated_is_no_number() -> None:
    unstated = parse(ROWS[0].replace("10.00", "?"), ROWS[1], ROWS[2].replace("12.00", "."), ROWS[3])
    np.testing.assert_array_equal(unstated.atoms.b_factor, np.array([np.nan, 11.5, np.nan, 10.0], np.float32))
    absent = parse(*ROWS, tags=TAGS.replace("B_iso_or_equiv", "foreign"))
    assert np.isnan(absent.atoms.b_factor).all()
    with pytest.raises(FileFormatError, match="damaged B factor"):
        parse(ROWS[0].replace("10.00", "ten"), ROWS[1])


def test_no_plddt_is_made_up() -> None:
    head = "data_b\nloop_\n_ma_qa_metric.id\n_ma_qa_metric.name\n1 pLDDT\n"
    whole = build_protein(parse(*ROWS[:2], head=head))
    assert whole.b_factor_kind == "plddt"
    assert whole.b_factor is not None
    partial = build_protein(parse(ROWS[0], ROWS[1].replace("11.50", "?"), head=head))
    assert (partial.b_factor, partial.plddt()) == (None, None)
    assert partial.provenance.notes[-1] == "b_factor is left out: 1 atoms state none"
