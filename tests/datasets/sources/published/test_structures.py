"""Entries: where they lie, and that only keys which can be entries lead there."""

from pathlib import Path

import pytest

from protea.datasets.sources.published.structures import StructureFolder, structure_file
from protea.errors import FileFormatError, InputError
from tests.datasets.sources.published.made_site import entry, structure_files


def test_places_and_addresses() -> None:
    assert structure_file("pdb", "1abc").name == "structures/pdb/ab/1abc.bcif.gz"
    assert structure_file("pdb", "pdb_00001abc").name == "structures/pdb/ab/pdb_00001abc.bcif.gz"
    assert structure_file("alphafold", "P12345").url.endswith("/files/AF-P12345-F1-model_v6.bcif")


@pytest.mark.parametrize("key", ["", "../1abc", "1ABC", "abcd", "1abc/x"])
def test_other_keys_are_refused(key: str) -> None:
    with pytest.raises(InputError, match="not an entry of pdb"):
        structure_file("pdb", key)


def test_an_entry_is_read_once_and_its_chains_chosen(tmp_path: Path) -> None:
    folder = StructureFolder(tmp_path, "pdb")
    path = folder.path("1aaa")
    path.parent.mkdir(parents=True)
    path.write_bytes(structure_files("1aaa")["models.rcsb.org/1aaa.bcif.gz"])
    whole = folder.read("1aaa")
    path.unlink()
    assert folder.read("1aaa") is whole
    assert folder.chains("1aaa", ("B",)).sequence == entry("1aaa").sequence[30:]
    assert folder.chains("1aaa", None) is whole
    with pytest.raises(FileFormatError, match=r"1aaa: no protein chain \['C'\]; expected one of \['A', 'B'\]"):
        folder.chains("1aaa", ("A", "C"))
    with pytest.raises(InputError, match="was not fetched"):
        folder.read("2bbb")
