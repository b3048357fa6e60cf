"""A labelled file may name structures in place of sequences."""

from pathlib import Path

import pytest

from protea.applications.properties.fitted.labelled_file import read_labelled
from protea.applications.properties.fitted.structure_column import sequences_of_structures
from protea.applications.properties.labels.catalogue import BUILT_IN
from protea.errors import FileFormatError, InputError

_ATOM = "ATOM  {serial:5d}  CA  {name} {chain}{number:4d}    {x:8.3f}   0.000   0.000  1.00  9.00           C\n"


def write_pdb(path: Path, chains: dict[str, list[str]], seqres: str = "") -> None:
    """Write CA atoms alone, numbered from 5."""
    atoms = [(chain, 5 + row, name) for chain, names in chains.items() for row, name in enumerate(names)]
    text = seqres + "".join(
        _ATOM.format(serial=row + 1, name=name, chain=chain, number=number, x=3.8 * row)
        for row, (chain, number, name) in enumerate(atoms)
    )
    path.write_text(text + "END\n")


def test_the_chain_is_read_for_its_whole_sequence(tmp_path: Path) -> None:
    write_pdb(tmp_path / "one.pdb", {"A": ["GLY", "ALA"]}, "SEQRES   1 A    3  MET GLY ALA\n")
    write_pdb(tmp_path / "two.pdb", {"A": ["GLY"], "B": ["LYS", "TRP"]})
    (tmp_path / "t.csv").write_text("structure,chain,target\none.pdb,,50\ntwo.pdb,B,60\n,,70\ntwo.pdb,A,40\n")
    examples, left_out = read_labelled(tmp_path / "t.csv", BUILT_IN["melting_temperature"])
    assert [(one.sequence, float(one.value)) for one in examples] == [("MGA", 50), ("KW", 60), ("G", 40)]
    assert left_out == {"no sequence": 1}


def test_an_unclear_chain_or_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    write_pdb(tmp_path / "two.pdb", {"A": ["GLY"], "B": ["LYS", "TRP"]})
    for chain in (None, "C"):
        with pytest.raises(FileFormatError, match=r"t\.csv, row 1: which chain.*one of A, B"):
            sequences_of_structures({"structure": ["two.pdb"], "chain": [chain]}, tmp_path / "t.csv")
    with pytest.raises(InputError, match=r"absent\.pdb"):
        sequences_of_structures({"structure": ["absent.pdb"]}, tmp_path / "t.csv")
