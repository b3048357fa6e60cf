"""The index files of the PDB: what each line says, and what is no such line."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from protea.datasets.sources.pdb_index import IndexedEntry, read_entries, read_ligands, read_protein_chains
from protea.errors import FileFormatError, InputError

HEAD = "IDCODE, HEADER, ACCESSION DATE, COMPOUND, SOURCE, AUTHOR LIST, RESOLUTION, EXPERIMENT TYPE (IF NOT X-RAY)\n"


def entries(path: Path, *lines: str) -> dict[str, IndexedEntry]:
    (path / "entries.idx").write_text(HEAD + "------- ------\n" + "".join(line + "\n" for line in lines))
    return read_entries(path / "entries.idx")


def line(key: str, day: str, resolution: str, method: str) -> str:
    return f"{key}\tHYDROLASE\t{day}\tA NAME\tE. COLI\tSOMEBODY\t{resolution}\t{method}"


def test_what_a_line_says(tmp_path: Path) -> None:
    found = entries(
        tmp_path,
        line("1ABC", "12/31/97", "1.85", "X-RAY DIFFRACTION"),
        line("2XYZ", "01/02/24", "NOT", "SOLUTION NMR"),
        line("3DEF", "06/05/03", "1.6, 2.1", "X-RAY DIFFRACTION, NEUTRON DIFFRACTION"),
        line("4OLD", "06/05/70", "", ""),
    )
    assert found["1abc"] == IndexedEntry("1abc", ("X-RAY DIFFRACTION",), 1.85, date(1997, 12, 31))
    assert (found["2xyz"].resolution, found["2xyz"].deposited) == (None, date(2024, 1, 2))
    assert found["3def"].methods == ("X-RAY DIFFRACTION", "NEUTRON DIFFRACTION")
    assert found["3def"].resolution == 1.6
    assert found["4old"].methods == ("X-RAY DIFFRACTION",)  # the column is empty for X-ray in old files


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1ABC\tx\t12/31/97", "line 3: not a line of entries.idx"),
        (line("1ABC", "31/12/97", "1", ""), "line 3: not a date"),
    ],
)
def test_other_lines_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        entries(tmp_path, text)


def test_protein_chains_only(tmp_path: Path) -> None:
    path = tmp_path / "pdb_seqres.txt.gz"
    text = ">1abc_A mol:protein length:3  NAME: X\nMKV\n>1abc_B mol:na length:2  DNA\nAC\n"
    text += ">1ABC_AA mol:protein length:2\nMK\n"
    path.write_bytes(gzip.compress(text.encode()))
    assert list(read_protein_chains(path)) == [("1abc", "A", 3), ("1abc", "AA", 2)]
    path.write_bytes(gzip.compress(b">1abc_A length:3\nMKV\n"))
    with pytest.raises(FileFormatError, match="line 1: not a head of pdb_seqres"):
        list(read_protein_chains(path))
    path.write_bytes(gzip.compress(text.encode())[:-9])
    with pytest.raises(FileFormatError, match="cannot be read"):
        list(read_protein_chains(path))


def test_entries_of_a_ligand(tmp_path: Path) -> None:
    (tmp_path / "cc").write_text("HEM\t1ABC 2xyz \nZN\t1abc\n")
    assert read_ligands(tmp_path / "cc") == {"HEM": frozenset({"1abc", "2xyz"}), "ZN": frozenset({"1abc"})}
    with pytest.raises(InputError, match="was not fetched"):
        read_ligands(tmp_path / "none")
