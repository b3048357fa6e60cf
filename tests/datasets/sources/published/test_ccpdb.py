"""Binding residues: a column per kind of partner, strings of + and - along the chain."""

from pathlib import Path

import numpy as np
import pytest

from protea.datasets.sources.published.ccpdb import CCPDBConfig
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import fetched, list_files, structure_files


def marks(places: set[int]) -> str:
    return "".join("+" if place in places else "-" for place in range(30))


TABLE = "PDB,chain,interactor,interacting_residues\n" + "\n".join(
    [f"1AAA,A,ZN,{marks({0, 5})}", f"1AAA,A,CA,{marks({7})}", f"1BBB,B,ZN,{marks(set())}"]
)


def test_kinds_of_partner_are_columns(tmp_path: Path) -> None:
    files = list_files("ccpdb_metal", {"PROTEINS_METAL.csv": TABLE}) | structure_files("1aaa 1bbb")
    source, _ = fetched(CCPDBConfig(folder=tmp_path, table="metal"), files)
    proteins = list(source.proteins())
    assert [protein.id for protein in proteins] == ["1aaa_A", "1bbb_B"]
    (table,) = source.labels(proteins)
    first, second = table.of["1aaa_A"], table.of["1bbb_B"]
    assert np.argwhere(first.value).tolist() == [[0, 1], [5, 1], [7, 0]]  # CA, then ZN
    assert first.is_known.all()
    assert source.partners() == {"CA": 1, "ZN": 2}
    assert second.is_known.any(axis=0).tolist() == [False, True]
    assert set(source.split().ids()) == {"1aaa_A", "1bbb_B"}


@pytest.mark.parametrize(
    ("table", "message"),
    [("PDB,chain\n1AAA,A\n", "not a table of ccPDB"), (TABLE.replace("+", "x", 1), "line 2: not a string of")],
)
def test_other_tables_are_refused(tmp_path: Path, table: str, message: str) -> None:
    (tmp_path / "PROTEINS_METAL.csv").write_text(table)
    with pytest.raises(FileFormatError, match=message):
        CCPDBConfig(folder=tmp_path, table="metal").listing()


def test_strings_of_another_length_are_refused(tmp_path: Path) -> None:
    files = list_files("ccpdb_metal", {"PROTEINS_METAL.csv": TABLE.replace("-,", ",").replace("--\n", "\n")})
    source, _ = fetched(CCPDBConfig(folder=tmp_path, table="metal"), files | structure_files("1aaa 1bbb"))
    with pytest.raises(FileFormatError, match="1aaa_A: another number of labels than residues"):
        source.labels(source.proteins())
