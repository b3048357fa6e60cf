"""The lines of a PDB file, column by column."""

import numpy as np
import pytest

from protea.errors import InputError
from protea.protein.writers.pdb import format_pdb, write_pdb
from tests.protein.writers.records import small_protein

LINES = """\
HEADER                                            30-APR-81   1ABC
EXPDTA    X-RAY
REMARK   2 RESOLUTION.    1.80 ANGSTROMS.
SEQRES   1 A    4  ALA MET GLY ASX
HETATM    1  CA  MSE A   5A      1.500  -2.250   3.125  1.00 10.00           C
HETATM    2 SE   MSE A   5A     10.000  20.000 -30.000  1.00 20.50          SE
ATOM      3  N   GLY A   6       0.000   0.500 100.000  1.00 30.25           N
TER       4      GLY A   6
HETATM    5 ZN    ZN A 201       7.000   8.000   9.000  1.00  0.00          ZN
END
"""


def test_every_column(tmp_path) -> None:
    text = format_pdb(small_protein())
    assert [line.rstrip() for line in text.splitlines()] == LINES.splitlines()
    assert {len(line) for line in text.splitlines()} == {80}
    write_pdb(small_protein(), tmp_path / "x.pdb")
    assert (tmp_path / "x.pdb").read_bytes() == text.encode("ascii")


def test_a_remark_says_what_the_b_factor_column_holds() -> None:
    plddt = small_protein().replace(b_factor_kind="plddt")
    assert "REMARK   3 B FACTOR COLUMN: PLDDT" in format_pdb(plddt)
    text = format_pdb(plddt, np.array([1.0, 2.0]))
    assert "PLDDT" not in text
    assert "REMARK   3 B FACTOR COLUMN: VALUE PER RESIDUE" in text
    assert [line[60:66] for line in text.splitlines() if " MSE " in line] == ["  1.00", "  1.00"]


def test_seqres_breaks_after_13_names_and_each_chain_ends_with_ter() -> None:
    protein = small_protein().replace(
        chain_ids=("A", "B"),
        chain_of=np.array([0, 1], np.int16),
        seqres=("A" * 14, None),
        residue_name=np.array(["", "GLY"]),
    )
    lines = [line.rstrip() for line in format_pdb(protein).splitlines()]
    seqres = [line for line in lines if line.startswith("SEQRES")]
    assert seqres == [f"SEQRES   1 A   14  {' '.join(13 * ['ALA'])}", "SEQRES   2 A   14  ALA"]
    assert [line for line in lines if line.startswith("TER")] == [
        "TER       3      UNK A   5A",
        "TER       5      GLY B   6",
    ]


@pytest.mark.parametrize(("widest", "too_wide"), [(-999.999, -1000.0), (9999.999, 10000.0)])
def test_the_widest_coordinate_fits_and_the_next_is_refused(widest: float, too_wide: float) -> None:
    protein = small_protein()
    position = protein.atom_position.copy()
    position[1, 0] = widest
    assert f"{widest:.3f}" in format_pdb(protein.replace(atom_position=position))
    position[1, 0] = too_wide
    with pytest.raises(InputError, match="my id, atom 2: a number is too wide"):
        format_pdb(protein.replace(atom_position=position))
